"""Endpoint: whose model looks at pictures, by the key and the settings (Model Studio, 2026)."""

from dataclasses import dataclass
from enum import StrEnum

from qwen_mcp_tools.errors import MissingKeyError, RefusedError
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.text import one_line

PLAN_PREFIX = "sk-sp-"
"""Of the keys of the Coding Plan and of the Token Plan: the prefix does not tell them apart."""

SEEING = ("qwen3.5-plus", "qwen3.6-plus", "qwen3.7-plus", "kimi-k2.5")
BLIND = frozenset({"glm-5", "glm-4.7", "minimax-m2.5"})
BLIND_FAMILIES = ("qwen3-max", "qwen3-coder")
"""`qwen3-max-2026-01-23` too, which older reports call a model that sees."""


class Product(StrEnum):
    """What the user pays; the values are how failures name it."""

    CODING_PLAN = "The Coding Plan"
    TOKEN_PLAN = "The Token Plan"  # noqa: S105 - no secret
    PAY_AS_YOU_GO = "Model Studio"


_HOSTS = {
    Product.CODING_PLAN: "https://coding.dashscope.aliyuncs.com",
    Product.TOKEN_PLAN: "https://token-plan.cn-beijing.maas.aliyuncs.com",
    Product.PAY_AS_YOU_GO: "https://dashscope.aliyuncs.com",
}
_OPENAI_PATHS = ("/compatible-mode/v1", "/v1")
_ANTHROPIC_PATH = "/apps/anthropic"
_ENDS = ("/chat/completions", "/v1/messages")
"""What people paste along with a base URL."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, with what, and in which protocol."""

    product: Product
    base_url: str
    protocol: str
    """"openai" or "anthropic"."""
    key: Secret
    variable: str
    """The name of the variable that the key is in."""

    @property
    def is_plan(self) -> bool:
        """Whether each call counts against a quota of calls."""
        return self.product is not Product.PAY_AS_YOU_GO


def endpoint_of(settings: Settings) -> Endpoint:
    """Return the endpoint that the settings describe.

    Raises:
        MissingKeyError: There is no key.
    """
    key, variable = _key(settings)
    given = _cleaned(settings.qwen_base_url)
    product = _product(given, key, variable)
    protocol = settings.qwen_protocol or ("anthropic" if _is_anthropic(given) else "openai")
    base = _spoken(given, protocol) if given else _HOSTS[product] + _path(product, protocol)
    return Endpoint(product, base, protocol, key, variable)


def check_model(model: str) -> None:
    """Return if `model` may see pictures.

    Raises:
        RefusedError: It is known not to; no call was spent.
    """
    name = model.lower()
    if name in BLIND or name.startswith(BLIND_FAMILIES):
        raise RefusedError(
            "the pictures",
            f"{one_line(model, 60)} sees none",
            f"set QWEN_VISION_MODEL to {', '.join(SEEING[:-1])} or {SEEING[-1]}",
        )


def _key(settings: Settings) -> tuple[Secret, str]:
    keys = {
        "QWEN_API_KEY": settings.qwen_api_key,
        "BAILIAN_CODING_PLAN_API_KEY": settings.coding_plan_api_key,
        "BAILIAN_TOKEN_PLAN_API_KEY": settings.token_plan_api_key,
        "DASHSCOPE_API_KEY": settings.dashscope_api_key,
    }
    for variable, key in keys.items():
        if key:
            return key, variable
    raise MissingKeyError("QWEN_API_KEY", "Looking at pictures")


def _product(base_url: str, key: Secret, variable: str) -> Product:
    host = base_url.partition("://")[2].partition("/")[0]
    if host.startswith("coding"):
        return Product.CODING_PLAN
    if host.startswith("token-plan") or variable == "BAILIAN_TOKEN_PLAN_API_KEY":
        return Product.TOKEN_PLAN
    is_plan = key.reveal().startswith(PLAN_PREFIX) and not host.startswith("dashscope")
    return Product.CODING_PLAN if is_plan else Product.PAY_AS_YOU_GO


def _cleaned(base_url: str) -> str:
    for end in _ENDS:
        base_url = base_url.removesuffix(end)
    return base_url.removesuffix("/v1") if _is_anthropic(base_url) else base_url


def _is_anthropic(base_url: str) -> bool:
    return "/anthropic" in base_url


def _spoken(base_url: str, protocol: str) -> str:
    """Return the base for `protocol` where the URL is the other protocol's."""
    if protocol == "anthropic" and not _is_anthropic(base_url):
        for path in _OPENAI_PATHS:
            if base_url.endswith(path):
                return base_url.removesuffix(path) + _ANTHROPIC_PATH
    if protocol == "openai" and base_url.endswith(_ANTHROPIC_PATH):
        root = base_url.removesuffix(_ANTHROPIC_PATH)
        is_coding = root.partition("://")[2].startswith("coding")
        return root + _OPENAI_PATHS[is_coding]
    return base_url


def _path(product: Product, protocol: str) -> str:
    if protocol == "anthropic":
        return _ANTHROPIC_PATH
    return _OPENAI_PATHS[product is Product.CODING_PLAN]
