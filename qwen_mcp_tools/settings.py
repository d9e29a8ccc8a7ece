"""The environment, read once: each field of `Settings` names the variable that it comes from."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from qwen_mcp_tools import readings
from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.secret import Secret, credentials_in


def _setting(
    variable: str,
    meaning: str,
    read: Callable[[str], Any],
    default: Any,
    *,
    others: tuple[str, ...] = (),
) -> Any:
    """Describe a field; `others` are further variables that count where `variable` is empty."""
    facts = {"variable": variable, "meaning": meaning, "read": read, "others": others}
    return field(default=default, metadata=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user configured; every field is optional and has a default that works."""

    brave_api_key: Secret | None = _setting(
        "BRAVE_API_KEY", "Key of the Brave Search API", Secret, None
    )
    brave_api_base_url: str = _setting(
        "BRAVE_API_BASE_URL",
        "Where the Brave Search API is",
        readings.base_url,
        "https://api.search.brave.com/res/v1",
    )
    google_api_key: Secret | None = _setting(
        "GOOGLE_API_KEY",
        "Key for Google's Programmable Search, which ends 2027-01-01",
        Secret,
        None,
    )
    google_cse_id: str = _setting(
        "GOOGLE_CSE_ID", "The search engine of that key (its `cx`)", str, ""
    )
    google_api_base_url: str = _setting(
        "GOOGLE_API_BASE_URL",
        "Where Google's API is",
        readings.base_url,
        "https://www.googleapis.com",
    )
    serper_api_key: Secret | None = _setting(
        "SERPER_API_KEY", "Key of Serper, which sells Google's results", Secret, None
    )
    serper_api_base_url: str = _setting(
        "SERPER_API_BASE_URL", "Where Serper is", readings.base_url, "https://google.serper.dev"
    )
    bailian_search_url: str = _setting(
        "BAILIAN_SEARCH_URL",
        "Where Bailian's search is; international: the host `dashscope-intl.aliyuncs.com`",
        readings.base_url,
        "https://dashscope.aliyuncs.com/api/v1/mcps/WebSearch/mcp",
    )
    searxng_url: str = _setting(
        "SEARXNG_URL", "A SearXNG instance that gives JSON", readings.base_url, ""
    )
    duckduckgo_url: str = _setting(
        "DUCKDUCKGO_URL",
        "Where DuckDuckGo's HTML page is",
        readings.base_url,
        "https://html.duckduckgo.com",
    )
    stackexchange_api_url: str = _setting(
        "STACKEXCHANGE_API_URL",
        "Where the Stack Exchange API is",
        readings.base_url,
        "https://api.stackexchange.com/2.3",
    )
    mdn_url: str = _setting(
        "MDN_URL", "Where MDN is", readings.base_url, "https://developer.mozilla.org"
    )
    wikipedia_url: str = _setting(
        "WIKIPEDIA_URL",
        "Where Wikipedia is; `{language}` stands for the language of the search",
        readings.base_url,
        "https://{language}.wikipedia.org",
    )
    search_engines: tuple[str, ...] = _setting(
        "QWEN_MCP_SEARCH",
        "Order of search engines, e.g. `brave,bailian,duckduckgo`",
        readings.words,
        (),
    )
    github_token: Secret | None = _setting(
        "GITHUB_TOKEN",
        "GitHub token; without one public repositories only, 60 requests an hour",
        Secret,
        None,
        others=("GH_TOKEN",),
    )
    github_api_url: str = _setting(
        "GITHUB_API_URL",
        "Where GitHub's REST API is; Enterprise: `https://HOST/api/v3`",
        readings.base_url,
        "https://api.github.com",
    )
    github_raw_url: str = _setting(
        "GITHUB_RAW_URL", "Where files are read without the API", readings.base_url, ""
    )
    github_media_url: str = _setting(
        "GITHUB_MEDIA_URL", "Where files kept in Git LFS are read", readings.base_url, ""
    )
    searchcode_url: str = _setting(
        "SEARCHCODE_URL",
        "Where searchcode is, which finds code in one repository",
        readings.base_url,
        "https://api.searchcode.com",
    )
    grep_app_url: str = _setting(
        "GREP_APP_URL",
        "Where grep.app is, which finds code across repositories",
        readings.base_url,
        "https://mcp.grep.app",
    )
    qwen_api_key: Secret | None = _setting(
        "QWEN_API_KEY",
        "Key that pictures are looked at with; `sk-sp-…` means the Coding Plan",
        Secret,
        None,
    )
    coding_plan_api_key: Secret | None = _setting(
        "BAILIAN_CODING_PLAN_API_KEY", "The same, of the Coding Plan", Secret, None
    )
    token_plan_api_key: Secret | None = _setting(
        "BAILIAN_TOKEN_PLAN_API_KEY", "The same, of the Token Plan", Secret, None
    )
    dashscope_api_key: Secret | None = _setting(
        "DASHSCOPE_API_KEY",
        "The same, pay-as-you-go; also switches Bailian's search on",
        Secret,
        None,
    )
    qwen_base_url: str = _setting(
        "QWEN_BASE_URL",
        "Where the model is; by default the key's own host in China",
        readings.base_url,
        "",
    )
    qwen_protocol: str = _setting(
        "QWEN_PROTOCOL",
        "`openai` or `anthropic`; by default what the URL says",
        readings.one_of("openai", "anthropic"),
        "",
    )
    qwen_vision_model: str = _setting(
        "QWEN_VISION_MODEL", "The model that looks at pictures", str, "qwen3.5-plus"
    )
    qwen_thinking: bool = _setting(
        "QWEN_THINKING", "`1`: the model thinks before it answers", readings.switch, False
    )
    image_roots: tuple[str, ...] = _setting(
        "QWEN_MCP_IMAGE_ROOTS",
        "Folders whose pictures may be sent, as in PATH; "
        "by default the working directory, over HTTP none",
        readings.folders,
        (),
    )
    state_dir: str = _setting(
        "QWEN_MCP_STATE_DIR", "Folder where the calls of a plan are counted", str, ""
    )
    allow_hosts: frozenset[str] = _setting(
        "QWEN_MCP_ALLOW_HOSTS",
        "Exact `host:port` list that may be read although private",
        readings.host_ports,
        frozenset[str](),
    )
    allow_private_network: bool = _setting(
        "QWEN_MCP_ALLOW_PRIVATE_NETWORK",
        "`1`: may read all private addresses",
        readings.switch,
        False,
    )
    fake_ip: tuple[str, ...] = _setting(
        "QWEN_MCP_FAKE_IP",
        "Ranges that a local proxy's DNS answers with, e.g. `198.18.0.0/15`",
        readings.words,
        (),
    )
    robots: str = _setting(
        "QWEN_MCP_ROBOTS",
        "`honour` robots.txt, or `ignore` it",
        readings.one_of("honour", "ignore"),
        "honour",
    )
    timeout: float | None = _setting(
        "QWEN_MCP_TIMEOUT", "Seconds for one call; 30, for pictures 180", readings.seconds, None
    )
    tools: tuple[str, ...] = _setting(
        "QWEN_MCP_TOOLS", "The tools to offer; all by default", readings.words, ()
    )
    host: str = _setting("QWEN_MCP_HOST", "What `--host` defaults to", str, "127.0.0.1")
    port: int = _setting("QWEN_MCP_PORT", "What `--port` defaults to", readings.port, 8000)
    token: Secret | None = _setting(
        "QWEN_MCP_TOKEN",
        "Bearer tokens for HTTP, each `token` or `name:token`; needed off loopback",
        Secret,
        None,
    )
    token_file: str = _setting(
        "QWEN_MCP_TOKEN_FILE", "File of such tokens, read again when it changes", str, ""
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "QWEN_MCP_ALLOWED_HOSTS", "Exact Host values served beside loopback's", readings.words, ()
    )
    allowed_origins: tuple[str, ...] = _setting(
        "QWEN_MCP_ALLOWED_ORIGINS",
        "Exact Origin values served beside loopback's",
        readings.words,
        (),
    )
    log_level: str = _setting(
        "QWEN_MCP_LOG_LEVEL",
        "How much is written to stderr",
        readings.one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        "WARNING",
    )
    sandbox: bool = _setting(
        "QWEN_MCP_SANDBOX", "`1`: every upstream is the built-in stand-in", readings.switch, False
    )
    cache_dir: str = _setting(
        "QWEN_MCP_CACHE_DIR", "Folder where answers are kept for the next start", str, ""
    )
    warm: bool = _setting(
        "QWEN_MCP_WARM",
        "`1`: load everything in the background after the list",
        readings.switch,
        False,
    )
    https_proxy: Secret | None = _setting(
        "HTTPS_PROXY", "Proxy for https (http:// or socks5://)", Secret, None
    )
    http_proxy: Secret | None = _setting("HTTP_PROXY", "Proxy for http", Secret, None)
    all_proxy: Secret | None = _setting("ALL_PROXY", "Proxy for both", Secret, None)
    no_proxy: tuple[str, ...] = _setting(
        "NO_PROXY", "Hosts, domains and networks that are reached directly", readings.words, ()
    )
    ssl_cert_file: str = _setting("SSL_CERT_FILE", "File of trusted certificates", str, "")
    ssl_cert_dir: str = _setting("SSL_CERT_DIR", "Folder of trusted certificates", str, "")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Return the settings that `environ` holds; an empty variable counts as not set.

        Raises:
            SettingError: A value can't be used; the text names the variable, not the value.
        """
        values: dict[str, Any] = {}
        for each in fields(cls):
            text = _value(each.metadata, environ)
            if text:
                values[each.name] = _read(each.metadata, text)
        return cls(**values)

    def secrets(self) -> Iterator[str]:
        """Yield every text that must never leave the process, passwords in URLs included."""
        for each in fields(self):
            value = getattr(self, each.name)
            text = value.reveal() if isinstance(value, Secret) else value
            if isinstance(text, str):
                yield from credentials_in(text)
            if each.name == "token":
                # `name:token`, of which the name is no secret.
                items = re.split("[,\n]", text) if text else ()
                yield from ((item.partition(":")[2] or item).strip() for item in items)
            elif isinstance(value, Secret) and not each.name.endswith("_proxy"):
                yield value.reveal()


def variables() -> dict[str, str]:
    """Return the name and the meaning of every variable that the server reads."""
    return {each.metadata["variable"]: each.metadata["meaning"] for each in fields(Settings)}


def _value(setting: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    for variable in (setting["variable"], *setting["others"]):
        # Proxy variables are written in lower case as often as in capitals.
        text = (environ.get(variable) or environ.get(variable.lower(), "")).strip()
        if not text and setting["read"] is Secret:
            text = _from_file(f"{variable}_FILE", environ)
        if text:
            return text
    return ""


def _from_file(variable: str, environ: Mapping[str, str]) -> str:
    path = environ.get(variable, "").strip()
    if not path:
        return ""
    try:
        return Path(path).expanduser().read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeError, RuntimeError) as error:
        raise SettingError(f"{variable} can't be read ({type(error).__name__})") from error


def _read(setting: Mapping[str, Any], text: str) -> Any:
    try:
        return setting["read"](text)
    except ValueError as error:
        raise SettingError(f"{setting['variable']} takes {error}") from error
