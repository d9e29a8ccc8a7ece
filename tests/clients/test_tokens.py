"""What the list of tools costs a model before anything is asked."""

import json

import pytest

from qwen_mcp_tools.tools import OFFER
from tests.clients.node import HERE, Node

pytestmark = pytest.mark.slow

MOST_TOKENS = 1500


def test_the_list_of_all_tools_is_cheap(node: Node) -> None:
    offer = [
        tool.declaration.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in OFFER
    ]
    text = json.dumps(offer, ensure_ascii=False, separators=(",", ":"))
    counted = node.run(str(HERE / "count_tokens.mjs"), f"{node.packages}/", stdin=text)

    assert 0 < int(counted.stdout) <= MOST_TOKENS
