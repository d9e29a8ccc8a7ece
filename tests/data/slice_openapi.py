"""Cuts GitHub's own description of its API down to what the sandbox's GitHub answers.

    npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
    python tests/data/slice_openapi.py package/generated/api.github.com.json 23.0.2

writes `github-openapi.json` beside this file: the GET operations of `PATHS` and every component
that their answers reach, without examples and prose, which no check needs. Two things are said in
another way, since validators read them differently than GitHub means them: a choice that may be
null gets null as one more alternative, and a discriminator, which has no word for lists, is left
to the alternatives themselves.
"""

import json
import sys
from pathlib import Path
from typing import Any

PATHS = (
    "/rate_limit",
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/branches",
    "/repos/{owner}/{repo}/commits",
    "/repos/{owner}/{repo}/commits/{ref}",
    "/repos/{owner}/{repo}/contents/{path}",
    "/repos/{owner}/{repo}/git/blobs/{file_sha}",
    "/repos/{owner}/{repo}/git/matching-refs/{ref}",
    "/repos/{owner}/{repo}/git/ref/{ref}",
    "/repos/{owner}/{repo}/git/trees/{tree_sha}",
    "/repos/{owner}/{repo}/languages",
    "/repos/{owner}/{repo}/readme",
    "/repos/{owner}/{repo}/releases/latest",
    "/repos/{owner}/{repo}/tags",
    "/search/code",
    "/search/repositories",
    "/user",
)
LEFT_OUT = {
    "description", "discriminator", "example", "examples", "externalDocs", "summary", "title",
    "x-github",
}  # fmt: skip
NULL = {"nullable": True, "enum": [None]}
TARGET = Path(__file__).with_name("github-openapi.json")


def main(source: str, version: str) -> None:
    """Write the slice of the description in the file `source`."""
    whole = json.loads(Path(source).read_text(encoding="utf-8"))
    paths = {path: {"get": _answers(whole["paths"][path]["get"])} for path in PATHS}
    components: dict[str, dict[str, Any]] = {}
    pending = list(_references(paths))
    while pending:
        _, _, kind, name = pending.pop().split("/")
        if name not in components.setdefault(kind, {}):
            components[kind][name] = _bare(whole["components"][kind][name])
            pending += _references(components[kind][name])
    head = {
        "openapi": whole["openapi"],
        "info": {
            "title": f"A slice of npm @octokit/openapi {version}, generated/api.github.com.json",
            "license": {"name": "MIT"},
            "version": whole["info"]["version"],
        },
    }
    described = {**head, "paths": paths, "components": components}
    text = json.dumps(described, ensure_ascii=False, sort_keys=False, separators=(",", ":"))
    TARGET.write_text(f"{text}\n", encoding="utf-8")


def _answers(operation: dict[str, Any]) -> dict[str, Any]:
    return {"operationId": operation["operationId"], "responses": _bare(operation["responses"])}


def _bare(node: Any, *, of_names: bool = False) -> Any:
    """Return a schema without prose; in a mapping of property names every key is kept."""
    if isinstance(node, list):
        return [_bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    bare = {
        name: _bare(value, of_names=name == "properties" and not of_names)
        for name, value in node.items()
        if of_names or name not in LEFT_OUT
    }
    for choice in ("oneOf", "anyOf"):
        if not of_names and bare.get("nullable") is True and choice in bare:
            bare[choice].append(NULL)
    return bare


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for each in node for found in _references(each)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [found for each in node.values() for found in _references(each)]


if __name__ == "__main__":
    main(*sys.argv[1:])
