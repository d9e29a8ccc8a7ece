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
    log_to_stderr(settings)
    if not settings.sandbox:
        yield settings
        return
    from qwen_mcp_tools.sandbox import Sandbox

    before = dict(os.environ)
    with Sandbox() as sandbox:
        os.environ.update(sandbox.settings())  # Processes that are started read them there.
        try:
            yield Settings.from_env(os.environ)
        finally:
            os.environ.clear()
            os.environ.update(before)


def log_to_stderr(settings: Settings) -> None:
    """Write the log of this process, and the traceback of a crash, to stderr without secrets."""
    redactor = Redactor(settings.secrets())
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(redactor))
    logging.basicConfig(level=settings.log_level, handlers=[handler])
    # For good: Python writes the traceback of a crash when all is over.
    sys.stderr = RedactingStream(sys.stderr, redactor)
