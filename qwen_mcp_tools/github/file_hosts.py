"""FileHosts: the hosts that serve a file's bytes without the API, and without the token."""

from urllib.parse import quote, urlsplit

from qwen_mcp_tools.errors import NotFoundError, RateLimitedError, ServiceFaultError, UpstreamError
from qwen_mcp_tools.github.hosts import Hosts
from qwen_mcp_tools.github.names import Repository
from qwen_mcp_tools.upstream.exchange import Answer
from qwen_mcp_tools.upstream.http import ServiceClient


class FileHosts:
    """Reads public files; what can be read here needs no key, so none is sent."""

    def __init__(self, client: ServiceClient, hosts: Hosts) -> None:
        self._client = client
        self._hosts = hosts

    @property
    def has_raw(self) -> bool:
        """Whether there is a host for ordinary files."""
        return bool(self._hosts.raw)

    def raw_url(self, repository: Repository, ref: str, path: str) -> str:
        """Return where the bytes of a public file are, empty where there is no such host."""
        return _address(self._hosts.raw, repository, ref, path)

    def media_url(self, repository: Repository, ref: str, path: str) -> str:
        """Return where the bytes of a public file in Git LFS are, empty where no host has them."""
        return _address(self._hosts.media, repository, ref, path)

    async def raw(self, repository: Repository, ref_and_path: str) -> Answer:
        """Return a file of at most 10 MB; the host itself finds where the ref ends.

        Raises:
            NotFoundError: There is none (a folder, or a private repository).
            UpstreamError: The host can't be reached, or refuses.
        """
        return await self._get(f"{self._hosts.raw}/{repository}/{quote(ref_and_path)}")

    async def media(self, repository: Repository, ref: str, path: str) -> Answer:
        """Return a file of at most 10 MB that Git LFS keeps.

        Raises:
            NotFoundError: There is none, or no such host.
            UpstreamError: The host can't be reached, or refuses.
        """
        if not self._hosts.media:
            raise NotFoundError("a host for files in Git LFS", "set GITHUB_MEDIA_URL")
        return await self._get(self.media_url(repository, ref, path))

    async def _get(self, url: str) -> Answer:
        host = urlsplit(url).netloc
        answer = await self._client.request(host, "GET", url)
        if answer.status == 200:
            return answer
        if answer.status == 404:
            raise NotFoundError(url, "check path and ref")
        if answer.status == 429:
            raise RateLimitedError(host, "asks us to wait (429)", "set GITHUB_TOKEN")
        if answer.status >= 500:
            raise ServiceFaultError(host, f"failed with status {answer.status}", "try again later")
        raise UpstreamError(host, f"answered with status {answer.status}", "try again later")


def _address(base: str, repository: Repository, ref: str, path: str) -> str:
    return f"{base}/{repository}/{quote(ref or 'HEAD')}/{quote(path)}" if base else ""
