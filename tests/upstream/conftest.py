"""An authority whose certificates only a client with its SSL_CERT_FILE accepts."""

import pytest

from tests.upstream.certificates import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))
