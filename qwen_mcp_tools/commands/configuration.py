"""The settings in force, read from the environment once a process."""

import logging
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

from qwen_mcp_tools.redactor import RedactingFormatter, RedactingStream, Redactor
from qwen_mcp_tools.settings import Settings


@contextmanager
def configured() -> Generator[Settings]:
    """Yield the settings; the stand-ins run meanwhile where QWEN_MCP_SANDBOX asks for them.

    Raises:
        SettingError: A variable holds what can't be used.
    """
    settings = Settings.from_env(os.environ)
    redactor = Redactor(settings.secrets())
    _log_to_stderr(settings.log_level, redactor)
    # For good: the traceback of a crash, which Python writes when all is over, shows no key either.
    sys.stderr = RedactingStream(sys.stderr, redactor)
    if not settings.sandbox:
        yield settings
        return
    from qwen_mcp_tools.sandbox import Sandbox

    with Sandbox() as sandbox:
        yield Settings.from_env({**os.environ, **sandbox.settings()})


def _log_to_stderr(level: str, redactor: Redactor) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(redactor))
    logging.basicConfig(level=level, handlers=[handler])
