"""What each path below a repository answers, and `/user`."""

import time
from typing import Any

from qwen_mcp_tools.sandbox.github import commit_shapes, contents, shapes
from qwen_mcp_tools.sandbox.github.answers import Answer, Refusal, not_found, paged
from qwen_mcp_tools.sandbox.github.asking import Ask


def nothing(_: Ask) -> Answer:
    """Refuse a path that the API does not have."""
    raise not_found()


def repository_facts(ask: Ask) -> Answer:
    """Answer with a repository."""
    return Answer(shapes.counted_repository(ask.repository, ask.links))


def languages(ask: Ask) -> Answer:
    """Answer with the bytes in each language."""
    return Answer(dict(ask.repository.language_bytes))


def latest_release(ask: Ask) -> Answer:
    """Answer with the latest release."""
    latest = shapes.release(ask.repository, ask.links)
    if latest is None:
        raise not_found()
    return Answer(latest)


def readme(ask: Ask) -> Answer:
    """Answer with the README of a ref."""
    view = ask.view(ask.query.get("ref", ""))
    names = (path for path in view.tree.folders[""] if path.lower().startswith("readme"))
    path = next(names, None)
    if path is None:
        raise not_found()
    return contents.shown(view, path, ask.media)


def file_or_directory(ask: Ask) -> Answer:
    """Answer with a file or a directory."""
    return contents.shown(ask.view(ask.query.get("ref", "")), ask.part("path"), ask.media)


def blob(ask: Ask) -> Answer:
    """Answer with a file by its id."""
    return contents.blob(ask.readable, ask.links, ask.part("sha"), ask.media)


def one_commit(ask: Ask) -> Answer:
    """Answer with a commit, or with its id alone as text."""
    found = ask.commit(ask.part("ref"))
    if ask.media == "sha":
        kind = {"content-type": "application/vnd.github.sha; charset=utf-8"}
        return Answer(found.sha, kind)
    facts: dict[str, Any] = {"stats": {"total": 0, "additions": 0, "deletions": 0}, "files": []}
    return Answer({**commit_shapes.commit(found, ask.repository, ask.links), **facts})


def log(ask: Ask) -> Answer:
    """Answer with the commits that lead to one, all or those of a path."""
    repository = ask.readable
    head = repository.history.resolve(ask.query.get("sha", ""))
    if head is None:
        raise not_found()
    found = repository.history.log(head.sha, ask.query.get("path", "").strip("/"))
    page, link = paged(found, ask.request)
    return _listed([commit_shapes.commit(each, repository, ask.links) for each in page], link)


def branches(ask: Ask) -> Answer:
    """Answer with the branches."""
    repository = ask.repository
    named = sorted(repository.history.branches.items())
    page, link = paged(named, ask.request)
    return _listed(
        [commit_shapes.branch(name, sha, repository, ask.links) for name, sha in page], link
    )


def tags(ask: Ask) -> Answer:
    """Answer with the tags, the last by name first."""
    repository = ask.repository
    named = sorted(repository.history.tags.items(), reverse=True)
    page, link = paged(named, ask.request)
    return _listed(
        [commit_shapes.tag(name, each.commit, repository, ask.links) for name, each in page], link
    )


def reference(ask: Ask) -> Answer:
    """Answer with the branch or tag of exactly this name."""
    found = commit_shapes.references(ask.readable, ask.links).get(ask.part("ref"))
    if found is None:
        raise not_found()
    return Answer(found)


def matching_references(ask: Ask) -> Answer:
    """Answer with the branches and tags whose names begin so."""
    start = ask.part("ref")
    named = commit_shapes.references(ask.readable, ask.links)
    page, link = paged(
        [each for name, each in named.items() if name.startswith(start)], ask.request
    )
    return _listed(page, link)


def who_asks(ask: Ask) -> Answer:
    """Answer with who asks."""
    if not ask.asker:
        raise Refusal(401, "Requires authentication")
    facts: dict[str, Any] = {
        "name": ask.asker, "company": None, "blog": "", "location": None, "email": None,
        "hireable": None, "bio": None, "public_repos": 0, "public_gists": 0, "followers": 0,
        "following": 0, "created_at": shapes.date(1_700_000_000),
        "updated_at": shapes.date(int(time.time())),
    }  # fmt: skip
    scopes = {"x-oauth-scopes": "repo", "x-accepted-oauth-scopes": ""}
    return Answer({**shapes.user(ask.asker, ask.links, "User"), **facts}, scopes)


def _listed(items: list[Any], link: str) -> Answer:
    return Answer(items, {"link": link} if link else {})
