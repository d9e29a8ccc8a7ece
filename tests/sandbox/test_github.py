"""The sandbox's GitHub behaves as the service is documented to, errors and limits included."""

import base64
import time
from typing import Any

import github
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.github.code_query import understand
from qwen_mcp_tools.sandbox.github.fragments import text_matches
from qwen_mcp_tools.sandbox.github.odd import LFS_BINARY, LFS_TEXT, lines
from tests.sandbox.asking import KESTREL, MATCHES, OBJECT, ODD, RAW, SHA, ask, code, get


def contents(sandbox: Sandbox, path: str, repo: str = ODD, **how: Any) -> httpx.Response:
    return ask(sandbox, f"{repo}/contents/{path}", **how)


# Who asks, and how


def test_it_wants_to_know_who_asks(sandbox: Sandbox) -> None:
    answer = ask(sandbox, KESTREL, headers={"User-Agent": ""})

    assert answer.status_code == 403
    assert "User-Agent" in answer.json()["message"]


def test_a_wrong_token_is_refused_also_for_public_things(sandbox: Sandbox) -> None:
    answer = ask(sandbox, KESTREL, token="ghp_wrong")

    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


def test_an_unknown_version_is_refused(sandbox: Sandbox) -> None:
    headers = {"X-GitHub-Api-Version": "1999-01-01"}

    assert ask(sandbox, KESTREL, headers=headers).status_code == 400


@pytest.mark.parametrize("base", ["", "/api/v3"])
def test_urls_lead_back_to_where_it_was_asked(sandbox: Sandbox, base: str) -> None:
    answer = ask(sandbox, f"{base}{KESTREL}", headers={"Host": "github.test:8080"}).json()

    assert answer["url"] == f"http://github.test:8080{base}{KESTREL}"
    assert answer["html_url"] == "https://github.com/kestrel-jobs/kestrel"


def test_an_answer_is_packed_where_that_is_taken(sandbox: Sandbox) -> None:
    assert ask(sandbox, KESTREL).headers["content-encoding"] == "gzip"
    plain = ask(sandbox, KESTREL, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


# Repositories


def test_names_are_the_same_in_capitals_and_not(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "/repos/Kestrel-Jobs/KESTREL").json()

    assert answer["full_name"] == "kestrel-jobs/kestrel"
    assert ask(sandbox, f"/repositories/{answer['id']}/languages").json()["Go"] > 0


def test_a_moved_repository_is_told_with_its_new_place(sandbox: Sandbox) -> None:
    moved = ask(sandbox, "/repos/idafalk/kestrel/contents/docs", ref="v2.4.0")
    target = moved.headers["location"]

    assert (moved.status_code, moved.json()["message"]) == (301, "Moved Permanently")
    assert moved.json()["url"] == target
    assert target.endswith("/contents/docs?ref=v2.4.0")
    assert get(target).json()[0]["path"].startswith("docs/")


@pytest.mark.parametrize("token", [None, "ghp_strangerP8s2Gk6Xv1Tn9Bq4Jw7Fd3Mh5R"])
def test_a_private_repository_is_hidden_from_others(sandbox: Sandbox, token: str | None) -> None:
    path = "/repos/kestrel-jobs/secrets"

    assert ask(sandbox, path, token=token).json()["message"] == "Not Found"
    assert ask(sandbox, path).json()["private"] is True


def test_an_empty_repository_has_no_contents(sandbox: Sandbox) -> None:
    path = "/repos/kestrel-jobs/empty"
    answers = [ask(sandbox, path + end) for end in ("", "/contents", "/git/trees/main", "/commits")]

    assert [answer.status_code for answer in answers] == [200, 404, 409, 409]
    assert answers[1].json()["message"] == "This repository is empty."
    assert answers[2].json()["message"] == "Git Repository is empty."


def test_a_repository_that_was_taken_down_says_why(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "/repos/kestrel-jobs/taken-down")

    assert answer.status_code == 451
    assert answer.json()["block"]["reason"] == "dmca"


# Names of commits


@pytest.mark.parametrize(
    "ref", ["main", "HEAD", "heads/main", "refs/heads/main", "", "feature/retry-budget", "v2.4.1"]
)
def test_a_commit_is_found_by_every_name(sandbox: Sandbox, ref: str) -> None:
    repository = sandbox.github.repository("kestrel-jobs/kestrel")
    commit = repository.history.resolve(ref)
    assert commit
    path = f"{KESTREL}/commits/{ref or 'HEAD'}"

    assert ask(sandbox, path).json()["sha"] == commit.sha
    assert ask(sandbox, path, accept=SHA).text == commit.sha
    assert ask(sandbox, f"{KESTREL}/commits/{commit.sha[:8]}").json()["sha"] == commit.sha


@pytest.mark.parametrize("ref", ["feature", "nowhere", "0" * 40])
def test_a_commit_that_is_none_is_told(sandbox: Sandbox, ref: str) -> None:
    answer = ask(sandbox, f"{KESTREL}/commits/{ref}")
    seen = contents(sandbox, "README.md", KESTREL, ref=ref)

    assert (answer.status_code, answer.json()["message"]) == (
        422,
        f"No commit found for SHA: {ref}",
    )
    assert (seen.status_code, seen.json()["message"]) == (404, f"No commit found for the ref {ref}")


def test_an_annotated_tag_has_an_object_of_its_own(sandbox: Sandbox) -> None:
    light, annotated = (
        ask(sandbox, f"{KESTREL}/git/ref/tags/{name}").json()["object"]
        for name in ("v2.4.0", "v2.4.1")
    )
    tags = {tag["name"]: tag["commit"]["sha"] for tag in ask(sandbox, f"{KESTREL}/tags").json()}

    assert (light["type"], annotated["type"]) == ("commit", "tag")
    assert light["sha"] == tags["v2.4.0"]
    assert annotated["sha"] != tags["v2.4.1"]


def test_references_are_found_by_their_beginning(sandbox: Sandbox) -> None:
    found = ask(sandbox, f"{KESTREL}/git/matching-refs/heads/feature").json()

    assert [each["ref"] for each in found] == ["refs/heads/feature/retry-budget"]
    assert ask(sandbox, f"{KESTREL}/git/ref/heads/feature").status_code == 404
    assert ask(sandbox, f"{KESTREL}/git/matching-refs/heads/none").json() == []


def test_the_commits_of_a_path_are_those_that_touch_it(sandbox: Sandbox) -> None:
    def log(**parameters: str) -> list[str]:
        found = ask(sandbox, f"{KESTREL}/commits", **parameters).json()
        return [each["commit"]["message"].splitlines()[0] for each in found]

    assert len(log()) == 4
    assert log(path="docs/retries.md") == ["Share a budget of retries"]
    assert log(path="clients", sha="v2.4.0") == ["Release 2.4.0"]
    assert log(path="nowhere") == []


def test_lists_turn_pages_by_link(sandbox: Sandbox) -> None:
    first = ask(sandbox, f"{KESTREL}/branches", per_page=2)
    second = ask(sandbox, first.links["next"]["url"].removeprefix(sandbox.github.url))

    names = [branch["name"] for page in (first, second) for branch in page.json()]
    assert names == ["feature/retry-budget", "main", "release/2.4"]
    assert "next" not in second.links


# Files


def test_a_file_comes_in_base64_of_sixty_a_line(sandbox: Sandbox) -> None:
    answer = contents(sandbox, "src/kestrel/budget.py", KESTREL).json()

    assert answer["encoding"] == "base64"
    assert {len(line) for line in answer["content"].splitlines()[:-1]} == {60}
    assert base64.b64decode(answer["content"]).startswith(b'"""A budget of retries')
    assert get(answer["download_url"]).text.startswith('"""A budget of retries')


@pytest.mark.parametrize("size", ["1.5", "30"])
def test_beyond_a_megabyte_only_the_raw_type_gives_content(sandbox: Sandbox, size: str) -> None:
    path = f"texts/{size}-mb.txt"
    told = contents(sandbox, path).json()
    raw = contents(sandbox, path, accept=RAW, headers={"Accept-Encoding": "identity"})

    assert (told["encoding"], told["content"]) == ("none", "")
    assert told["size"] == len(raw.content) == float(size) * 1_000_000
    assert raw.content[-75:] == lines(int(float(size) * 1e6) // 75)[-75:]


def test_beyond_a_hundred_megabytes_nothing_is_given(sandbox: Sandbox) -> None:
    listed = contents(sandbox, "texts").json()
    (huge,) = (each for each in listed if each["size"] > 100_000_000)
    answers = [
        contents(sandbox, huge["path"]),
        contents(sandbox, huge["path"], accept=RAW),
        ask(sandbox, f"{ODD}/git/blobs/{huge['sha']}"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert answers[0].json()["errors"][0]["code"] == "too_large"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("texts/empty.txt", b""),
        ("texts/crlf.txt", b"first\r\nsecond\r\nthird\r\n"),
        ("names/number#1.txt", b"This is number#1.txt\n"),
        ("names/why?.txt", b"This is why?.txt\n"),
        ("names/two words.txt", b"This is two words.txt\n"),
        ("names/100%.txt", b"This is 100%.txt\n"),
        ("names/%20.txt", b"This is %20.txt\n"),
        ("names/rocket-🚀.txt", "This is rocket-🚀.txt\n".encode()),
        ("names/超时.txt", "This is 超时.txt\n".encode()),
        ("names/Case.txt", b"This is Case.txt\n"),
        ("names/case.txt", b"This is case.txt\n"),
    ],
)
def test_odd_files_come_as_they_are(sandbox: Sandbox, path: str, content: bytes) -> None:
    from urllib.parse import quote

    told = contents(sandbox, quote(path)).json()
    raw = contents(sandbox, quote(path), accept=RAW)
    blob = get(told["git_url"]).json()

    assert told["path"] == path
    assert base64.b64decode(told["content"]) == base64.b64decode(blob["content"]) == content
    assert raw.content == get(told["download_url"]).content == content
    assert raw.headers["content-type"] == "application/vnd.github.raw+json; charset=utf-8"
    assert get(told["url"]).json()["sha"] == told["sha"]


def test_a_directory_lists_at_most_a_thousand(sandbox: Sandbox) -> None:
    listed = contents(sandbox, "many").json()
    tree = ask(sandbox, f"{ODD}/git/trees/main", recursive=0).json()

    assert len(listed) == 1_000
    assert sum(each["path"].startswith("many/") for each in tree["tree"]) == 1_100


def test_a_directory_can_be_one_object(sandbox: Sandbox) -> None:
    answer = contents(sandbox, "links", accept=OBJECT).json()

    assert (answer["type"], answer["path"]) == ("dir", "links")
    assert {"links/to-file", "links/loop-a"} <= {each["path"] for each in answer["entries"]}


@pytest.mark.parametrize("name", ["to-file", "to-link"])
def test_a_link_to_a_file_gives_that_file(sandbox: Sandbox, name: str) -> None:
    answer = contents(sandbox, f"links/{name}").json()

    assert (answer["type"], answer["path"]) == ("file", "links/target.txt")
    assert contents(sandbox, f"links/{name}", accept=RAW).text == "what the link leads to\n"
    assert "target" not in answer


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("to-directory", "../texts"),
        ("loop-a", "loop-b"),
        ("outside", "../../etc/passwd"),
        ("absolute", "/etc/passwd"),
        ("broken", "nowhere.txt"),
    ],
)
def test_any_other_link_names_its_target(sandbox: Sandbox, name: str, target: str) -> None:
    answer = contents(sandbox, f"links/{name}").json()

    assert (answer["type"], answer["target"]) == ("symlink", target)


@pytest.mark.parametrize(("version", "kind"), [("2022-11-28", "file"), ("2026-03-10", "submodule")])
def test_a_submodule_is_listed_in_the_versions_word(
    sandbox: Sandbox, version: str, kind: str
) -> None:
    headers = {"X-GitHub-Api-Version": version}
    (listed,) = contents(sandbox, "vendor", headers=headers).json()
    own = contents(sandbox, "vendor/kestrel", headers=headers).json()

    assert (listed["type"], listed["size"], listed["download_url"]) == (kind, 0, None)
    assert own["type"] == "submodule"
    assert own["submodule_git_url"] == "https://github.com/kestrel-jobs/kestrel.git"
    assert listed["html_url"].endswith(f"kestrel-jobs/kestrel/tree/{listed['sha']}")


def test_a_path_through_a_file_or_a_link_is_not_there(sandbox: Sandbox) -> None:
    for path in ("nowhere", "texts/crlf.txt/x", "links/to-directory/crlf.txt", "Texts"):
        assert contents(sandbox, path).json()["message"] == "Not Found"


def test_a_tree_is_whole_with_any_value_of_recursive(sandbox: Sandbox) -> None:
    whole = ask(sandbox, f"{KESTREL}/git/trees/feature/retry-budget", recursive="false").json()
    flat = ask(sandbox, f"{KESTREL}/git/trees/{whole['sha']}").json()
    (folder,) = (each for each in flat["tree"] if each["path"] == "src")
    below = ask(sandbox, f"{KESTREL}/git/trees/{folder['sha']}", recursive=1).json()

    assert "src/kestrel/storage/files.py" in {each["path"] for each in whole["tree"]}
    assert all("/" not in each["path"] for each in flat["tree"])
    assert "kestrel/storage/files.py" in {each["path"] for each in below["tree"]}
    assert {each["mode"] for each in whole["tree"]} == {"100644", "100755", "040000"}


def test_a_tree_can_be_cut_short(sandbox: Sandbox) -> None:
    whole = ask(sandbox, f"{KESTREL}/git/trees/main", recursive=1).json()
    sandbox.github.truncates_trees = True
    cut = ask(sandbox, f"{KESTREL}/git/trees/main", recursive=1).json()

    assert (whole["truncated"], cut["truncated"]) == (False, True)
    assert len(cut["tree"]) < len(whole["tree"])


def test_the_readme_and_the_release_have_places_of_their_own(sandbox: Sandbox) -> None:
    assert ask(sandbox, f"{KESTREL}/readme").json()["path"] == "README.md"
    assert ask(sandbox, f"{KESTREL}/readme", accept=RAW).text.startswith("# Kestrel")
    assert ask(sandbox, f"{KESTREL}/releases/latest").json()["tag_name"] == "v2.4.1"
    assert ask(sandbox, f"{ODD}/releases/latest").status_code == 404


# The hosts without an API


@pytest.mark.parametrize(
    "ref", ["main", "HEAD", "refs/heads/main", "feature/retry-budget", "refs/tags/v2.4.1", "v2.4.1"]
)
def test_the_raw_host_finds_where_the_ref_ends(sandbox: Sandbox, ref: str) -> None:
    answer = get(f"{sandbox.raw.url}/kestrel-jobs/kestrel/{ref}/scripts/check.sh")

    assert answer.text.startswith("#!/bin/sh")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["etag"].startswith('W/"')
    assert not [name for name in answer.headers if name.startswith("x-ratelimit")]


@pytest.mark.parametrize(
    "path", ["kestrel/main/src", "kestrel/none/README.md", "secrets/main/notes.md", "empty/main/x"]
)
def test_the_raw_host_says_not_found_as_text(sandbox: Sandbox, path: str) -> None:
    answer = get(f"{sandbox.raw.url}/kestrel-jobs/{path}")

    assert (answer.status_code, answer.text) == (404, "404: Not Found")


def test_the_media_host_gives_what_a_pointer_stands_for(sandbox: Sandbox) -> None:
    start = f"{sandbox.settings()['GITHUB_MEDIA_URL']}/kestrel-jobs/odd-files/main"
    pointer = contents(sandbox, "lfs/table.csv", accept=RAW).text

    assert pointer.splitlines()[2] == f"size {len(LFS_TEXT)}"
    assert get(f"{start}/lfs/table.csv").content == LFS_TEXT
    assert get(f"{start}/lfs/model.bin").content == LFS_BINARY
    assert get(f"{start}/lfs/none").status_code == 404


def test_the_files_are_there_for_other_stand_ins(sandbox: Sandbox) -> None:
    files = sandbox.github.files

    assert files["kestrel-jobs/kestrel"]["scripts/check.sh"].startswith(b"#!/bin/sh")
    assert "links/to-file" not in files["kestrel-jobs/odd-files"]
    assert "kestrel-jobs/secrets" not in files
    assert dict(files["kestrel-jobs/empty"]) == {}


# Searching code


def test_code_is_searched_with_a_token_only(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "/search/code", token=None, q="budget")
    (error,) = answer.json()["errors"]

    assert (answer.status_code, answer.json()["message"]) == (401, "Requires authentication")
    assert error["message"] == "Must be authenticated to access the code search API"


@pytest.mark.parametrize(
    ("q", "paths"),
    [
        ("RetryBudget language:python path:src/kestrel/b", []),
        ("class RetryBudget repo:kestrel-jobs/kestrel", ["budget.py", "worker.py"]),
        ("retrybudget filename:budget.py", ["budget.py"]),
        ('"doubles the wait"', ["retry.py"]),
        ('"wait the doubles"', []),
        ("kestrel_flush extension:h", ["flush.h"]),
        ("flush language:c NOT EINTR", ["flush.h"]),
        ("wrapping_mul OR fsync path:core", ["lib.rs"]),
        ("fsync path:src", ["files.py"]),
        ("fsync user:kestrel-jobs language:C", ["flush.c"]),
        ("Enqueue org:kestrel-jobs extension:go", ["client.go", "enqueue.go"]),
        ("budget in:path repo:kestrel-jobs/kestrel", ["budget.py"]),
        ("checksum size:<100", []),
        ("checksum size:>100 language:rust", ["lib.rs"]),
        ("filename:lib.rs", ["lib.rs", "lib.rs"]),
        ("budg", []),
        ("checksum stars:>100 -path:core", ["lib.rs"]),
    ],
)
def test_the_legacy_engine_finds_words(sandbox: Sandbox, q: str, paths: list[str]) -> None:
    assert sorted(path.rpartition("/")[2] for path in code(sandbox, q)) == sorted(paths)


@pytest.mark.parametrize(
    "q", ["/Retry.*/", "symbol:RetryBudget", "budget path:src/**/*.py", "budget filename:*.py"]
)
def test_the_legacy_engine_says_nothing_of_what_it_does_not_know(sandbox: Sandbox, q: str) -> None:
    assert code(sandbox, f"{q} repo:kestrel-jobs/kestrel") == []


@pytest.mark.parametrize(
    "q", ["(budget OR retry) wait", "budget fork:false", "budget in:name", "symbol:x language:go"]
)
def test_a_query_that_can_not_be_parsed_is_refused(sandbox: Sandbox, q: str) -> None:
    answer = ask(sandbox, "/search/code", q=q)

    assert answer.status_code == 422
    assert answer.json()["message"].startswith("ERROR_TYPE_QUERY_PARSING_FATAL")


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("x" * 257, "longer than 256"),
        ("a OR b OR c OR d OR e OR f OR g", "More than five"),
        ("budget repo:nobody/nothing", "cannot be searched"),
        ("budget repo:kestrel-jobs/taken-down", "cannot be searched"),
        ("language:python", "qualifiers only"),
    ],
)
def test_a_query_out_of_bounds_is_refused(sandbox: Sandbox, q: str, words: str) -> None:
    answer = ask(sandbox, "/search/code", q=q)

    assert answer.status_code == 422
    assert words in answer.json()["errors"][0]["message"]


def test_a_query_without_words_is_missing(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "/search/code")

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"resource": "Search", "field": "q", "code": "missing"}]


def test_private_code_is_found_by_who_may_see_it(sandbox: Sandbox) -> None:
    q = "rotation repo:kestrel-jobs/secrets"

    assert code(sandbox, q) == ["notes.md"]
    stranger = ask(sandbox, "/search/code", q=q, token=sandbox.github.stranger_token)
    assert stranger.status_code == 422


def test_fragments_are_shown_to_who_asks_and_their_offsets_are_right(sandbox: Sandbox) -> None:
    q = "budget retry repo:kestrel-jobs/kestrel"
    plain = ask(sandbox, "/search/code", q=q).json()["items"]
    shown = ask(sandbox, "/search/code", q=q, accept=MATCHES).json()["items"]
    matches = [match for item in shown for match in item["text_matches"]]

    assert "text_matches" not in plain[0]
    assert matches
    for match in matches:
        assert len(match["fragment"]) <= 400
        assert match["matches"]
        for each in match["matches"]:
            start, end = each["indices"]
            assert match["fragment"][start:end] == each["text"]
            assert each["text"].lower() in {"budget", "retry"}


@given(st.lists(st.sampled_from(["budget", "\n", " ", "x" * 90, "🚀"]), max_size=60).map("".join))
def test_fragments_are_pieces_of_the_text_in_its_order(text: str) -> None:
    places = understand("budget").places(text) or []
    shown = text_matches("", text, places, "", [])
    at = 0

    assert bool(shown) is bool(places)
    for each in shown:
        at = text.index(each["fragment"], at) + len(each["fragment"])
        assert len(each["fragment"]) <= 250
        for match in each["matches"]:
            start, end = match["indices"]
            assert each["fragment"][start:end] == match["text"] == "budget"


def test_a_hit_leads_to_its_blob_and_its_commit(sandbox: Sandbox) -> None:
    (item,) = ask(sandbox, "/search/code", q="wrapping_mul").json()["items"]
    commit = ask(sandbox, f"{KESTREL}/commits/main", accept=SHA).text

    assert f"/blob/{commit}/core/src/lib.rs" in item["html_url"]
    assert item["url"].endswith(f"?ref={commit}")
    assert get(item["url"]).json()["sha"] == item["sha"]
    assert b"wrapping_mul" in base64.b64decode(get(item["git_url"]).json()["content"])
    assert "stargazers_count" not in item["repository"]


def test_a_search_ends_at_a_thousand(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "/search/code", q="budget", per_page=100, page=11)

    assert answer.status_code == 422
    assert answer.json()["message"] == "Only the first 1000 search results are available"


def test_many_hits_come_in_pages(sandbox: Sandbox) -> None:
    q = "this repo:kestrel-jobs/odd-files path:names"
    first = ask(sandbox, "/search/code", q=q, per_page=4)
    last = get(
        first.links["last"]["url"], headers={"Authorization": f"token {sandbox.github.token}"}
    )

    assert first.json()["total_count"] == 11
    assert [len(page.json()["items"]) for page in (first, last)] == [4, 3]


def test_a_search_can_run_out_of_time(sandbox: Sandbox) -> None:
    sandbox.github.is_incomplete = True

    assert ask(sandbox, "/search/code", q="budget").json()["incomplete_results"] is True


# Searching repositories


@pytest.mark.parametrize(
    ("q", "sort", "names"),
    [
        ("job queue", "stars", ["pgjobs", "kestrel", "oxq", "kestrel-go", "kestrel-ui"]),
        ("job queue language:rust", "", ["oxq"]),
        ("topic:job-queue stars:>1000", "forks", ["pgjobs", "kestrel", "oxq"]),
        ("kestrel user:kestrel-jobs archived:true", "", ["kestrel-ui"]),
        ("kestrel stars:1..400", "stars", ["kestrel-go", "kestrel-ui"]),
        ("zyzzyva", "", []),
    ],
)
def test_repositories_are_found(sandbox: Sandbox, q: str, sort: str, names: list[str]) -> None:
    found = ask(sandbox, "/search/repositories", q=q, sort=sort, token=None).json()

    assert [item["name"] for item in found["items"]] == names
    assert found["total_count"] == len(names)


# Limits and failures


def test_every_answer_tells_what_is_left(sandbox: Sandbox) -> None:
    first, second = (ask(sandbox, KESTREL) for _ in range(2))
    anonymous = ask(sandbox, KESTREL, token=None)
    headers = second.headers

    assert first.headers["x-ratelimit-remaining"] == "4999"
    assert headers["x-ratelimit-remaining"] == "4998"
    assert (headers["x-ratelimit-used"], headers["x-ratelimit-resource"]) == ("2", "core")
    assert time.time() < int(headers["x-ratelimit-reset"]) <= time.time() + 3601
    assert anonymous.headers["x-ratelimit-limit"] == "60"
    assert headers["x-github-request-id"] != first.headers["x-github-request-id"]


def test_what_is_known_already_costs_nothing_with_a_token(sandbox: Sandbox) -> None:
    etag = ask(sandbox, KESTREL).headers["etag"]
    known = ask(sandbox, KESTREL, headers={"If-None-Match": etag})
    ask(sandbox, KESTREL, token=None)
    anonymous = ask(sandbox, KESTREL, token=None, headers={"If-None-Match": etag})

    assert etag.startswith('W/"')
    assert (known.status_code, known.content) == (304, b"")
    assert known.headers["x-ratelimit-remaining"] == "4999"
    assert (anonymous.status_code, anonymous.headers["x-ratelimit-remaining"]) == (304, "58")


@pytest.mark.parametrize("status", [403, 429])
def test_a_spent_budget_refuses_until_it_is_renewed(sandbox: Sandbox, status: int) -> None:
    sandbox.github.limit_status = status
    sandbox.github.leave("code_search", 1, reset_in=30)
    first, second = (ask(sandbox, "/search/code", q="budget") for _ in range(2))

    assert first.status_code == 200
    assert second.status_code == status
    assert second.json()["message"].startswith("API rate limit exceeded for user ID")
    assert second.headers["x-ratelimit-remaining"] == "0"
    assert second.headers["x-ratelimit-resource"] == "code_search"
    assert ask(sandbox, KESTREL).status_code == 200

    sandbox.github.leave("code_search", 0, reset_in=0)
    assert ask(sandbox, "/search/code", q="budget").status_code == 200


def test_code_is_searched_ten_times_a_minute(sandbox: Sandbox) -> None:
    answers = [ask(sandbox, "/search/code", q="zyzzyva").status_code for _ in range(11)]

    assert answers == [200] * 10 + [403]


def test_asking_for_the_limits_is_free(sandbox: Sandbox) -> None:
    ask(sandbox, KESTREL)
    old = ask(sandbox, "/rate_limit").json()
    new = ask(sandbox, "/rate_limit", headers={"X-GitHub-Api-Version": "2026-03-10"}).json()

    assert old["rate"] == old["resources"]["core"]
    assert old["resources"]["core"]["remaining"] == 4999
    assert old["resources"]["code_search"]["limit"] == 10
    assert "rate" not in new


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("after", [None, 7])
@pytest.mark.parametrize(("kind", "left"), [("primary", "0"), ("secondary", "4000")])
def test_a_limit_comes_as_it_is_told_and_once(
    sandbox: Sandbox, kind: str, left: str, status: int, after: int | None
) -> None:
    sandbox.github.fail(kind, status=status, retry_after=after)
    failed, then = ask(sandbox, KESTREL), ask(sandbox, KESTREL)

    assert (failed.status_code, then.status_code) == (status, 200)
    assert failed.headers["x-ratelimit-remaining"] == left
    assert failed.headers.get("retry-after") == (None if after is None else str(after))
    assert ("secondary" in failed.json()["message"]) is (kind == "secondary")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("sso", 403), ("abuse", 403), ("unavailable", 503), ("bad gateway", 502), ("suspended", 403)],
)
def test_other_failures_come_as_they_are_told(sandbox: Sandbox, kind: str, status: int) -> None:
    sandbox.github.fail(kind)
    failed = ask(sandbox, KESTREL)

    assert failed.status_code == status
    assert ("x-github-sso" in failed.headers) is (kind == "sso")
    assert failed.headers["content-type"].startswith("text/html") is (kind == "bad gateway")


# As PyGithub sees it


@pytest.mark.parametrize("base", ["", "/api/v3"])
def test_pygithub_reads_and_searches(sandbox: Sandbox, base: str) -> None:
    client = github.Github(
        auth=github.Auth.Token(sandbox.github.token),
        base_url=f"{sandbox.github.url}{base}",
        retry=None,
        seconds_between_requests=None,
    )
    repository = client.get_repo("kestrel-jobs/kestrel")
    readme = repository.get_contents("README.md", ref="v2.4.0")
    tree = repository.get_git_tree("main", recursive=True)
    (hit,) = client.search_code("wrapping_mul", highlight=True)

    assert isinstance(readme, github.ContentFile.ContentFile)
    assert readme.decoded_content.startswith(b"# Kestrel")
    assert "core/src/lib.rs" in [each.path for each in tree.tree]
    assert "wrapping_mul" in hit.text_matches[0]["fragment"]
    assert b"wrapping_mul" in hit.decoded_content
    assert [each.name for each in client.search_repositories("language:rust")] == ["oxq"]
    assert client.get_repo("idafalk/kestrel").full_name == "kestrel-jobs/kestrel"
    client.close()
