"""Stand-ins of every upstream on loopback, for the demo and the tests; never for normal use."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from qwen_mcp_tools.sandbox.bailian import PATH, Bailian
from qwen_mcp_tools.sandbox.brave import Brave
from qwen_mcp_tools.sandbox.dashscope import DashScope
from qwen_mcp_tools.sandbox.duckduckgo import DuckDuckGo
from qwen_mcp_tools.sandbox.github import github
from qwen_mcp_tools.sandbox.google import Google
from qwen_mcp_tools.sandbox.grep_app import GrepApp
from qwen_mcp_tools.sandbox.listening import Listening
from qwen_mcp_tools.sandbox.mdn import Mdn
from qwen_mcp_tools.sandbox.searchcode import Searchcode
from qwen_mcp_tools.sandbox.searxng import SearXng
from qwen_mcp_tools.sandbox.serper import Serper
from qwen_mcp_tools.sandbox.site import Site
from qwen_mcp_tools.sandbox.stackexchange import StackExchange
from qwen_mcp_tools.sandbox.stand_in import StandIn
from qwen_mcp_tools.sandbox.wikipedia import Wikipedia


class Sandbox:
    """Every upstream, each on a loopback port that the system chooses, inside a `with` block."""

    def __init__(
        self, folder: Path | None = None, repositories: Mapping[str, Path] | None = None
    ) -> None:
        self.site = Site(folder)
        self.brave = Brave(self.site)
        self.google = Google(self.site)
        self.serper = Serper(self.site)
        self.bailian = Bailian(self.site)
        self.searxng = SearXng(self.site)
        self.duckduckgo = DuckDuckGo(self.site)
        self.stackexchange = StackExchange()
        self.mdn = Mdn()
        self.wikipedia = Wikipedia()
        self.github, self.raw, self.media = github(repositories or {})
        self.searchcode = Searchcode(self.github.files)
        self.grep_app = GrepApp(self.github.files)
        self.dashscope = DashScope()

    def __enter__(self) -> "Sandbox":
        self._state = tempfile.TemporaryDirectory(prefix="qwen-mcp-sandbox-")
        self._listening = Listening(self._stand_ins())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.close()
        self._state.cleanup()

    def settings(self) -> dict[str, str]:
        """Return the variables that point every upstream here."""
        return {
            "BRAVE_API_KEY": self.brave.key,
            "BRAVE_API_BASE_URL": f"{self.brave.url}/res/v1",
            "GOOGLE_API_BASE_URL": self.google.url,
            "SERPER_API_BASE_URL": self.serper.url,
            "BAILIAN_SEARCH_URL": f"{self.bailian.url}{PATH}",
            "DUCKDUCKGO_URL": self.duckduckgo.url,
            "STACKEXCHANGE_API_URL": f"{self.stackexchange.url}/2.3",
            "MDN_URL": self.mdn.url,
            "WIKIPEDIA_URL": self.wikipedia.url,
            "GITHUB_TOKEN": self.github.token,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_RAW_URL": self.raw.url,
            "GITHUB_MEDIA_URL": f"{self.media.url}/media",
            "SEARCHCODE_URL": self.searchcode.url,
            "GREP_APP_URL": self.grep_app.url,
            "QWEN_API_KEY": self.dashscope.plan_key,
            "QWEN_BASE_URL": f"{self.dashscope.url}/v1",
            "QWEN_MCP_STATE_DIR": self._state.name,
            "QWEN_MCP_ALLOW_HOSTS": self.site.url.removeprefix("http://"),
        }

    def further_engines(self) -> dict[str, str]:
        """Return the variables that switch on the engines that most users have no key for."""
        return {
            "GOOGLE_API_KEY": self.google.key,
            "GOOGLE_CSE_ID": self.google.engine_id,
            "SERPER_API_KEY": self.serper.key,
            "DASHSCOPE_API_KEY": self.bailian.key,
            "SEARXNG_URL": self.searxng.url,
        }

    def reset(self) -> None:
        """Make every stand-in forget what it was told and asked."""
        for stand_in in self._stand_ins():
            stand_in.reset()

    def _stand_ins(self) -> list[StandIn]:
        return [
            self.site, self.brave, self.duckduckgo, self.stackexchange, self.mdn, self.wikipedia,
            self.github, self.raw, self.media, self.searchcode, self.grep_app,
            self.dashscope, self.google, self.serper, self.bailian, self.searxng,
        ]  # fmt: skip
