"""Every failure that a model may read, in one short line: what happened, then what to do.

    ToolFailure
    ├── BadArgumentError        an argument is unknown, of the wrong type, or out of range
    ├── MissingKeyError         the call needs a key that is not set
    ├── RefusedError            we will not: a private address, robots.txt, a port
    ├── NotFoundError           the thing asked for does not exist (or is hidden from us)
    ├── UnreadableError         it was fetched, but it can't be turned into text
    ├── DeadlineError           the call's own time is over
    └── UpstreamError           a service or site let us down
        ├── UnreachableError    no connection, no such name, no answer in time
        ├── RejectedKeyError    the service does not accept the key, or its plan lacks the option
        ├── RateLimitedError    the service asks us to wait, or the quota is spent
        ├── ServiceFaultError   the service failed on its own side; a second try may help
        └── MalformedAnswerError  the answer is not what the service documents

Each class takes facts and words itself. Nothing here knows the SDK, HTTP or a service.
`SettingError` stands apart: it is read by the person who starts the server, never by a model.
"""


class ToolFailure(Exception):  # noqa: N818 - the root is a kind of answer, its leaves are the errors
    """A failure whose text is meant for the model that made the call."""


class BadArgumentError(ToolFailure):
    """An argument that the tool does not take; the text says what it does take."""


class MissingKeyError(ToolFailure):
    """A call that needs a setting which is empty."""

    def __init__(self, variable: str, purpose: str) -> None:
        self.variable = variable
        super().__init__(
            f"{purpose} needs {variable}, which is not set; add it to the server's env"
        )


class RefusedError(ToolFailure):
    """A request that we will not make; nothing was sent."""

    def __init__(self, what: str, reason: str, mend: str = "") -> None:
        super().__init__(_line(f"Refused {what}: {reason}", mend))


class NotFoundError(ToolFailure):
    """A thing that does not exist, or that we may not see."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(_line(f"Not found: {what}", mend))


class UnreadableError(ToolFailure):
    """Something that was fetched but holds no text that we can give."""

    def __init__(self, what: str, reason: str, mend: str = "") -> None:
        super().__init__(_line(f"Can't read {what}: {reason}", mend))


class DeadlineError(ToolFailure):
    """The call took all the time that it had."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"No answer within {seconds:g} s, so the call was ended; "
            "try again, or raise QWEN_MCP_TIMEOUT"
        )


class UpstreamError(ToolFailure):
    """A service or a site that answered with a failure, or not at all."""

    def __init__(self, service: str, trouble: str, mend: str = "") -> None:
        self.service, self.trouble, self.mend = service, trouble, mend
        super().__init__(_line(f"{service} {trouble}", mend))


class UnreachableError(UpstreamError):
    """No connection, no such name, or no answer in time."""


class RejectedKeyError(UpstreamError):
    """The service does not accept the key, or the key's plan lacks what was asked."""


class RateLimitedError(UpstreamError):
    """The service asks us to wait, or a quota is spent.

    `retry_after` is in seconds; `None` where waiting does not help or nobody said how long.
    """

    def __init__(
        self, service: str, trouble: str, mend: str = "", *, retry_after: float | None = None
    ) -> None:
        self.retry_after = retry_after
        super().__init__(service, trouble, mend)


class ServiceFaultError(UpstreamError):
    """The service failed on its own side (a 5xx, a cut answer)."""


class MalformedAnswerError(UpstreamError):
    """An answer that does not have the documented shape."""


class SettingError(ValueError):
    """A setting that can't be used; the text names the variable and what it takes."""


def _line(text: str, mend: str) -> str:
    return f"{text}; {mend}" if mend else text
