"""A checkout of the user's is published with its history; any other folder as one commit."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.github.checkout import folder_history
from qwen_mcp_tools.sandbox.github.checkout import published as published_history
from tests.commands.test_commands import run
from tests.sandbox.asking import RAW, SHA, ask, code, get

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
OURS = "/repos/me/project"
AUTHOR = {
    "GIT_AUTHOR_NAME": "Mei", "GIT_AUTHOR_EMAIL": "mei@example.com",
    "GIT_COMMITTER_NAME": "Mei", "GIT_COMMITTER_EMAIL": "mei@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def git(folder: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **AUTHOR, **environment},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    git(folder, "init", "--quiet", "--initial-branch", "trunk")
    (folder / "src").mkdir()
    (folder / "src" / "heron.py").write_bytes(b"def wade():\n    return 'heron'\n")
    (folder / "README.md").write_bytes(b"# Heron\r\n")
    (folder / "名.txt").write_bytes("名\n".encode())
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "Wade")
    git(folder, "tag", "v1")
    git(folder, "tag", "-a", "v2", "-m", "Two")
    git(folder, "checkout", "--quiet", "-b", "topic/long-legs")
    (folder / "src" / "heron.py").write_bytes(b"def wade():\n    return 'long legs'\n")
    git(folder, "commit", "--quiet", "-am", "Longer legs\n\nThe water is deep.")
    git(folder, "checkout", "--quiet", "trunk")
    (folder / "untracked.txt").write_bytes(b"not in a commit\n")
    return folder


@pytest.fixture(scope="module")
def published(checkout: Path) -> Iterator[Sandbox]:
    with Sandbox(repositories={"me/project": checkout}) as sandbox:
        yield sandbox


def test_branches_and_tags_are_gits(published: Sandbox, checkout: Path) -> None:
    branches = {
        each["name"]: each["commit"]["sha"] for each in ask(published, f"{OURS}/branches").json()
    }
    tags = {each["name"]: each["commit"]["sha"] for each in ask(published, f"{OURS}/tags").json()}

    assert ask(published, OURS).json()["default_branch"] == "trunk"
    assert branches == {
        name: git(checkout, "rev-parse", name) for name in ("trunk", "topic/long-legs")
    }
    assert tags == {name: git(checkout, "rev-parse", f"{name}^{{commit}}") for name in ("v1", "v2")}
    for name, kind in (("v1", "commit"), ("v2", "tag")):
        found = ask(published, f"{OURS}/git/ref/tags/{name}").json()["object"]
        assert (found["type"], found["sha"]) == (kind, git(checkout, "rev-parse", name))


def test_trees_and_files_are_gits(published: Sandbox, checkout: Path) -> None:
    tree = ask(published, f"{OURS}/git/trees/trunk", recursive=1).json()
    listed = git(checkout, "-c", "core.quotePath=off", "ls-tree", "-r", "-t", "trunk").splitlines()

    assert tree["sha"] == git(checkout, "rev-parse", "trunk^{tree}")
    assert [f"{e['mode']} {e['type']} {e['sha']}\t{e['path']}" for e in tree["tree"]] == listed
    assert ask(published, f"{OURS}/contents/README.md", accept=RAW).content == b"# Heron\r\n"
    assert ask(published, f"{OURS}/contents/untracked.txt").status_code == 404


def test_every_name_of_a_commit_is_gits(published: Sandbox, checkout: Path) -> None:
    for name in ("topic/long-legs", "v2", "HEAD", git(checkout, "rev-parse", "--short", "v1")):
        sha = git(checkout, "rev-parse", f"{name}^{{commit}}")
        assert ask(published, f"{OURS}/commits/{name}", accept=SHA).text == sha
    for name in ("topic", "--all", "trunk~1", "0" * 40):
        assert ask(published, f"{OURS}/commits/{name}").status_code == 422


def test_the_log_of_a_path_is_gits(published: Sandbox, checkout: Path) -> None:
    asked = ask(published, f"{OURS}/commits", sha="topic/long-legs", path="src").json()

    assert [each["sha"] for each in asked] == git(
        checkout, "log", "--format=%H", "topic/long-legs"
    ).split()
    assert asked[0]["commit"]["message"] == "Longer legs\n\nThe water is deep."
    assert asked[0]["commit"]["author"]["name"] == "Mei"


def test_its_code_is_found_and_read_raw(published: Sandbox) -> None:
    raw = f"{published.raw.url}/me/project"

    assert code(published, "wade repo:me/project language:python") == ["src/heron.py"]
    assert "long legs" in get(f"{raw}/topic/long-legs/src/heron.py").text
    assert get(f"{raw}/trunk/名.txt").text == "名\n"
    assert published.github.files["me/project"]["README.md"] == b"# Heron\r\n"


def test_the_built_in_repositories_stay(published: Sandbox) -> None:
    assert ask(published, "/repos/kestrel-jobs/kestrel").status_code == 200


def test_a_folder_without_git_is_one_commit_with_gits_ids(checkout: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns(".git", "untracked.txt"))
    (copy / "src.txt").write_bytes(b"git sorts this before the folder\n")
    if os.name == "posix":
        (copy / "to-src").symlink_to("src")
        (copy / "run").write_bytes(b"#!/bin/sh\n")
        (copy / "run").chmod(0o755)
    history = folder_history(copy)
    head = history.resolve("HEAD")
    tree = history.tree("main") or (history.tree(head.sha) if head else None)
    git(copy, "init", "--quiet")
    git(copy, "add", ".")

    assert head
    assert tree
    assert tree.sha == git(copy, "write-tree")
    assert [each.sha for each in history.log(head.sha)] == [head.sha]


def test_the_written_histories_have_gits_ids(sandbox: Sandbox, tmp_path: Path) -> None:
    history = sandbox.github.repository("kestrel-jobs/kestrel").history
    head = history.resolve("HEAD")
    tree = history.tree(head.sha) if head else None
    assert head
    assert tree
    for path, entry in tree.files():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(history.read(entry.sha) or b"")
        (tmp_path / path).chmod(int(entry.mode, 8) & 0o777)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "-c", "core.autocrlf=false", "add", "--force", ".")

    assert tree.sha == git(tmp_path, "write-tree")


def test_the_command_publishes_several(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"mine\n")
    repos = ("--repo", f"me/project={checkout}", "--repo", f"me/notes={tmp_path}")
    with subprocess.Popen(
        [sys.executable, "-m", "qwen_mcp_tools", "sandbox", "--json", *repos],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        settings = json.loads(process.stdout.readline())
        try:
            raw = settings["GITHUB_RAW_URL"]
            assert get(f"{raw}/me/notes/HEAD/notes.txt").text == "mine\n"
            assert get(f"{raw}/me/project/v1/README.md").text == "# Heron\r\n"
            assert get(f"{settings['GITHUB_API_URL']}{OURS}").json()["default_branch"] == "trunk"
        finally:
            process.send_signal(signal.SIGTERM)


def test_a_checkout_that_git_can_not_read_is_published_as_a_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").write_bytes(b"gitdir: nowhere\n")
    (tmp_path / "kept.txt").write_bytes(b"kept\n")
    history = published_history(tmp_path)
    head = history.resolve("HEAD")
    tree = history.tree(head.sha) if head else None

    assert tree
    assert list(tree.entries) == ["kept.txt"]


def test_only_ids_are_handed_to_git(published: Sandbox) -> None:
    for name in ("HEAD:README.md", "trunk", "--batch-all-objects"):
        assert ask(published, f"{OURS}/git/blobs/{name}").status_code == 404
    assert ask(published, f"{OURS}/git/trees/HEAD:src").status_code == 404


def test_a_written_commit_has_gits_id(sandbox: Sandbox, tmp_path: Path) -> None:
    history = sandbox.github.repository("kestrel-jobs/kestrel-go").history
    head = history.resolve("HEAD")
    tree = history.tree(head.sha) if head else None
    assert head
    assert tree
    for path, entry in tree.files():
        (tmp_path / path).write_bytes(history.read(entry.sha) or b"")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "-c", "core.autocrlf=false", "add", ".")
    who = {
        f"GIT_{role}_{fact}": value
        for role in ("AUTHOR", "COMMITTER")
        for fact, value in (
            ("NAME", head.author),
            ("EMAIL", head.address),
            ("DATE", f"@{head.moment} +0000"),
        )
    }

    written = git(tmp_path, "write-tree")
    assert git(tmp_path, "commit-tree", written, "-m", head.message.strip(), **who) == head.sha


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("project=.", "--repo takes OWNER/NAME=DIR; 'project=.' is none"),
        ("me/project", "--repo takes OWNER/NAME=DIR; 'me/project' is none"),
        ("me/pro ject=.", "--repo takes OWNER/NAME=DIR; 'me/pro ject=.' is none"),
        ("me/project=/no/such/folder", "--repo takes a folder; /no/such/folder is none"),
    ],
)
def test_what_is_no_checkout_is_told_in_one_line(value: str, words: str) -> None:
    told = run("sandbox", "--repo", value)

    assert told.returncode == 2
    assert told.stderr == f"qwen-mcp-tools: {words}\n"
    assert told.stdout == ""
