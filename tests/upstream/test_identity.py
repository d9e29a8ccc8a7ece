from importlib.metadata import version

from qwen_mcp_tools.upstream.identity import user_agent


def test_we_name_the_program_and_its_version() -> None:
    assert user_agent().startswith(f"qwen-mcp-tools/{version('qwen-mcp-tools')}")
