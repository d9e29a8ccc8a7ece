"""What clients are seen to do: one call of every tool, and one call for every kind of failure.

A new tool needs a line in `CALLS`, a new leaf of `errors.py` one in `FAILURES`; a test says so.
Arguments may name the sandbox's addresses in braces: {site}, {host}.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qwen_mcp_tools import errors
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted
from tests.vision.drawn import data_uri, plain, saved


@dataclass(frozen=True, slots=True)
class Call:
    """A call in the words of a user, and a pattern that its answer holds."""

    title: str
    tool: str
    arguments: Mapping[str, Any]
    shows: str

    def for_(self, sandbox: Sandbox) -> dict[str, Any]:
        """Return the arguments with the sandbox's addresses in them."""
        site = sandbox.site.url
        text = json.dumps(self.arguments).replace("{site}", site)
        return json.loads(text.replace("{host}", site.removeprefix("http://")))


CALLS = [
    Call("search", "web_search", {"query": "job timeout", "count": 3}, r"^Brave: 3 results"),
    # As long as a result may be: what a client cuts, it cuts here.
    Call(
        "read as much as there can be",
        "fetch_page",
        {"url": "{site}/article", "max_chars": 25000},
        r"\nfetch_page\(url=\S+ start=\d+, max_chars=25000\)$",
    ),
    Call("read Chinese", "fetch_page", {"url": "{site}/zh/timeouts"}, "异步任务的超时处理"),
    Call(
        "find code",
        "github_search_code",
        {"query": "RetryBudget", "repo": "kestrel-jobs/kestrel"},
        r"^GitHub: \d files for [\s\S]*class RetryBudget",
    ),
    Call(
        "find projects",
        "github_search_repositories",
        {"query": "job queue", "sort": "stars"},
        r"1\. sql-tools/pgjobs\n",
    ),
    Call(
        "read a long file",
        "github_read_file",
        {"repo": "kestrel-jobs/odd-files", "path": "texts/1.5-mb.txt", "start_line": 19000},
        r"\n19000\tline 00019000 [\s\S]*\nNext: github_read_file\(.*start_line=\d+\)$",
    ),
    Call(
        "look at a picture",
        "qwen_vision_describe",
        {"images": [data_uri(saved(plain()))], "prompt": "What is this?"},
        r"image/png of 320x200[\s\S]*\nCost: ",
    ),
]

REFUSED = Call(
    "read a router", "fetch_page", {"url": "http://10.0.0.1/"}, r"^Refused 10\.0\.0\.1: "
)


def _nothing(_: Sandbox) -> None: ...


@dataclass(frozen=True, slots=True)
class Failing:
    """A call that fails, what it needs to, and how the one line begins."""

    kind: type[errors.ToolFailure]
    call: Call
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    prepare: Callable[[Sandbox], None] = _nothing


def _read(url: str, shows: str, **more: str) -> Call:
    return Call("read what fails", "fetch_page", {"url": url, **more}, shows)


def _search(shows: str) -> Call:
    return Call("search in vain", "web_search", {"query": "job timeout"}, shows)


ONLY_BRAVE = {"QWEN_MCP_SEARCH": "brave"}

FAILURES = [
    Failing(errors.BadArgumentError, _read("{site}", "^fetch_page has no argument", colour="red")),
    Failing(
        errors.MissingKeyError,
        _search("needs BRAVE_API_KEY, which is not set"),
        {**ONLY_BRAVE, "BRAVE_API_KEY": ""},
    ),
    Failing(errors.RefusedError, REFUSED),
    Failing(errors.NotFoundError, _read("{site}/status/404", "^Not found: ")),
    Failing(errors.UnreadableError, _read("{site}/picture.png", "^Can't read ")),
    Failing(
        errors.DeadlineError,
        _read("{site}/drip", "^No answer within 1 s"),
        {"QWEN_MCP_TIMEOUT": "1"},
    ),
    Failing(errors.UnreachableError, _read("https://{host}/", "does not speak TLS as we do")),
    Failing(
        errors.RejectedKeyError,
        _search("^Brave does not accept the key"),
        {**ONLY_BRAVE, "BRAVE_API_KEY": "a-key-that-is-wrong"},
    ),
    Failing(errors.RateLimitedError, _read("{site}/status/429", r"asks us to wait \(429\)")),
    Failing(errors.ServiceFaultError, _read("{site}/status/500", r" failed \(500 ")),
    Failing(
        errors.MalformedAnswerError,
        _search("^Brave sent"),
        ONLY_BRAVE,
        lambda sandbox: sandbox.brave.next(*[Scripted(body="<html>no JSON</html>")] * 3),
    ),
]


def kinds() -> set[type[errors.ToolFailure]]:
    """Return the leaves of the tree that `errors.py` draws."""
    tree = [each for each in vars(errors).values() if isinstance(each, type)]
    kinds = {each for each in tree if issubclass(each, errors.ToolFailure)}
    return {each for each in kinds if not kinds.intersection(each.__subclasses__())}


def plain(text: str) -> str:
    """Return `text` with a fixed word for the random one of its marker lines.

    What a picture cost is left out: asked again, it costs nothing.
    """
    text = re.sub(r"(?m)^Cost: [^;]+;", "Cost: …;", text)
    return re.sub(r"(?m)^<<<[0-9a-f]{16}", "<<<word", text)
