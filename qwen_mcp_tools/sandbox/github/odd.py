"""Files that programs stumble over, made in code because file systems do not like all of them."""

import hashlib
import json
from functools import cache

from qwen_mcp_tools.sandbox.github.history import Tag
from qwen_mcp_tools.sandbox.github.kestrel import kestrel
from qwen_mcp_tools.sandbox.github.snapshot import Snapshot, Untold, Written, link, submodule, text
from qwen_mcp_tools.sandbox.github.written import Note, WrittenHistory

BEGIN = 1_770_000_000
HUGE_ID = "d748d1b68b9dc69c4717ebc070dbc547d129bcc6"
HUGE_SIZE = 104_857_601
"""So many NULs, which nobody needs to hold."""
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle r="4"/></svg>\n'
CHINESE = "# 异步任务的超时处理\n\n任务超过时限时会被取消，日志里留下记录。\n"
LFS_TEXT = b"".join(b"row %d,%d\n" % (each, each * each) for each in range(1, 501))
LFS_BINARY = b"\0\1\2\3MODEL" + bytes(range(256)) * 8


def pointer(content: bytes) -> bytes:
    """Return the pointer file of an object in Git LFS (git-lfs, docs/spec.md)."""
    digest = hashlib.sha256(content).hexdigest()
    version = "https://git-lfs.github.com/spec/v1"
    return f"version {version}\noid sha256:{digest}\nsize {len(content)}\n".encode()


LFS = {hashlib.sha256(each).hexdigest(): each for each in (LFS_TEXT, LFS_BINARY)}


def lines(count: int) -> bytes:
    """Return numbered lines of 75 bytes."""
    line = b"line %08d of a text that goes on and on and holds one number each ....\n"
    return b"".join([line % number for number in range(1, count + 1)])


@cache
def odd_files() -> WrittenHistory:
    """Return the history of the repository of odd files."""
    history = WrittenHistory()
    sha = history.add(
        _snapshot(), Note("Collect odd files\n", BEGIN, "Wen Li", "wen@kestrel.example")
    )
    history.branches |= {"main": sha}
    history.tags["v1"] = Tag(sha, sha)
    return history


def _snapshot() -> Snapshot:
    return {
        "README.md": text("# Odd files\n\nFiles that programs stumble over.\n"),
        **_texts(),
        **_binaries(),
        **_links(),
        **_names(),
        ".gitmodules": text(
            '[submodule "vendor/kestrel"]\n\tpath = vendor/kestrel\n'
            "\turl = https://github.com/kestrel-jobs/kestrel.git\n"
        ),
        "vendor/kestrel": submodule(kestrel().tags["v2.4.1"].commit),
        **{f"many/file-{n:04d}.txt": text(f"{n}\n") for n in range(1, 1101)},
    }


def _texts() -> Snapshot:
    return {
        "texts/empty.txt": text(""),
        "texts/crlf.txt": text("first\r\nsecond\r\nthird\r\n"),
        "texts/no-newline.txt": text("one line without an end"),
        "texts/utf-16.txt": Written("first\nsecond\n第三行\n".encode("utf-16")),
        "texts/gbk.md": Written(CHINESE.encode("gb18030")),
        "texts/bom.txt": Written(b"\xef\xbb\xbffirst\nsecond\n"),
        "texts/1.5-mb.txt": Written(lambda: lines(20_000)),
        "texts/30-mb.txt": Written(lambda: lines(400_000)),
        "texts/over-100-mb.txt": Untold(HUGE_ID, HUGE_SIZE),
        "texts/app.min.js": Written(_minified),
        "texts/notebook.ipynb": text(json.dumps(_notebook(), indent=1)),
    }


def _binaries() -> Snapshot:
    return {
        "binary/data.bin": Written(bytes(range(256)) * 16),
        "binary/picture.png": Written(PNG),
        "binary/picture.svg": text(SVG),
        "lfs/table.csv": Written(pointer(LFS_TEXT)),
        "lfs/model.bin": Written(pointer(LFS_BINARY)),
        ".gitattributes": text("lfs/* filter=lfs diff=lfs merge=lfs -text\n"),
    }


def _links() -> Snapshot:
    return {
        "links/target.txt": text("what the link leads to\n"),
        "links/to-file": link("target.txt"),
        "links/to-link": link("to-file"),
        "links/to-directory": link("../texts"),
        "links/loop-a": link("loop-b"),
        "links/loop-b": link("loop-a"),
        "links/outside": link("../../etc/passwd"),
        "links/absolute": link("/etc/passwd"),
        "links/broken": link("nowhere.txt"),
    }


def _names() -> Snapshot:
    names = (
        "number#1.txt", "why?.txt", "two words.txt", "100%.txt", "%20.txt", "rocket-🚀.txt",
        "超时.txt", "Case.txt", "case.txt", "plus+and&.txt", "[brackets].txt",
    )  # fmt: skip
    return {f"names/{name}": text(f"This is {name}\n") for name in names}


def _minified() -> bytes:
    parts = (f"function f{n}(a,b){{return a*{n}+b}}" for n in range(6000))
    return ";".join(parts).encode()[:200_000]


def _notebook() -> dict[str, object]:
    prose = ["# Waits between tries\n", "\n", "How they grow."]
    code = ["waits = [2 ** n for n in range(5)]\n", "print(waits)"]
    shown = {"output_type": "stream", "name": "stdout", "text": ["[1, 2, 4, 8, 16]\n"]}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": prose},
            {
                "cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [shown],
                "source": code,
            },
        ],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip
