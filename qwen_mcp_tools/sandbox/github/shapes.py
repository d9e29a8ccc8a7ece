"""Repositories, owners and releases as the REST API shows them (npm @octokit/openapi)."""

import base64
import time
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from qwen_mcp_tools.sandbox.github.repository import LICENCES, Repository

WEB = "https://github.com"
UNDER_A_REPOSITORY = """
forks keys{/key_id} collaborators{/collaborator} teams hooks issues/events{/number} events
assignees{/user} branches{/branch} tags git/blobs{/sha} git/tags{/sha} git/refs{/sha}
git/trees{/sha} statuses/{sha} languages stargazers contributors subscribers subscription
commits{/sha} git/commits{/sha} comments{/number} issues/comments{/number} contents/{+path}
compare/{base}...{head} merges {archive_format}{/ref} downloads issues{/number} pulls{/number}
milestones{/number} notifications{?since,all,participating} labels{/name} releases{/id} deployments
""".split()
_FIELDS = """
forks keys collaborators teams hooks issue_events events assignees branches tags blobs git_tags
git_refs trees statuses languages stargazers contributors subscribers subscription commits
git_commits comments issue_comment contents compare merges archive downloads issues pulls
milestones notifications labels releases deployments
""".split()


@dataclass(frozen=True, slots=True)
class Links:
    """Where the API was reached, and where the raw host is; both without a slash at the end."""

    api: str
    raw: str

    def of(self, repository: Repository) -> str:
        """Return the URL of a repository."""
        return f"{self.api}/repos/{repository.full_name}"


def quoted(path: str) -> str:
    """Return a path as it stands in a URL."""
    return quote(path, safe="/")


def date(moment: int) -> str:
    """Return epoch seconds as the API writes them."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def node(kind: str, name: object) -> str:
    """Return an id of the GraphQL kind."""
    return base64.b64encode(f"{kind}:{name}".encode()).decode()


def user(login: str, links: Links, kind: str = "Organization") -> dict[str, Any]:
    """Return the `simple-user` of a login."""
    url, number = f"{links.api}/users/{login}", zlib.crc32(login.encode()) >> 2
    return {
        "login": login,
        "id": number,
        "node_id": node("User", number),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{number}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{WEB}/{login}",
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def small_repository(repository: Repository, links: Links) -> dict[str, Any]:
    """Return a repository as a code search shows it, without stars and default branch."""
    url = links.of(repository)
    return {
        "id": repository.id,
        "node_id": node("Repository", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.is_private,
        "owner": user(repository.owner, links),
        "html_url": f"{WEB}/{repository.full_name}",
        "description": repository.description or None,
        "fork": repository.is_fork,
        "url": url,
        **{
            f"{name}_url": f"{url}/{path}"
            for name, path in zip(_FIELDS, UNDER_A_REPOSITORY, strict=True)
        },
    }


def whole_repository(repository: Repository, links: Links) -> dict[str, Any]:
    """Return a repository as `GET /repos/…` and the search for repositories show it."""
    web, pushed = f"{WEB}/{repository.full_name}", date(repository.last_push)
    size = sum(repository.language_bytes.values()) // 1024
    return {
        **small_repository(repository, links),
        "created_at": date(repository.created),
        "updated_at": pushed,
        "pushed_at": pushed,
        "git_url": f"git://github.com/{repository.full_name}.git",
        "ssh_url": f"git@github.com:{repository.full_name}.git",
        "clone_url": f"{web}.git",
        "svn_url": web,
        "mirror_url": None,
        "homepage": repository.homepage or None,
        "size": size,
        "stargazers_count": repository.stars,
        "watchers_count": repository.stars,
        "watchers": repository.stars,
        "language": repository.main_language or None,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "has_pull_requests": True,
        "forks_count": repository.forks,
        "forks": repository.forks,
        "archived": repository.is_archived,
        "disabled": False,
        "open_issues_count": repository.open_issues,
        "open_issues": repository.open_issues,
        "license": licence(repository.licence, links),
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": list(repository.topics),
        "visibility": "private" if repository.is_private else "public",
        "default_branch": repository.history.default_branch,
        "permissions": {
            "admin": False, "maintain": False, "push": False, "triage": False, "pull": True,
        },
    }  # fmt: skip


def counted_repository(repository: Repository, links: Links) -> dict[str, Any]:
    """Return what `GET /repos/…` alone adds."""
    return {
        **whole_repository(repository, links),
        "temp_clone_token": None,
        "network_count": repository.forks,
        "subscribers_count": repository.stars // 40,
    }


def licence(key: str, links: Links) -> dict[str, Any] | None:
    """Return the `license` of a repository."""
    if not key:
        return None
    name, spdx = LICENCES[key]
    return {
        "key": key,
        "name": name,
        "spdx_id": spdx,
        "url": f"{links.api}/licenses/{key}",
        "node_id": node("License", key),
    }


def release(repository: Repository, links: Links) -> dict[str, Any] | None:
    """Return the latest release."""
    latest = repository.release
    if latest is None:
        return None
    number = zlib.crc32(latest.tag.encode()) >> 2
    url = f"{links.of(repository)}/releases/{number}"
    return {
        "url": url,
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "html_url": f"{WEB}/{repository.full_name}/releases/tag/{latest.tag}",
        "id": number,
        "author": user("idafalk", links, "User"),
        "node_id": node("Release", number),
        "tag_name": latest.tag,
        "target_commitish": repository.history.default_branch,
        "name": latest.name,
        "draft": False,
        "immutable": False,
        "prerelease": False,
        "created_at": date(latest.moment),
        "updated_at": date(latest.moment),
        "published_at": date(latest.moment),
        "assets": [],
        "tarball_url": f"{links.of(repository)}/tarball/{latest.tag}",
        "zipball_url": f"{links.of(repository)}/zipball/{latest.tag}",
        "body": latest.notes,
    }
