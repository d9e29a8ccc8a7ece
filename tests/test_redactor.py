"""No secret leaves, in whatever clothes."""

import base64
import html
import io
import json
import logging
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.redactor import RedactingFormatter, RedactingStream, Redactor

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
    "twelve characters": KEY[5:17],
    "capitals": KEY.upper(),
    "small letters": KEY.lower(),
    "quoted twice": quote(quote(KEY, safe=""), safe=""),
    "small hex of quoting": quote(KEY, safe="").lower(),
    "HTML": html.escape(KEY),
    "JSON as PHP writes it": KEY.replace("/", r"\/"),
    "split by a line end": f"{KEY[:12]}\n{KEY[12:]}",
    "split by spaces": " ".join(KEY),
    "split into fours": "-".join(KEY[at : at + 4] for at in range(0, len(KEY), 4)),
    "as Markdown": KEY.replace("+", r"\+").replace("-", r"\-"),
    "as code and emphasis": f"`{KEY[:9]}`*{KEY[9:]}*",
    "base64 in lines": "\n".join(
        base64.b64encode(KEY.encode()).decode()[at : at + 10] for at in range(0, 32, 10)
    ),
    "hex with colons": KEY.encode().hex(":"),
    "basic auth, third alignment": base64.b64encode(f"u:{KEY}".encode()).decode(),
}


@pytest.mark.parametrize("worn", CLOTHES.values(), ids=CLOTHES.keys())
def test_a_key_is_masked_in_every_form(worn: str) -> None:
    masked = Redactor([KEY])(f"before {worn} after")

    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert "[secret]" in masked
    assert not any(worn[at : at + 12] in masked for at in range(len(worn) - 11))
    left = masked.removeprefix("before ").removesuffix(" after").replace("[secret]", "")
    assert sum(map(str.isalnum, left)) < 12


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


@pytest.mark.parametrize(
    "text",
    [
        "0000000000000000000000000000000000000000",
        "a page of http://127.0.0.1:7890/docs",
        "the sandbox key of your Brave API is here",
        "sk-sp-… is a key of the Coding Plan",
    ],
)
def test_words_that_only_look_like_a_secret_stay(text: str) -> None:
    secrets = ["sk-sp-sandbox-000000000000000000", "your-brave-api-key-here", KEY]

    assert Redactor(secrets)(text) == text


@given(st.text(max_size=60), st.integers(0, 14), st.integers(12, 26))
def test_what_is_masked_is_masked_wholly_and_stays_so(text: str, start: int, stop: int) -> None:
    redact = Redactor([KEY])
    masked = redact(text + KEY[start:stop] + text)

    assert KEY[start:stop] not in masked or stop - start < 12
    assert redact(masked) == masked


def test_a_stream_masks_what_is_written_in_pieces() -> None:
    written = io.StringIO()
    stream = RedactingStream(written, Redactor([KEY]))
    for piece in ("ValueError", ": ", KEY[:10], KEY[10:], "\n", "and the rest ", KEY):
        stream.write(piece)
    stream.flush()

    assert written.getvalue() == "ValueError: [secret]\nand the rest [secret]"


def test_json_of_a_secret_is_masked() -> None:
    secret = 'pa"ss\\word\u4e2d-1'

    assert "ss" not in Redactor([secret])(json.dumps({"x": secret}))


def test_a_secret_of_odd_bytes_is_taken_out_too() -> None:
    secret = b"sk-\xff-0123456789".decode(errors="surrogateescape")

    assert Redactor([secret])(f"the key {secret} and sk-%FF-0123456789") == (
        "the key [secret] and [secret]"
    )
