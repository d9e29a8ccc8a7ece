"""Whatever a service sends, a search ends in results or in a failure in words."""

import json
from dataclasses import dataclass
from typing import cast

import anyio
import httpx
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.search.bailian import Bailian
from qwen_mcp_tools.search.brave import Brave
from qwen_mcp_tools.search.engine import Engine
from qwen_mcp_tools.search.google import Google
from qwen_mcp_tools.search.hits import Hits
from qwen_mcp_tools.search.mdn import Mdn
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.searxng import SearXng
from qwen_mcp_tools.search.serper import Serper
from qwen_mcp_tools.search.stackexchange import StackExchange
from qwen_mcp_tools.search.wikipedia import Wikipedia
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.tools.web_search import render
from qwen_mcp_tools.upstream.http import Answer, ServiceClient
from qwen_mcp_tools.upstream.remote_tools import CallTool

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                "web news faq infobox query results title url description age page_age altered "
                "extra_snippets attributes error errors code meta loc detail items documents pages "
                "organic link snippet date answerBox knowledgeGraph peopleAlsoAsk answer question "
                "pagemap metatags spelling correctedQuery queries nextPage message answers "
                "infoboxes infobox content publishedDate unresponsive_engines status attributes "
                "key mdn_url excerpt item_type score backoff last_activity_date metadata".split()
            ),
            inner | st.just("https://a.example/"),
            max_size=4,
        )
    ),
    max_leaves=15,
)


@dataclass(frozen=True)
class Fixed:
    """Gives the same answer to every request."""

    status: int
    body: bytes

    async def request(self, *_: object, **__: object) -> Answer:
        return Answer("https://a.example/", self.status, httpx.Headers(), self.body)


def _said(text: str) -> CallTool:
    async def call(*_: object) -> tuple[str, ...]:
        return (text,)

    return cast("CallTool", call)


@given(answer=_JSON, status=st.sampled_from([200, 400, 404, 422]))
def test_json_of_any_shape_is_results_or_a_told_failure(answer: object, status: int) -> None:
    client = cast("ServiceClient", Fixed(status, json.dumps(answer).encode()))
    engines = (
        Brave(client, "", Secret("key")),
        StackExchange(client, ""),
        Mdn(client, ""),
        Wikipedia(client, ""),
        Google(client, "", Secret("key"), "id"),
        Serper(client, "", Secret("key")),
        SearXng(client, ""),
        Bailian(_said(json.dumps(answer)), "", Secret("key")),
    )

    async def outcome(engine: Engine) -> Hits | UpstreamError:
        try:
            return await engine.search(Query("x"))
        except UpstreamError as error:
            return error

    for engine in engines:
        found = anyio.run(outcome, engine)

        assert not isinstance(found, Hits) or render(found, Query("x")).render()
