"""Overview: what a project is, on one page: its facts, its tree and the start of its README."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from qwen_mcp_tools.errors import MalformedAnswerError, NotFoundError, ToolFailure
from qwen_mcp_tools.github.blob import read_blob
from qwen_mcp_tools.github.description import decoded
from qwen_mcp_tools.github.lines import Lines, Window
from qwen_mcp_tools.github.names import Repository
from qwen_mcp_tools.github.projects import Project, project_of
from qwen_mcp_tools.github.rest.api import Api
from qwen_mcp_tools.github.rest.budgets import SERVICE
from qwen_mcp_tools.github.rest.question import Question
from qwen_mcp_tools.github.tree import Tree, tree_of
from qwen_mcp_tools.upstream.at_once import at_once

README_ROOM = 6000
"""How much of the README is shown."""


@dataclass(frozen=True, slots=True)
class Readme:
    """The start of a README."""

    path: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Overview:
    """A project; what it does not have is empty or None."""

    project: Project
    ref: str
    languages: tuple[tuple[str, int], ...]
    """Each with its share in percent, the largest first."""
    release: str
    tree: Tree | None
    readme: Readme | None
    notes: tuple[str, ...] = ()


async def overview_of(api: Api, repository: Repository, ref: str) -> Overview:
    """Return the overview of a project at `ref` (empty: its default branch), by five requests.

    Raises:
        NotFoundError: There is no such repository, or none for us.
        ToolFailure: GitHub refuses, or can't be asked.
    """
    base, beside = f"/repos/{repository}", _Beside()
    at_ref = (("ref", ref),) if ref else ()
    latest = Question(f"{base}/releases/latest", f"a release of {repository}")
    readme = Question(f"{base}/readme", f"a README of {repository}", params=at_ref)
    facts, languages, release, tree, text = await at_once(
        partial(api.get, Question(base, f"repository {repository}")),
        beside("languages", partial(api.get, Question(f"{base}/languages", str(repository)))),
        beside("latest release", partial(api.get, latest)),
        beside("tree", partial(tree_of, api, repository, ref or "HEAD", is_fixed=False)),
        beside("README", partial(api.get, readme)),
    )
    project = project_of(facts.json(SERVICE))
    if not project.name:
        raise MalformedAnswerError(SERVICE, "describes no repository", "try again later")
    return Overview(
        project=project,
        ref=ref,
        languages=_shares(languages.json(SERVICE)) if languages else (),
        release=_release(release.json(SERVICE)) if release else "",
        tree=tree,
        readme=_readme(text.json(SERVICE)) if text else None,
        notes=tuple(beside.notes),
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """Asks for what an overview can do without; what is not there is None."""

    notes: list[str] = field(default_factory=list[str])

    def __call__(self, name: str, ask: Callable[[], Awaitable[Any]]) -> Callable[[], Any]:
        async def asked() -> Any:
            try:
                return await ask()
            except NotFoundError:
                return None
            except ToolFailure as failure:
                self.notes.append(f"without the {name}: {failure}")
                return None

        return asked


def _shares(sizes: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    counted = {name: size for name, size in sizes.items() if isinstance(size, int) and size > 0}
    total = sum(counted.values())
    ranked = sorted(counted.items(), key=lambda pair: -pair[1])
    return tuple((name, round(100 * size / total)) for name, size in ranked)


def _release(shape: dict[str, Any]) -> str:
    tag, date = shape.get("tag_name"), str(shape.get("published_at") or "")[:10]
    return f"{tag} ({date})" if date else str(tag or "")


def _readme(shape: dict[str, Any]) -> Readme | None:
    path = str(shape.get("path") or "README.md")
    content = read_blob(iter([decoded(shape)]), path, Window(room=README_ROOM))
    return Readme(path, content) if isinstance(content, Lines) else None
