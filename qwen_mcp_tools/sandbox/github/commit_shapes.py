"""Commits and their names as the REST API shows them (npm @octokit/openapi)."""

from typing import Any

from qwen_mcp_tools.sandbox.github.history import Commit, Tag
from qwen_mcp_tools.sandbox.github.repository import Repository
from qwen_mcp_tools.sandbox.github.shapes import WEB, Links, date, node, quoted, user


def commit(each: Commit, repository: Repository, links: Links) -> dict[str, Any]:
    """Return a commit as lists show it."""
    url = f"{links.of(repository)}/commits/{each.sha}"
    login = _account(each, links)
    person = {"name": each.author, "email": each.address, "date": date(each.moment)}
    return {
        "sha": each.sha,
        "node_id": node("Commit", each.sha),
        "commit": {
            "author": person,
            "committer": person,
            "message": each.message.rstrip("\n"),
            "tree": {"sha": each.tree, "url": f"{links.of(repository)}/git/trees/{each.tree}"},
            "url": f"{links.of(repository)}/git/commits/{each.sha}",
            "comment_count": 0,
            "verification": {
                "verified": False, "reason": "unsigned", "signature": None, "payload": None,
                "verified_at": None,
            },
        },
        "url": url,
        "html_url": f"{WEB}/{repository.full_name}/commit/{each.sha}",
        "comments_url": f"{url}/comments",
        "author": login,
        "committer": login,
        "parents": [
            {
                "sha": parent,
                "url": f"{links.of(repository)}/commits/{parent}",
                "html_url": f"{WEB}/{repository.full_name}/commit/{parent}",
            }
            for parent in each.parents
        ],
    }  # fmt: skip


def branch(name: str, sha: str, repository: Repository, links: Links) -> dict[str, Any]:
    """Return a branch as lists show it."""
    url = f"{links.of(repository)}/commits/{sha}"
    return {"name": name, "commit": {"sha": sha, "url": url}, "protected": False}


def tag(name: str, sha: str, repository: Repository, links: Links) -> dict[str, Any]:
    """Return a tag as lists show it."""
    url = links.of(repository)
    return {
        "name": name,
        "zipball_url": f"{url}/zipball/refs/tags/{name}",
        "tarball_url": f"{url}/tarball/refs/tags/{name}",
        "commit": {"sha": sha, "url": f"{url}/commits/{sha}"},
        "node_id": node("Ref", f"refs/tags/{name}"),
    }


def references(repository: Repository, links: Links) -> dict[str, dict[str, Any]]:
    """Return every `git-ref`, by its name without `refs/`."""
    history = repository.history
    named = {f"heads/{name}": ("commit", sha) for name, sha in history.branches.items()}
    named |= {f"tags/{name}": _object_of(each) for name, each in history.tags.items()}
    url = links.of(repository)
    return {
        name: {
            "ref": f"refs/{name}",
            "node_id": node("Ref", name),
            "url": f"{url}/git/refs/{quoted(name)}",
            "object": {"sha": sha, "type": kind, "url": f"{url}/git/{kind}s/{sha}"},
        }
        for name, (kind, sha) in sorted(named.items())
    }


def _object_of(each: Tag) -> tuple[str, str]:
    return ("commit" if each.sha == each.commit else "tag", each.sha)


def _account(each: Commit, links: Links) -> dict[str, Any] | None:
    """Return the account that the author's address belongs to; the sandbox knows Kestrel's."""
    name, _, host = each.address.partition("@")
    return user(name, links, "User") if host == "kestrel.example" else None
