"""Which files of this machine may be sent, and that links, pipes and races change nothing."""

import os
import socket
import sys
from pathlib import Path, PureWindowsPath

import pytest

from qwen_mcp_tools.errors import NotFoundError, RefusedError, ToolFailure, UnreadableError
from qwen_mcp_tools.vision import files
from qwen_mcp_tools.vision.files import MOST_BYTES, Folders
from qwen_mcp_tools.vision.reference import Address, Inline, read_reference
from qwen_mcp_tools.vision.reference import Path as Written

LABEL = "shot.png"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a picture in it, and one beside it."""
    folder = tmp_path / "project"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "shot.png").write_bytes(b"inside")
    (folder / "with space,and comma.png").write_bytes(b"odd")
    (tmp_path / "secret.png").write_bytes(b"outside")
    monkeypatch.chdir(folder)
    return folder


def read(written: str, *roots: object, local: bool = True) -> bytes:
    return Folders(map(str, roots), local_files=local).read(written, LABEL)


def failure(written: str, *roots: object, local: bool = True) -> ToolFailure:
    with pytest.raises(ToolFailure) as raised:
        read(written, *roots, local=local)
    assert "\n" not in str(raised.value)
    return raised.value


def test_a_path_may_be_absolute_or_relative_to_the_working_directory(project: Path) -> None:
    for written in ("docs/shot.png", "./docs/../docs/shot.png", str(project / "docs/shot.png")):
        assert read(written) == b"inside"


def test_the_home_folder_can_be_written_as_a_tilde(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("USERPROFILE", str(project))

    assert read("~/docs/shot.png", project / "docs") == b"inside"
    assert read("~/docs/shot.png", "~/docs") == b"inside"
    assert isinstance(failure("~nobody-of-that-name/x.png", project), RefusedError)
    assert isinstance(failure("~\0x", project), RefusedError)


@pytest.mark.skipif(sys.platform == "win32", reason="there it is a path")
def test_a_path_of_windows_is_told_as_one(project: Path) -> None:
    for written in (r"C:\pics\shot.png", "c:/pics/shot.png"):
        assert "it is a path of Windows, and this server runs elsewhere; under WSL C:\\ is" in str(
            failure(written)
        )


@pytest.mark.parametrize("written", ["../secret.png", "docs/../../secret.png", "/etc/hostname"])
def test_outside_nothing_is_read(project: Path, written: str) -> None:
    refused = failure(written)

    assert isinstance(refused, RefusedError)
    assert str(refused) == (
        f"Refused shot.png: it is outside {project}; "
        "copy it there, or name its folder in QWEN_MCP_IMAGE_ROOTS"
    )


def test_outside_nothing_is_told_either(project: Path) -> None:
    there, missing = failure("../secret.png"), failure("../no-such-file.png")

    assert str(there) == str(missing)


def test_folders_that_are_named_take_the_place_of_the_working_directory(project: Path) -> None:
    assert read("docs/shot.png", project / "docs", project.parent / "other") == b"inside"
    assert isinstance(failure("with space,and comma.png", project / "docs"), RefusedError)


def test_a_folder_whose_name_only_begins_the_same_is_another(project: Path) -> None:
    (project.parent / "project-2").mkdir()
    (project.parent / "project-2" / "x.png").write_bytes(b"x")

    assert isinstance(failure("../project-2/x.png"), RefusedError)


def test_over_http_there_is_no_folder_unless_one_is_named(project: Path) -> None:
    assert str(failure("docs/shot.png", local=False)) == (
        "Refused shot.png: over HTTP a path would name a file of the server's machine; "
        "give its http(s) URL, or the picture as a data: URI"
    )
    assert read(str(project / "docs/shot.png"), project, local=False) == b"inside"


def test_a_link_counts_as_what_it_leads_to(project: Path) -> None:
    (project / "in.png").symlink_to("docs/shot.png")
    (project / "out.png").symlink_to("../secret.png")
    (project / "around").symlink_to("..")
    (project / "circle.png").symlink_to("circle.png")

    assert read("in.png") == b"inside"
    for written in ("out.png", "around/secret.png", "circle.png"):
        assert isinstance(failure(written), RefusedError)
    assert read("around/project/docs/shot.png") == b"inside"


def test_a_root_may_itself_be_a_link(project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project)

    assert read("link/docs/shot.png".replace("link", str(tmp_path / "link")), tmp_path / "link")


@pytest.mark.parametrize("swapped", ["file", "folder"])
def test_what_is_swapped_for_a_link_after_it_was_judged_is_not_read(
    project: Path, monkeypatch: pytest.MonkeyPatch, swapped: str
) -> None:
    (project.parent / "shot.png").write_bytes(b"outside")
    judged = files._judge

    def judge_then_swap(*arguments: object) -> object:
        root_and_names = judged(*arguments)
        if swapped == "file":
            (project / "docs/shot.png").unlink()
            (project / "docs/shot.png").symlink_to(project.parent / "secret.png")
        else:
            (project / "docs").rename(project / "moved")
            (project / "docs").symlink_to("..")
        return root_and_names

    monkeypatch.setattr(files, "_judge", judge_then_swap)

    assert isinstance(failure("docs/shot.png"), UnreadableError)


@pytest.mark.parametrize("swapped", [False, True])
def test_where_folders_cannot_be_held_it_is_looked_at_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, swapped: bool
) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", set())
    judged = files._judge

    def judge_then_swap(*arguments: object) -> object:
        root_and_names = judged(*arguments)
        (project / "docs").rename(project / "moved")
        (project / "docs").symlink_to("moved")
        return root_and_names

    if swapped:
        monkeypatch.setattr(files, "_judge", judge_then_swap)
        assert isinstance(failure("docs/shot.png"), NotFoundError)
    else:
        assert read("docs/shot.png") == b"inside"
        assert isinstance(failure("docs/nowhere.png"), NotFoundError)


def test_what_is_no_plain_file_is_refused_without_waiting_for_it(project: Path) -> None:
    os.mkfifo(project / "pipe.png")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.png")

        assert str(failure("pipe.png")).startswith("Refused shot.png: it is a device or a pipe")
        assert isinstance(failure("socket.png"), UnreadableError)
    for written in ("docs", ".", "docs/"):
        assert str(failure(written)) == "Refused shot.png: it is a folder; name a picture in it"
    assert isinstance(failure("/dev/zero", "/dev"), RefusedError)
    assert isinstance(failure("/proc/self/environ"), RefusedError)


def test_a_missing_file_inside_is_told_as_missing(project: Path) -> None:
    assert str(failure("docs/nowhere.png")) == "Not found: shot.png; check the path"
    assert isinstance(failure("docs/shot.png/more.png"), UnreadableError | NotFoundError)
    assert isinstance(failure(f"docs/{'x' * 300}.png"), RefusedError | UnreadableError)


def test_a_file_that_may_not_be_read_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "_open", denied)

    assert str(failure("docs/shot.png")) == (
        "Can't read shot.png: the system says: permission denied; check the file"
    )


def test_a_large_file_is_refused_before_it_is_read(project: Path) -> None:
    with (project / "large.png").open("wb") as file:
        file.truncate(MOST_BYTES + 1)

    assert str(failure("large.png")) == (
        "Can't read shot.png: it has more than 20 MB; give a smaller copy"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the folders of POSIX systems")
@pytest.mark.parametrize("folder", ["/", "/etc", "/usr", "/proc/self", "/home-of-the-user", "/tmp"])
def test_a_working_directory_that_holds_more_than_a_project_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    if folder == "/home-of-the-user":
        folder = str(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path / "below"))
    monkeypatch.chdir(folder)

    assert str(failure("shot.png")).endswith(
        "which is too wide to send from; name your pictures' folder in QWEN_MCP_IMAGE_ROOTS"
    )


def test_a_working_directory_that_is_gone_is_told(project: Path) -> None:
    (project / "docs" / "shot.png").unlink()
    for folder in (project / "docs", project / "with space,and comma.png"):
        folder.rmdir() if folder.is_dir() else folder.unlink()
    project.rmdir()

    assert str(failure("shot.png")) == (
        "Refused shot.png: the working directory is gone; start the server again"
    )
    assert isinstance(failure("shot.png", project.parent), RefusedError)


@pytest.mark.parametrize(
    ("written", "is_looked_at"),
    [
        (r"C:\project\x.png", True),
        (r"c:\elsewhere\x.png", True),
        (r"D:\x.png", False),
        (r"\\server\share\x.png", False),
        (r"\\?\UNC\server\share\x.png", False),
        (r"\\.\pipe\x.png", False),
    ],
)
def test_another_machines_share_is_not_even_looked_at(written: str, is_looked_at: bool) -> None:
    roots = [PureWindowsPath(r"C:\project")]

    assert files.is_on_drive_of(PureWindowsPath(written), roots) is is_looked_at


@pytest.mark.parametrize(
    ("written", "place", "page", "label"),
    [
        ("shot.png", Written("shot.png"), 0, "shot.png"),
        ("@docs/shot.png", Written("docs/shot.png", "@docs/shot.png"), 0, "shot.png"),
        ("a,b.png", Written("a,b.png"), 0, "a,b.png"),
        ("C:\\pics\\shot.png", Written("C:\\pics\\shot.png"), 0, "shot.png"),
        ("paper.pdf#page=12", Written("paper.pdf"), 12, "paper.pdf"),
        ("odd#name.png", Written("odd#name.png"), 0, "odd#name.png"),
        ("file:///tmp/with%20space.png", Written("/tmp/with space.png"), 0, "with%20space.png"),
        ("file://localhost/tmp/x.png", Written("/tmp/x.png"), 0, "x.png"),
        ("https://a.example/b/c.png?x=1", Address("https://a.example/b/c.png?x=1"), 0, "c.png"),
        ("http://a.example/p.pdf#page=2", Address("http://a.example/p.pdf"), 2, "p.pdf"),
        ("data:image/png;base64,aGk=", Inline(b"hi"), 0, "data: URI"),
        ("data:;base64,aG\n k=", Inline(b"hi"), 0, "data: URI"),
        ("data:;base64,%2B%2f%2B%3D", Inline(b"\xfb\xff"), 0, "data: URI"),
        ("data:;base64,++%3D%3d", Inline(b"\xfb"), 0, "data: URI"),
        ("@https://a.example/c.png", Address("https://a.example/c.png"), 0, "c.png"),
        ("@file:///tmp/x.png", Written("/tmp/x.png"), 0, "x.png"),
        ("https://me:pass@a.example", Address("https://me:pass@a.example"), 0, "a.example"),
        ("https://me:pass@a.example/", Address("https://me:pass@a.example/"), 0, "a.example"),
    ],
)
def test_a_reference_is_a_path_an_address_or_the_bytes(
    written: str, place: object, page: int, label: str
) -> None:
    reference = read_reference(written, 1, 1)

    assert (reference.place, reference.page, reference.label) == (place, page, label)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("  ", "picture 2 is empty; give a path, a URL or a data: URI"),
        ("ftp://a.example/x.png", "Refused picture 2 (x.png): ftp: is no scheme for pictures"),
        ("file://server/x.png", "Refused picture 2 (x.png): its file: URI names another machine"),
        ("data:image/png,abc", "Can't read picture 2 (data: URI): a data: URI must be base64"),
        ("data:image/png;base64,ab%c", "Can't read picture 2 (data: URI): its base64 is broken"),
        ("data:image/png;base64,YWJ", "Can't read picture 2 (data: URI): its base64 is broken"),
        ("file://[x/y.png", "Refused picture 2 "),
        ("file:~%00x", "Refused picture 2 (file:~%00x): its file: URI holds a control character;"),
        ("file:///tmp/a%0ab", "Refused picture 2 (a%0ab): its file: URI holds a control character"),
        ("paper.pdf#page=0", "picture 2 (paper.pdf) has no page 0: #page= counts from 1"),
    ],
)
def test_a_reference_that_means_nothing_is_told_by_its_number(written: str, words: str) -> None:
    with pytest.raises(ToolFailure) as raised:
        read_reference(written, 2, 3)

    assert str(raised.value).startswith(words)
