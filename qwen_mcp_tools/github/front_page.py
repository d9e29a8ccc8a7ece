"""The front page of a project: its overview as text."""

from collections.abc import Iterator

from qwen_mcp_tools.content.markdown_file import without_hidden
from qwen_mcp_tools.github.listing import CUT, listing
from qwen_mcp_tools.github.overview import Overview
from qwen_mcp_tools.github.projects import Project
from qwen_mcp_tools.text import Reply, call_of, one_line

TREE_ROOM, TREE_LINES = 7000, 120
"""How much of an overview its tree may take."""


def front_page(found: Overview) -> Reply:
    """Return the facts, the tree and the start of the README as text."""
    project = found.project
    name = one_line(project.name, 150)
    readme = found.readme
    parts = [*_described(project, found)]
    if found.tree is None:
        parts.append("The repository is empty.")
    else:
        parts.append(f"Files:\n{listing(found.tree, TREE_ROOM, TREE_LINES)}")
    if readme:
        # A front page is read, not edited: no comments, nothing hidden. Its file shows all.
        parts.append(f"{readme.path}:\n{without_hidden(_lines(*readme.lines.texts))}")
    head = _lines(
        f"Repository: {name}{f' at {found.ref}' if found.ref else ''}",
        *_numbers(project, found),
        *(f"Note: {one_line(note, 400)}" for note in found.notes),
        *((f"Note: {CUT}",) if found.tree and found.tree.is_cut else ()),
    )
    return Reply(head, content="\n\n".join(parts), foot=_more_of(found))


def _numbers(project: Project, found: Overview) -> Iterator[str]:
    kinds = f" ({', '.join(project.kinds)})" if project.kinds else ""
    parent = f" of {one_line(project.parent, 150)}" if project.parent else ""
    yield (
        f"Stars: {project.stars:,}; forks: {project.forks:,}; "
        f"open issues and pull requests: {project.open_issues:,}{kinds}{parent}"
    )
    yield f"Licence: {one_line(project.licence, 80) or 'none told'}"
    branch, pushed = one_line(project.default_branch, 100), one_line(project.pushed, 10)
    yield f"Default branch: {branch}; last push: {pushed}"
    if found.languages:
        shares = ", ".join(f"{one_line(name, 30)} {part} %" for name, part in found.languages[:8])
        yield f"Languages: {shares}"


def _described(project: Project, found: Overview) -> Iterator[str]:
    lines = [one_line(project.description, 500)] if project.description else []
    if project.topics:
        lines.append(f"Topics: {one_line(', '.join(project.topics), 400)}")
    if project.homepage:
        lines.append(f"Homepage: {one_line(project.homepage, 300)}")
    lines.append(f"Latest release: {one_line(found.release, 120) or 'none'}")
    yield _lines(*lines)


def _more_of(found: Overview) -> str:
    readme = found.readme
    if not readme or (readme.lines.is_counted and readme.lines.last >= readme.lines.total):
        return ""
    call = call_of(
        "github_read_file",
        repo=found.project.name,
        path=readme.path,
        ref=found.ref,
        start_line=readme.lines.last + 1,
    )
    return f"The README goes on: {call}"


def _lines(*lines: str) -> str:
    return "\n".join(lines)
