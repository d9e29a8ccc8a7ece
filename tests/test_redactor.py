"""No secret leaves, in whatever clothes."""

import base64
import logging
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.redactor import RedactingFormatter, Redactor

KEY = "sk-sp-Zq+81/fK3mPx?vT7bN2w"
CLOTHES = {
    "plain": KEY,
    "url": quote(KEY, safe=""),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64url": base64.urlsafe_b64encode(KEY.encode()).decode(),
    "basic auth": base64.b64encode(f"user:{KEY}".encode()).decode(),
    "basic auth, other alignment": base64.b64encode(f"me:{KEY}".encode()).decode(),
    "hex": KEY.encode().hex(),
    "first half and more": KEY[:17],
    "from the middle": KEY[4:22],
}


@pytest.mark.parametrize("worn", CLOTHES.values(), ids=CLOTHES.keys())
def test_a_key_is_masked_in_every_form(worn: str) -> None:
    masked = Redactor([KEY])(f"before {worn} after")

    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert "[secret]" in masked
    assert not any(worn[at : at + 12] in masked for at in range(len(worn) - 11))


def test_text_without_a_secret_is_the_same() -> None:
    text = "An ordinary answer about sk- keys and Zq."

    assert Redactor([KEY])(text) == text
    assert Redactor([])(KEY) == KEY


def test_a_short_secret_is_masked_whole_and_a_tiny_one_is_no_secret() -> None:
    redact = Redactor(["hunter22x", "abc"])

    assert redact("abc hunter22x") == "abc [secret]"


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_key_is_masked_wherever_it_stands(before: str, after: str) -> None:
    assert KEY not in Redactor([KEY, "another-secret-of-some-length"])(before + KEY + after)


def test_a_log_line_hides_keys_in_the_message_and_in_the_traceback() -> None:
    formatter = RedactingFormatter(Redactor([KEY]))
    try:
        raise ValueError(f"could not use {KEY}")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "with %s", (KEY,), (type(error), error, None)
        )

    assert KEY not in formatter.format(record)
    assert "ValueError" in formatter.format(record)


def test_a_secret_of_odd_bytes_is_taken_out_too() -> None:
    secret = b"sk-\xff-0123456789".decode(errors="surrogateescape")

    assert Redactor([secret])(f"the key {secret} and sk-%FF-0123456789") == (
        "the key [secret] and [secret]"
    )
