"""GitHub's description of what is at a path, as far as it can be believed."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote, urlsplit

from qwen_mcp_tools.errors import BadArgumentError, MalformedAnswerError
from qwen_mcp_tools.github.found import Spot
from qwen_mcp_tools.github.names import Repository, check_path, check_ref, repository_of
from qwen_mcp_tools.github.rest.budgets import SERVICE
from qwen_mcp_tools.github.tree import FILE, SUBMODULE


def spot_of(
    shape: dict[str, Any], repository: Repository, path: str, ref: str, commit: str
) -> Spot:
    """Return the real names, as far as GitHub's answer tells them; they are checked like ours.

    Raises:
        MalformedAnswerError: They can't be right.
    """
    real = shape.get("path")
    try:
        url = urlsplit(str(shape.get("html_url") or ""))
        names = [unquote(step) for step in url.path.split("/") if step]
        path = check_path(str(real)) if real and shape.get("type") == FILE else path
        if len(names) > 3 and names[2] in {"blob", "tree"} and shape.get("type") != SUBMODULE:
            steps = path.split("/")
            named = "/".join(names[3 : len(names) - len(steps)])
            is_known = names[-len(steps) :] == steps and named != commit
            repository = repository_of("/".join(names[:2]))
            ref = ref or (check_ref(named) if is_known else "")
    except (BadArgumentError, ValueError) as error:
        raise MalformedAnswerError(SERVICE, "names things that can't be", "try again") from error
    return Spot(repository, path, ref, commit)


def decoded(shape: dict[str, Any]) -> bytes:
    """Return the bytes in GitHub's description of a file.

    Raises:
        MalformedAnswerError: They can't be read.
    """
    try:
        return base64.b64decode("".join(str(shape.get("content") or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedAnswerError(SERVICE, "sent content that is no Base64") from error
