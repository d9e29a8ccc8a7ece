from importlib.metadata import version

import pytest

from qwen_mcp_tools.upstream.identity import product, user_agent


def test_we_name_the_program_and_its_version() -> None:
    assert user_agent().startswith(f"qwen-mcp-tools/{version('qwen-mcp-tools')}")


def test_it_names_the_client_that_asked() -> None:
    assert user_agent("claude-code/2.1.330") == f"{user_agent()} (via claude-code/2.1.330)"


@pytest.mark.parametrize(
    ("name", "version", "told"),
    [
        ("claude-code", "2.1.330", "claude-code/2.1.330"),
        ("qwen-cli-mcp-client-qwen_mcp_tools", "0.1", "qwen-cli-mcp-client-qwen_mcp_tools/0.1"),
        ("My Client (beta)\r\nX: 1", "1 0", "My-Client-beta-X-1/1-0"),
        ("助手", "1", ""),
        ("cline", "", "cline"),
        ("x" * 200, "1" * 200, f"{'x' * 40}/{'1' * 40}"),
    ],
)
def test_a_clients_name_is_told_as_far_as_a_header_carries_it(
    name: str, version: str, told: str
) -> None:
    assert product(name, version) == told
