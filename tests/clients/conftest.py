import pytest

from tests.clients.node import Node, install


@pytest.fixture(scope="session")
def node() -> Node:
    """A current Node with the clients installed; takes some seconds the first time."""
    return install()
