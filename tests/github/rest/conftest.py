"""What the tests of GitHub share with those of the connections under it."""

from tests.upstream.conftest import authority

__all__ = ["authority"]
