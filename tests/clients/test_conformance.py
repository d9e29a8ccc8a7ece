"""The protocol's official conformance suite, in both revisions, over Streamable HTTP.

Its scenarios are written for a server that offers everything, with tools of its own names. The
ones that apply to a server of tools pass; each other one stands in `OTHERS` with the reason.
"""

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from tests.clients.desk import sit_down
from tests.clients.node import Node
from tests.serving.running import serving

pytestmark = pytest.mark.slow

APPLY = {
    "2025-11-25": {"server-initialize", "ping", "tools-list", "dns-rebinding-protection"},
    "2026-07-28": {
        "caching",
        "dns-rebinding-protection",
        "http-header-validation",
        "server-sse-multiple-streams",
        "server-stateless",
        "tools-list",
    },
}

SUITES_TOOL = "calls a tool of the suite's own example server"
NO_RESOURCES = "there are no resources here, and none are announced"
NO_PROMPTS = "there are no prompts here, and none are announced"
NO_QUESTIONS = "the server never asks the client or its user anything"

OTHERS = {
    "completion-complete": "only arguments of prompts and resources are completed",
    "elicitation-*": NO_QUESTIONS,
    "http-custom-header-server-validation": "no argument of a tool is repeated in a header",
    "input-required-result-*": NO_QUESTIONS,
    "json-schema-2020-12": SUITES_TOOL,
    "logging-set-level": "logs go to stderr; logging in the protocol is deprecated",
    "prompts-*": NO_PROMPTS,
    "resources-*": NO_RESOURCES,
    "sep-2164-resource-not-found": NO_RESOURCES,
    "server-session-lifecycle": "there are no sessions: Streamable HTTP is stateless",
    "server-sse-multiple-streams": "in 2025-11-25 it needs a session, and there are none",
    "server-sse-polling": SUITES_TOOL,
    "tasks-*": "an extension that is not offered",
    "tools-call-*": SUITES_TOOL,
}

CHECKS = {
    "sep-2549-prompts-list-caching-hints": NO_PROMPTS,
    "sep-2549-resources-list-caching-hints": NO_RESOURCES,
    "sep-2549-resources-templates-list-caching-hints": NO_RESOURCES,
    "sep-2575-missing-capability-http-400": SUITES_TOOL,
    "sep-2575-server-rejects-undeclared-capability": SUITES_TOOL,
}
"""Checks inside the scenarios that apply which do not themselves."""

SHAPE = "wire-schema-valid"
"""The check that every message has the revision's schema; it holds in every scenario."""

Checks = dict[str, set[str]]
"""The outcomes of each check of a scenario."""


@pytest.fixture(scope="module", params=list(APPLY))
def revision(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def results(revision: str, node: Node, running_sandbox: Sandbox) -> dict[str, Checks]:
    """The suite's report on a server that runs as the README says, by scenario."""
    suite = node.path("@modelcontextprotocol/conformance/dist/index.js")
    variables = running_sandbox.settings()
    with serving(**variables) as address, sit_down() as desk:
        desk.run(
            node.command(
                *(suite, "server", "--url", f"{address}/mcp"),
                *("--requirements", revision, "--output-dir", str(desk.project)),
            )
        )
        return dict(map(_read, desk.project.glob("server-*/checks.json")))


def test_the_scenarios_that_apply_pass(revision: str, results: dict[str, Checks]) -> None:
    for scenario in APPLY[revision]:
        judged = {name: told for name, told in results[scenario].items() if name not in CHECKS}
        failed = {name for name, told in judged.items() if "FAILURE" in told}
        passed = {name for name, told in judged.items() if told == {"SUCCESS"}}

        assert failed == set(), scenario
        assert passed - {SHAPE}, scenario


def test_every_message_has_the_revisions_schema(results: dict[str, Checks]) -> None:
    shapes = [checks[SHAPE] for checks in results.values() if SHAPE in checks]

    assert shapes
    assert all(told == {"SUCCESS"} for told in shapes)


def test_every_other_scenario_has_its_reason(revision: str, results: dict[str, Checks]) -> None:
    others = results.keys() - APPLY[revision]

    assert [each for each in others if not any(fnmatch(each, row) for row in OTHERS)] == []


def test_what_is_excused_does_not_pass(revision: str, results: dict[str, Checks]) -> None:
    """A check that passes after all must leave the table."""
    found = {name: told for name, told in _all(revision, results).items() if name in CHECKS}

    assert all(told == {"FAILURE"} for told in found.values())
    assert found.keys() == (CHECKS.keys() if revision == "2026-07-28" else set())


def _all(revision: str, results: dict[str, Checks]) -> Checks:
    return {name: told for each in APPLY[revision] for name, told in results[each].items()}


def _read(report: Path) -> tuple[str, Checks]:
    """Return a scenario's name, without the time that the suite puts behind it, and its checks."""
    scenario = re.sub(r"-\d{4}-\d\d-\d\dT.*", "", report.parent.name.removeprefix("server-"))
    checks: Checks = {}
    for check in json.loads(report.read_text(encoding="utf-8")):
        checks.setdefault(check["id"], set()).add(check["status"])
    return scenario, checks
