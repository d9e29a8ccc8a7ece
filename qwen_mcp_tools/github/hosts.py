"""Where GitHub is: its API, the pages that people see, and the hosts that serve files."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.addresses import literal_in

_ENTERPRISE_PATH = "/api/v3"


@dataclass(frozen=True, slots=True)
class Hosts:
    """The addresses of one GitHub, none with a slash at its end."""

    api: str
    web: str
    raw: str
    """Serves a file's bytes without a key; empty where there is none."""
    media: str
    """Serves what is kept in Git LFS; empty where there is none."""
    names: frozenset[str]
    """The hosts whose URLs lead here."""

    @property
    def is_github_com(self) -> bool:
        """Whether this is the public GitHub, whose code other engines index too."""
        return self.web == "https://github.com"


def hosts_of(settings: Settings) -> Hosts:
    """Return the addresses that belong to the API in the settings.

    `https://HOST/api/v3` is an Enterprise Server, `https://api.NAME.ghe.com` a tenant with data
    residency (docs.github.com, REST API of each). A bare loopback address stands for github.com.
    """
    api = settings.github_api_url
    parts = urlsplit(api)
    host = parts.netloc.lower()
    if parts.path.endswith(_ENTERPRISE_PATH):
        web = f"{parts.scheme}://{host}{parts.path.removesuffix(_ENTERPRISE_PATH)}"
    elif host.endswith(".ghe.com"):
        web = f"{parts.scheme}://{host.removeprefix('api.')}"
    else:
        web = "https://github.com" if _is_github_com(parts.hostname or "") else api
    public = host == "api.github.com"
    raw = settings.github_raw_url or ("https://raw.githubusercontent.com" if public else "")
    media = settings.github_media_url or (
        "https://media.githubusercontent.com/media" if public else ""
    )
    return Hosts(api, web, raw, media, _names(web, api, raw))


def _is_github_com(host: str) -> bool:
    literal = literal_in(host)
    return host in {"api.github.com", "localhost"} or bool(literal and literal.is_loopback)


def _names(web: str, api: str, raw: str) -> frozenset[str]:
    found = {urlsplit(each).netloc.lower() for each in (web, api, raw) if each}
    if web == "https://github.com":
        found |= {
            "www.github.com", "api.github.com", "raw.github.com", "raw.githubusercontent.com",
            "media.githubusercontent.com",
        }  # fmt: skip
    return frozenset(found)
