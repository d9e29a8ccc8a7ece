"""What a status says where a service has no words of its own."""

from qwen_mcp_tools.errors import ServiceFaultError, UpstreamError
from qwen_mcp_tools.upstream.http import Answer


def expect_success(service: str, answer: Answer) -> Answer:
    """Return `answer` if its status is 200.

    Raises:
        ServiceFaultError: A status of 500 and more; a second try may help.
        UpstreamError: Any other status.
    """
    if answer.status >= 500:
        raise ServiceFaultError(service, f"failed with status {answer.status}", "try again later")
    if answer.status != 200:
        raise UpstreamError(service, f"answered with status {answer.status}", "try another query")
    return answer
