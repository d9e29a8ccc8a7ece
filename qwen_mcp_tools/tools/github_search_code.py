"""Finding code on GitHub."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from qwen_mcp_tools.app import App
from qwen_mcp_tools.github.code.query import CodeFile, CodeHits, CodeLine, CodeQuery
from qwen_mcp_tools.github.code.words import check_language, check_pattern, check_text
from qwen_mcp_tools.text import Reply, call_of, one_line

LINE, NOTE = 200, 300
MOST_PAGES = 100


async def github_search_code(
    app: App,
    query: Annotated[
        str,
        Field(min_length=1, max_length=256, description='Words, "a phrase" or /regex/'),
        AfterValidator(check_text),
    ],
    repo: Annotated[str, Field(max_length=300, description="owner/name; empty: all")] = "",
    language: Annotated[
        str, Field(max_length=40, description="e.g. python"), AfterValidator(check_language)
    ] = "",
    path: Annotated[
        str,
        Field(max_length=300, description="Folder, file name or glob"),
        AfterValidator(check_pattern),
    ] = "",
    page: Annotated[int, Field(ge=1, le=MOST_PAGES, description="Page of results")] = 1,
) -> Reply:
    """Find code in one GitHub repository or in all public ones; returns files with numbered lines.

    Read on with github_read_file, whose repo takes a result's URL. Works without a token too.
    """
    name = str(app.github.place(repo).repository) if repo.strip() else ""
    wanted = CodeQuery(query, name, language, path, page)
    return render(await app.github.find_code(wanted), wanted)


def render(hits: CodeHits, query: CodeQuery) -> Reply:
    """Return the files as text, and the call for the next page where there is one."""
    asked = f'"{one_line(query.text, 120)}"' + (f" in {query.repo}" if query.repo else "")
    notes = "".join(f"\n({one_line(note, NOTE)})" for note in hits.notes)
    if not hits.files:
        where = f" on page {query.page}" if query.page > 1 else ""
        return Reply(f"{hits.engine}: no code for {asked}{where}; {_advice(query)}.{notes}")
    first = (query.page - 1) * 10 + 1
    return Reply(
        head=f"{hits.engine}: {_counted(hits)} for {asked}, page {query.page}{notes}",
        content="\n\n".join(
            "\n".join(_shown(number, file)) for number, file in enumerate(hits.files, start=first)
        ),
        foot=_next(query) if hits.has_more and query.page < MOST_PAGES else "",
    )


def _advice(query: CodeQuery) -> str:
    given = [name for name in ("repo", "language", "path") if getattr(query, name)]
    dropped = f", or drop {' and '.join(given)}" if given else ""
    return f"try other or fewer words{dropped}"


def _counted(hits: CodeHits) -> str:
    count, total = len(hits.files), hits.total
    shown = "1 file" if count == 1 else f"{count} files"
    if total is None or (hits.counted == "files" and total <= count):
        return shown
    if hits.counted == "files":
        return f"{shown} of {total:,}"
    return f"{shown}, 1 match" if total == 1 else f"{shown}, {total:,} matches"


def _shown(number: int, file: CodeFile) -> Iterator[str]:
    licence = f" ({one_line(file.licence, 40)})" if file.licence else ""
    yield f"{number}. {one_line(file.repo, 150)} {one_line(file.path, 300)}{licence}"
    yield f"   {one_line(file.url, 1000)}"
    yield from (_line(line) for line in file.lines if line.is_match or line.text.strip())
    if file.left_out:
        yield f"   … {file.left_out} more lines with matches"


def _line(line: CodeLine) -> str:
    mark = ">" if line.is_match else " "
    number = f"{line.number}" if line.number > 0 else ""
    return f" {mark} {number:>4}\t{_cut(line.text)}"


def _cut(text: str) -> str:
    clean = text.rstrip().replace("\n", " ")
    return clean if len(clean) <= LINE else f"{clean[:LINE]}…"


def _next(query: CodeQuery) -> str:
    call = call_of(
        "github_search_code",
        query=query.text,
        repo=query.repo,
        language=query.language,
        path=query.path,
        page=query.page + 1,
    )
    return f"More: {call}"
