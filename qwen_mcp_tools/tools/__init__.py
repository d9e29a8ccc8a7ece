"""The offer: one line a tool, in the order that clients list them."""

from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.offer import OfferedTool
from qwen_mcp_tools.tools.fetch_page import fetch_page
from qwen_mcp_tools.tools.github_read_file import github_read_file
from qwen_mcp_tools.tools.github_search_code import github_search_code
from qwen_mcp_tools.tools.github_search_repositories import github_search_repositories
from qwen_mcp_tools.tools.web_search import web_search

OFFER = (
    OfferedTool.of(web_search, title="Search the web", always_load=True),
    OfferedTool.of(fetch_page, title="Read a web page", always_load=True),
    OfferedTool.of(github_search_code, title="Search code on GitHub"),
    OfferedTool.of(github_search_repositories, title="Search repositories on GitHub"),
    OfferedTool.of(github_read_file, title="Read files on GitHub"),
)


def offered(names: tuple[str, ...]) -> tuple[OfferedTool, ...]:
    """Return the tools that `names` asks for, all of them where it is empty.

    Raises:
        SettingError: A name is none of ours.
    """
    known = {tool.name for tool in OFFER}
    for name in names:
        if name not in known:
            raise SettingError(f"QWEN_MCP_TOOLS takes names of {', '.join(sorted(known))}")
    return tuple(tool for tool in OFFER if not names or tool.name in names)
