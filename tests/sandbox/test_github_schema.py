"""Every kind of answer of the sandbox's GitHub has the shape that GitHub describes.

The description is a slice of GitHub's own, made by `tests/data/slice_openapi.py`.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from qwen_mcp_tools.sandbox import Sandbox
from tests.sandbox.asking import KESTREL, MATCHES, OBJECT, ODD, ask

DESCRIPTION = Path(__file__).parents[1] / "data" / "github-openapi.json"
REPO = "/repos/{owner}/{repo}"


@cache
def described() -> dict[str, Any]:
    return json.loads(DESCRIPTION.read_text(encoding="utf-8"))


def problems(path: str, status: int, body: Any, kind: str = "application/json") -> list[str]:
    """Return what an answer's body has that the description does not allow, or lacks."""
    answer = f"#/paths/{path.replace('/', '~1')}/get/responses/{status}"
    found = described()["paths"][path]["get"]["responses"][str(status)]
    if "$ref" in found:
        answer = found["$ref"]
    schema = f"urn:github{answer}/content/{kind.replace('/', '~1')}/schema"
    registry: Any = Registry().with_resource(
        "urn:github", Resource(contents=described(), specification=DRAFT4)
    )
    validator = OAS30Validator({"$ref": schema}, registry=registry)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/rate_limit", "/rate_limit"),
        ("/user", "/user"),
        (REPO, KESTREL),
        (REPO, ODD),
        (REPO, "/repos/kestrel-jobs/empty"),
        (f"{REPO}/branches", f"{KESTREL}/branches"),
        (f"{REPO}/commits", f"{KESTREL}/commits"),
        (f"{REPO}/commits/{{ref}}", f"{KESTREL}/commits/feature/retry-budget"),
        (f"{REPO}/git/blobs/{{file_sha}}", ""),
        (f"{REPO}/git/matching-refs/{{ref}}", f"{KESTREL}/git/matching-refs/tags"),
        (f"{REPO}/git/ref/{{ref}}", f"{KESTREL}/git/ref/tags/v2.4.1"),
        (f"{REPO}/git/trees/{{tree_sha}}", f"{ODD}/git/trees/main?recursive=1"),
        (f"{REPO}/languages", f"{KESTREL}/languages"),
        (f"{REPO}/readme", f"{KESTREL}/readme"),
        (f"{REPO}/releases/latest", f"{KESTREL}/releases/latest"),
        (f"{REPO}/tags", f"{KESTREL}/tags"),
        ("/search/repositories", "/search/repositories?q=job"),
        ("/search/code", "/search/code?q=budget"),
    ],
)
def test_an_answer_has_the_described_shape(sandbox: Sandbox, path: str, asked: str) -> None:
    blob = sandbox.github.repository("kestrel-jobs/kestrel").tree
    assert blob
    answer = ask(sandbox, asked or f"{KESTREL}/git/blobs/{blob.entries['README.md'].sha}")

    assert answer.status_code == 200
    assert answer.json()
    assert problems(path, 200, answer.json()) == []


def test_fragments_have_the_described_shape(sandbox: Sandbox) -> None:
    body = ask(sandbox, "/search/code", q="budget in:file,path", accept=MATCHES).json()

    assert {match["property"] for item in body["items"] for match in item["text_matches"]} == {
        "content",
        "path",
    }
    assert problems("/search/code", 200, body) == []


@pytest.mark.parametrize(
    ("asked", "schema"),
    [
        ("texts/crlf.txt", "content-file"),
        ("texts/empty.txt", "content-file"),
        ("texts/30-mb.txt", "content-file"),
        ("links/to-file", "content-file"),
        ("links/loop-a", "content-symlink"),
        ("links/outside", "content-symlink"),
        ("vendor/kestrel", "content-submodule"),
        ("links", "content-directory"),
        ("vendor", "content-directory"),
        ("", "content-directory"),
    ],
)
@pytest.mark.parametrize("version", ["2022-11-28", "2026-03-10"])
def test_contents_have_one_of_the_described_shapes(
    sandbox: Sandbox, asked: str, schema: str, version: str
) -> None:
    headers = {"X-GitHub-Api-Version": version}
    body = ask(sandbox, f"{ODD}/contents/{asked}", headers=headers).json()
    own = f"urn:github#/components/schemas/{schema}"
    registry: Any = Registry().with_resource(
        "urn:github", Resource(contents=described(), specification=DRAFT4)
    )

    OAS30Validator({"$ref": own}, registry=registry).validate(body)
    assert problems(f"{REPO}/contents/{{path}}", 200, body) == []


@pytest.mark.parametrize("asked", ["links", "", "texts/crlf.txt", "links/loop-a"])
def test_contents_as_one_object_have_the_described_shape(sandbox: Sandbox, asked: str) -> None:
    body = ask(sandbox, f"{ODD}/contents/{asked}", accept=OBJECT).json()

    kind = "application/vnd.github.object"
    assert problems(f"{REPO}/contents/{{path}}", 200, body, kind) == []


@pytest.mark.parametrize(
    ("path", "status", "asked"),
    [
        (REPO, 404, "/repos/kestrel-jobs/none"),
        (REPO, 301, "/repos/idafalk/kestrel"),
        (f"{REPO}/contents/{{path}}", 403, f"{ODD}/contents/texts/over-100-mb.txt"),
        (f"{REPO}/git/trees/{{tree_sha}}", 409, "/repos/kestrel-jobs/empty/git/trees/main"),
        (f"{REPO}/commits/{{ref}}", 422, f"{KESTREL}/commits/nowhere"),
        ("/search/code", 422, "/search/code"),
    ],
)
def test_a_refusal_has_the_described_shape(
    sandbox: Sandbox, path: str, status: int, asked: str
) -> None:
    answer = ask(sandbox, asked)

    assert answer.status_code == status
    assert problems(path, status, answer.json()) == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda item: item.pop("sha"), "'sha' is a required property"),
        (lambda item: item["repository"].pop("keys_url"), "'keys_url' is a required property"),
        (lambda item: item.update(score="high"), "'high' is not of type 'number'"),
    ],
)
def test_the_check_sees_what_is_wrong(
    sandbox: Sandbox, spoil: Callable[[dict[str, Any]], Any], words: str
) -> None:
    body = ask(sandbox, "/search/code", q="wrapping_mul").json()
    spoil(body["items"][0])

    assert words in "\n".join(problems("/search/code", 200, body))
