"""Place: what is to be read, out of a tool's arguments or a URL of GitHub's."""

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, unquote, urlsplit

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.github.hosts import Hosts
from qwen_mcp_tools.github.names import Repository, check_path, check_ref, repository_of
from qwen_mcp_tools.text import one_line

_URL = re.compile(r"(?:(?:git\+)?(?:https?|ssh)://|git://|git@)", re.IGNORECASE)
_LINES = re.compile(r"L(\d{1,8})(?:C\d+)?(?:-L?(\d{1,8})(?:C\d+)?)?")
_FILES = {"blob", "tree", "raw", "blame", "edit"}
_NO_OWNERS = frozenset(
    "about apps collections contact customer-stories enterprise events explore features gist "
    "issues login logout marketplace new notifications organizations orgs pricing pulls readme "
    "search security sessions settings signup site solutions sponsors stars team topics trending "
    "users".split()
)
"""First steps of github.com's own pages."""


@dataclass(frozen=True, slots=True)
class Place:
    """A repository, and in it a ref, a path and lines; what is not said is empty or 0."""

    repository: Repository
    ref: str = ""
    path: str = ""
    first_line: int = 0
    last_line: int = 0
    ref_and_path: str = ""
    """Both in one, from a URL: only GitHub knows how many of its steps are the ref."""


def place_of(repo: str, path: str, ref: str, hosts: Hosts) -> Place:
    """Return what `repo` (a name or any URL of GitHub's), `path` and `ref` mean together.

    Raises:
        BadArgumentError: One of them can't be read, or they contradict each other.
    """
    path, ref = check_path(path), check_ref(ref)
    written = repo.strip().strip("<>\"'`")
    if not _is_url(written, hosts):
        return Place(repository_of(written), ref, path)
    place = _place_at(written, hosts)
    if place is None:
        raise BadArgumentError(
            f'repo leads to no repository, folder or file of {_host(hosts.web)}: "'
            f'{one_line(repo, 100)}"; read other pages with fetch_page'
        )
    return _together(place, path, ref)


def place_in(url: str, hosts: Hosts) -> Place | None:
    """Return what a page shows, None where it is no page of a repository, a folder or a file.

    Raises:
        BadArgumentError: It is one, but its names can't be right.
    """
    host, steps, _, _ = _parts(url)
    is_shown = len(steps) == 2 or (len(steps) > 3 and steps[2] in {"blob", "tree"})
    is_page = host.removeprefix("www.") == _host(hosts.web) and is_shown
    return _place_at(url, hosts) if is_page else None


def _place_at(url: str, hosts: Hosts) -> Place | None:
    host, steps, query, fragment = _parts(url)
    if host not in hosts.names:
        return None
    prefix = [step for step in urlsplit(hosts.api).path.split("/") if step]
    if host == _host(hosts.api) and steps[: len(prefix) + 1] == [*prefix, "repos"]:
        place = _in_api(steps[len(prefix) + 1 :], query)
    elif host in {_host(hosts.raw), "raw.githubusercontent.com", "raw.github.com"}:
        place = _at(steps[:2], steps[2:]) if len(steps) > 3 else None
    elif host == "media.githubusercontent.com":
        place = _at(steps[1:3], steps[3:]) if len(steps) > 4 else None
    else:
        place = _on_web(steps)
    lines = _LINES.fullmatch(fragment)
    if place and lines:
        first, last = int(lines[1]), int(lines[2] or lines[1])
        return replace(place, first_line=min(first, last), last_line=max(first, last))
    return place


def _is_url(written: str, hosts: Hosts) -> bool:
    return bool(_URL.match(written)) or written.partition("/")[0].lower() in hosts.names


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _parts(url: str) -> tuple[str, list[str], str, str]:
    """Return host, path steps, query and fragment, also of `git@github.com:owner/name.git`."""
    if "://" not in url:
        url = "https://" + re.sub(r"^(git@[^:/]+):", r"\1/", url)
    try:
        parts = urlsplit(url)
        is_usual = parts.port in {None, 22, 80, 443}
        host = (parts.hostname or "") + ("" if is_usual else f":{parts.port}")
    except ValueError:
        return "", [], "", ""
    steps = [unquote(step) for step in parts.path.split("/") if step]
    return host.lower(), steps, parts.query, parts.fragment


def _on_web(steps: list[str]) -> Place | None:
    names, kind, rest = steps[:2], steps[2:3], steps[3:]
    if len(names) < 2 or names[0].lower() in _NO_OWNERS:
        return None
    if not kind:
        return Place(_repository(names))
    if kind[0] in _FILES and rest:
        return _at(names, rest)
    if kind[0] == "commit" and len(rest) == 1:
        return Place(_repository(names), ref=check_ref(rest[0]))
    if kind[0] == "releases" and rest[:1] == ["tag"] and len(rest) > 1:
        return Place(_repository(names), ref=check_ref("/".join(rest[1:])))
    return None


def _in_api(steps: list[str], query: str) -> Place | None:
    if len(steps) < 2 or steps[2:3] not in ([], ["contents"]):
        return None
    ref = parse_qs(query).get("ref", [""])[0]
    return Place(_repository(steps[:2]), check_ref(ref), check_path("/".join(steps[3:])))


def _at(names: list[str], rest: list[str]) -> Place:
    """Return the place of `REF/PATH` steps; a ref written in full ends where its kind says."""
    if rest[:2] in (["refs", "heads"], ["refs", "tags"]) and len(rest) > 2:
        rest = rest[2:]
    joined = check_path("/".join(rest))
    if len(rest) == 1:
        return Place(_repository(names), ref=check_ref(joined))
    return Place(_repository(names), ref_and_path=joined)


def _repository(names: list[str]) -> Repository:
    return repository_of("/".join(names))


def _together(place: Place, path: str, ref: str) -> Place:
    if ref and place.ref_and_path:
        place = _split_at(place, ref)
    elif ref and place.ref and ref != place.ref:
        raise BadArgumentError(f'ref is "{ref}", but the URL in repo says "{place.ref}"')
    if path and place.ref_and_path:
        return _with_path(place, path)
    if path and place.path and path != place.path:
        raise BadArgumentError(f'path is "{path}", but the URL in repo says "{place.path}"')
    return replace(place, ref=place.ref or ref, path=place.path or path)


def _split_at(place: Place, ref: str) -> Place:
    head, _, path = place.ref_and_path.partition(f"{ref}/")
    if head or not path:
        raise BadArgumentError(f'ref is "{ref}", but the URL in repo says another one')
    return replace(place, ref=ref, path=path, ref_and_path="")


def _with_path(place: Place, path: str) -> Place:
    ref = place.ref_and_path.removesuffix(f"/{path}")
    if ref == place.ref_and_path:
        raise BadArgumentError(f'path is "{path}", but the URL in repo says another one')
    return replace(place, ref=check_ref(ref), path=path, ref_and_path="")
