"""Addresses of results: without what only follows readers, and each page once."""

import re
from urllib.parse import urlsplit, urlunsplit

_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|_hs\w+|[gmy]clid|gbraid|wbraid|dclid|fbclid|msclkid|twclid"
    r"|ttclid|igshid|li_fat_id|mc_[ce]id|mkt_tok|srsltid|vero_id|oly_\w+_id|spm|scm|share_token"
    r"|ref_src|ref_url|__s|_ga|_gl)(?:=.*)?",
    re.IGNORECASE,
)
"""Parameters that tell a site where a reader comes from; pages are the same without them."""


def without_tracking(url: str) -> str:
    """Return `url` without such parameters and without a text fragment; else as it is."""
    parts = urlsplit(url)
    kept = [each for each in parts.query.split("&") if not _TRACKING.fullmatch(each)]
    fragment = parts.fragment.partition(":~:")[0]
    if len(kept) == len(parts.query.split("&")) and fragment == parts.fragment:
        return url
    return urlunsplit(parts._replace(query="&".join(kept), fragment=fragment))


def page_of(url: str) -> str:
    """Return what two addresses of one page share: no scheme, `www.`, anchor or last slash."""
    parts = urlsplit(without_tracking(url))
    host = parts.netloc.lower().removeprefix("www.")
    # A route of a page that is a program stands behind #/ or #!
    route = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    query = "&".join(sorted(parts.query.split("&")))
    return f"{host}{parts.path.rstrip('/')}?{query}#{route}"


def host_of(url: str) -> str:
    """Return the host that `url` leads to, with its port where it names one."""
    parts = urlsplit(url)
    host = in_ascii((parts.hostname or "").rstrip("."))
    port = parts.netloc.rpartition("@")[2].removeprefix("[").rpartition(":")[2]
    return f"{host}:{port}" if port.isascii() and port.isdecimal() and ":" in parts.netloc else host


def in_ascii(host: str) -> str:
    """Return `host` as it is asked for (IDNA), or as it is where it can't be."""
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host
