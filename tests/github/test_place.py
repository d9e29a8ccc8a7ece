"""What a repo argument, a path and a ref mean together, and what is refused before it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.github.hosts import hosts_of
from qwen_mcp_tools.github.names import Repository
from qwen_mcp_tools.github.place import Place, place_in, place_of
from qwen_mcp_tools.settings import Settings

HOSTS = hosts_of(Settings())
ENTERPRISE = hosts_of(Settings(github_api_url="https://git.example.com/api/v3"))
REPOSITORY = Repository("octo", "hello.world")
SHA = "0123456789abcdef0123456789abcdef01234567"


def place(repo: str, path: str = "", ref: str = "") -> Place:
    return place_of(repo, path, ref, HOSTS)


@pytest.mark.parametrize(
    "written",
    [
        "octo/hello.world",
        " octo/hello.world ",
        "octo/hello.world.git",
        "octo/hello.world/",
        "https://github.com/octo/hello.world",
        "https://github.com/octo/hello.world/",
        "http://www.github.com/octo/hello.world.git",
        "github.com/octo/hello.world",
        "<https://github.com/octo/hello.world>",
        "git@github.com:octo/hello.world.git",
        "ssh://git@github.com/octo/hello.world.git",
        "git+ssh://git@github.com/octo/hello.world",
        "git://github.com/octo/hello.world.git",
        "https://GitHub.com/octo/hello.world?tab=readme-ov-file#install",
        "https://api.github.com/repos/octo/hello.world",
    ],
)
def test_a_repository_is_known_by_every_spelling(written: str) -> None:
    assert place(written) == Place(REPOSITORY)


@pytest.mark.parametrize(
    ("url", "rest"),
    [
        ("https://github.com/octo/hello.world/blob/main/src/a.py", "main/src/a.py"),
        ("https://github.com/octo/hello.world/tree/feature/x/src", "feature/x/src"),
        ("https://github.com/octo/hello.world/raw/main/a%20b%23.txt", "main/a b#.txt"),
        ("https://github.com/octo/hello.world/blame/v1/a.py", "v1/a.py"),
        ("https://github.com/octo/hello.world/edit/main/a.py?plain=1", "main/a.py"),
        ("https://raw.githubusercontent.com/octo/hello.world/main/docs/a.md", "main/docs/a.md"),
        (
            "https://raw.githubusercontent.com/octo/hello.world/refs/heads/feature/x/a.md",
            "feature/x/a.md",
        ),
        ("https://github.com/octo/hello.world/blob/refs/tags/v1/a.md", "v1/a.md"),
        ("https://media.githubusercontent.com/media/octo/hello.world/main/a.bin", "main/a.bin"),
        ("https://github.com:443/octo/hello.world/blob/main/a.md", "main/a.md"),
    ],
)
def test_ref_and_path_of_a_url_stay_together_until_github_tells_them_apart(
    url: str, rest: str
) -> None:
    assert place(url) == Place(REPOSITORY, ref_and_path=rest)


@pytest.mark.parametrize(
    ("url", "ref"),
    [
        ("https://github.com/octo/hello.world/tree/main", "main"),
        (f"https://github.com/octo/hello.world/commit/{SHA}", SHA),
        ("https://github.com/octo/hello.world/releases/tag/v1.0", "v1.0"),
        ("https://github.com/octo/hello.world/releases/tag/app%2Fv1.0", "app/v1.0"),
    ],
)
def test_a_url_of_a_whole_tree_names_its_ref(url: str, ref: str) -> None:
    assert place(url) == Place(REPOSITORY, ref=ref)


@pytest.mark.parametrize(
    ("fragment", "lines"),
    [
        ("L10", (10, 10)),
        ("L10-L20", (10, 20)),
        ("L10-20", (10, 20)),
        ("L20-L10", (10, 20)),
        ("L10C5-L20C3", (10, 20)),
        ("readme", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_a_fragment_names_lines(fragment: str, lines: tuple[int, int]) -> None:
    found = place(f"https://github.com/octo/hello.world/blob/main/a.py#{fragment}")

    assert (found.first_line, found.last_line) == lines


def test_path_and_ref_beside_a_url_must_agree_with_it() -> None:
    url = "https://github.com/octo/hello.world/blob/feature/x/src/a.py"

    assert place(url, "src/a.py") == Place(REPOSITORY, "feature/x", "src/a.py")
    assert place(url, "", "feature/x") == Place(REPOSITORY, "feature/x", "src/a.py")
    assert place(url, "a.py", "feature/x/src") == Place(REPOSITORY, "feature/x/src", "a.py")
    with pytest.raises(BadArgumentError, match=r'path is "b\.py", but the URL in repo says'):
        place(url, "b.py")
    with pytest.raises(BadArgumentError, match='ref is "main", but the URL in repo says'):
        place(url, "", "main")
    with pytest.raises(BadArgumentError, match='ref is "dev", but the URL in repo says "main"'):
        place("https://github.com/octo/hello.world/tree/main", "src", "dev")


def test_path_and_ref_complete_a_url_of_the_repository() -> None:
    found = place("https://github.com/octo/hello.world", "/src//./a.py/", "main")

    assert found == Place(REPOSITORY, "main", "src/a.py")


@pytest.mark.parametrize(
    "repo",
    [
        "", "octo", "octo/", "/hello", "octo/hello/src", "octo/..", "../hello", "octo/.",
        "octo/he llo", "octo/hello?x=1", "octo/hello#a", "octo/hello%2f..", "octo\\hello",
        "octo/he\nllo", "octo/hello/../../user", "öcto/hello", "octo/" + "x" * 101,
        "https://gitlab.com/octo/hello", "https://gist.github.com/octo/0123",
        "https://github.com/octo", "https://github.com/topics/python",
        "https://github.com/octo/hello/issues/1", "https://github.com/octo/hello/pull/2/files",
        "https://github.com/octo/hello/wiki", "https://github.com/search?q=x",
        "https://github.com/octo/hello/blob/main/../../../user",
        "https://github.com/octo/hello/blob/main/..%2f..%2fuser",
        "https://github.com/octo/%2e%2e", "https://github.com@evil.example/octo/hello",
        "https://github.com.evil.example/octo/hello", "https://[::1/octo/hello",
        "file:///etc/passwd", "https://api.github.com/user", "https://api.github.com/repos/o",
    ],
)  # fmt: skip
def test_what_names_no_repository_is_refused(repo: str) -> None:
    with pytest.raises(BadArgumentError):
        place(repo)


@pytest.mark.parametrize(
    "path",
    ["..", "../x", "src/../../x", "a/..", "/../x", "a\0b", "a\nb", "a\u202eb", "x" * 701, "a\x1bb"],
)
def test_a_path_stays_inside_the_repository(path: str) -> None:
    with pytest.raises(BadArgumentError, match="path"):
        place("octo/hello", path)


@pytest.mark.parametrize("path", ["a b#c?d%20.txt", "数据/读我.md", "😀.txt", "...", "a\\b", "~"])
def test_odd_names_are_paths_too(path: str) -> None:
    assert place("octo/hello", path).path == path


@pytest.mark.parametrize(
    "ref",
    ["a..b", "-x", "/x", "x/", "x.lock", "x.lock/y", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[b",
     "a\\b", "a@{1}", "@", ".x", "x/.y", "x.", "a//b", "x\u200b", "x" * 251, "../../user"],
)  # fmt: skip
def test_a_ref_that_git_does_not_allow_is_refused(ref: str) -> None:
    with pytest.raises(BadArgumentError, match="ref must be a branch, a tag or a commit SHA"):
        place("octo/hello", "", ref)


@pytest.mark.parametrize("ref", ["main", "feature/x-1", "v1.0.0", SHA, SHA[:7], "分支", "a.b/c"])
def test_usual_refs_are_taken(ref: str) -> None:
    assert place("octo/hello", "", ref).ref == ref


def test_an_enterprise_server_reads_its_own_urls_only() -> None:
    own = "https://git.example.com/octo/hello.world"

    assert place_of(own, "", "", ENTERPRISE) == Place(REPOSITORY)
    assert place_of(f"{own}/blob/main/a.py", "", "", ENTERPRISE).ref_and_path == "main/a.py"
    api = "https://git.example.com/api/v3/repos/octo/hello.world/contents/a.py?ref=main"
    assert place_of(api, "", "", ENTERPRISE) == Place(REPOSITORY, "main", "a.py")
    with pytest.raises(BadArgumentError, match=r"of git\.example\.com"):
        place_of("https://github.com/octo/hello.world", "", "", ENTERPRISE)


@pytest.mark.parametrize(
    ("api", "web", "raw"),
    [
        ("https://api.github.com", "https://github.com", "https://raw.githubusercontent.com"),
        ("https://git.example.com/api/v3", "https://git.example.com", ""),
        ("https://api.octo.ghe.com", "https://octo.ghe.com", ""),
        ("http://127.0.0.1:8080", "https://github.com", ""),
        ("http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080", ""),
    ],
)
def test_the_other_hosts_follow_from_the_api(api: str, web: str, raw: str) -> None:
    hosts = hosts_of(Settings(github_api_url=api))

    assert (hosts.web, hosts.raw) == (web, raw)


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_a_place_or_refused_and_never_leaves_the_repository(
    repo: str, path: str, ref: str
) -> None:
    for written in (f"octo/{repo}", f"https://github.com/octo/hello/blob/{repo}"):
        try:
            found = place(written, path, ref)
        except BadArgumentError:
            continue
        steps = [*found.path.split("/"), *found.ref_and_path.split("/"), *found.ref.split("/")]
        assert ".." not in steps
        assert found.repository.name not in {".", ".."}


def test_only_files_folders_and_projects_are_recognised_among_pages() -> None:
    assert place_in("https://example.com/octo/hello", HOSTS) is None
    assert place_in("https://github.com/octo/hello/issues", HOSTS) is None
    assert place_in("https://github.com/octo/hello/actions/runs/1", HOSTS) is None
    assert place_in("https://github.com/features/copilot", HOSTS) is None
    assert place_in("https://github.com/octo/hello/tree/main/src", HOSTS)
