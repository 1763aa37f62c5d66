"""Values that were loaded, and whatever looks like a secret, never get through."""

import base64
import json
import string
import urllib.parse

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.config.redaction import (
    MOST_VALUES,
    REDACTED,
    SHORTEST,
    Redactor,
    redact,
)

VALUE = "pl/" + "Zx+9=q" * 4 + "&end"
PEM = "-----BEGIN EC " + "PRIVATE KEY-----\n{}\n-----END EC " + "PRIVATE KEY-----"
KEY_LINES = "\n".join(["MHcCAQEEI" + "O" * 55, "AwEHoUQDQ" + "g" * 55, "aB3+/" + "x" * 20 + "=="])


@pytest.fixture
def redactor() -> Redactor:
    made = Redactor()
    made.hide(VALUE)
    return made


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        urllib.parse.quote(VALUE),
        urllib.parse.quote(VALUE, safe=""),
        urllib.parse.quote_plus(VALUE),
        json.dumps(VALUE),
        repr(VALUE),
        repr(VALUE.encode()),
        base64.b64encode(VALUE.encode()).decode(),
        base64.urlsafe_b64encode(VALUE.encode()).decode(),
    ],
)
def test_a_known_value_is_replaced_however_it_travels(redactor: Redactor, form: str) -> None:
    cleaned = redactor.clean(f"before {form} after")
    assert cleaned.startswith("before ")
    assert cleaned.endswith(" after")
    assert REDACTED in cleaned
    assert VALUE[3:12] not in cleaned
    assert len(cleaned) < len("before  after") + len(REDACTED) + 8


def test_percent_signs_with_small_letters_are_known(redactor: Redactor) -> None:
    encoded = urllib.parse.quote(VALUE, safe="").replace("%2F", "%2f").replace("%2B", "%2b")
    encoded = encoded.replace("%3D", "%3d")
    assert redactor.clean(f"?token={encoded}") == f"?token={REDACTED}"


@given(before=st.binary(max_size=7), after=st.binary(max_size=7))
def test_a_value_is_found_inside_of_base64(before: bytes, after: bytes) -> None:
    redactor = Redactor()
    redactor.hide(VALUE)
    text = base64.b64encode(before + VALUE.encode() + after).decode()
    cleaned = redactor.clean(text)
    assert REDACTED in cleaned
    assert len(cleaned) - len(REDACTED) <= 4 * (len(before) + len(after) + 4) // 3 + 4


@given(
    value=st.text(string.ascii_letters + string.digits + "+/=_-.%äß\"'\\ ", min_size=SHORTEST),
    around=st.tuples(st.text("abc =:\"'\n"), st.text("abc =:\"'\n")),
)
def test_no_text_around_it_lets_a_value_through(value: str, around: tuple[str, str]) -> None:
    assume(value not in REDACTED)
    redactor = Redactor()
    redactor.hide(value)
    assert value not in redactor.clean(value.join(around))


def test_the_longer_of_two_values_is_replaced_as_a_whole() -> None:
    redactor = Redactor()
    redactor.hide("first-part")
    redactor.hide("first-part-and-more")
    assert redactor.clean("<first-part-and-more>") == f"<{REDACTED}>"


def test_every_line_of_a_key_and_every_long_text_in_json_is_known() -> None:
    redactor = Redactor()
    redactor.hide(PEM.format(KEY_LINES))
    redactor.hide(json.dumps({"region": "eu-central-1", "keys": [{"secret": "s" * 40}]}))
    redactor.hide(json.dumps({"private": PEM.format("A1" * 30 + "\n" + "B2" * 30)}))
    assert redactor.clean("B2" * 30) == REDACTED
    for line in KEY_LINES.split("\n"):
        assert redactor.clean(f"| {line} |") == f"| {REDACTED} |"
    assert redactor.clean("s" * 40) == REDACTED
    assert redactor.clean("in eu-central-1") == "in eu-central-1"


def test_words_are_too_short_to_be_replaced() -> None:
    redactor = Redactor()
    redactor.hide("ollama")
    redactor.hide("")
    assert redactor.clean("asked ollama") == "asked ollama"


def test_very_many_values_push_out_the_oldest_only() -> None:
    redactor = Redactor()
    for number in range(MOST_VALUES + 1):
        redactor.hide(f"session-token-{number:05d}")
    assert redactor.clean("session-token-00000") == "session-token-00000"
    assert redactor.clean("session-token-00001") == REDACTED
    assert redactor.clean(f"session-token-{MOST_VALUES:05d}") == REDACTED


SIGNED = "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-"
HIDDEN = "Hidden0" * 6


@pytest.mark.parametrize(
    "text",
    [
        "id " + "AK" + "IA" + "A2B3C4D5E6F7G8H9",
        "id=" + "AS" + "IA" + "A2B3C4D5E6F7G8H9;",
        "sk" + "-" + HIDDEN,
        "key: sk" + "-proj-" + HIDDEN,
        "Authorization: Bearer " + HIDDEN,
        "authorization: " + HIDDEN,
        f"{{'Authorization': 'Basic {HIDDEN}', 'Accept': '*/*'}}",
        f"{{'Authorization': b'AWS4-HMAC-SHA256 Credential={HIDDEN}/x, Signature={HIDDEN}'}}",
        f'"authorization":"{HIDDEN}"',
        f"Proxy-Authorization: Basic {HIDDEN}",
        f"the token is bearer {HIDDEN}",
        f"x-api-key: {HIDDEN}",
        f"{{'x-goog-api-key': '{HIDDEN}'}}",
        f"Client(api_key='{HIDDEN}')",
        f"{SIGNED}Signature={HIDDEN}",
        f"{SIGNED}Credential={HIDDEN}%2F20261125&x=1",
        f"{SIGNED}Security-Token={HIDDEN}",
        f"{SIGNED}security-token%3D{HIDDEN}",
        f"{{'X-Amz-Security-Token': '{HIDDEN}'}}",
        f"https://d1.cloudfront.net/v.m3u8?Expires=1&Signature={HIDDEN}~&Key-Pair-Id={HIDDEN}",
        f"https://d1.cloudfront.net/v.m3u8?Policy={HIDDEN}__&x=1",
        f"Cookie: CloudFront-Policy={HIDDEN}; CloudFront-Signature={HIDDEN}",
        f"{{'CloudFront-Signature': '{HIDDEN}'}}",
        f"aws_secret_access_key = {HIDDEN}",
        f"{{'SecretAccessKey': '{HIDDEN}', 'SessionToken': '{HIDDEN}'}}",
        f"password={HIDDEN}",
        PEM.format(HIDDEN),
        PEM.format(HIDDEN).replace("\n", "\\n"),
        "-----BEGIN " + f"PRIVATE KEY-----\n{HIDDEN}\n{HIDDEN}",
    ],
)
def test_what_looks_like_a_secret_is_replaced_unknown(text: str) -> None:
    cleaned = redact(text)
    assert REDACTED in cleaned
    assert "Hidden0" not in cleaned
    assert "A2B3" not in cleaned
    assert redact(cleaned) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "Rendered scene 3 of 01JDKQ4V7W0000000000000000 in 2.31 s (480p, 30 fps)",
        "Asia and Africa; risk-free, task-oriented, disk-full",
        "The policy keeps 5 versions; signature of play() changed",
        "GET /v.m3u8?Expires=1767225600&x=1",
        "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----",
        "No session for the bearer of this ticket",
        'File "desktop/config/keychain/secret.py", line 3, in reveal',
        "",
    ],
)
def test_ordinary_lines_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


def test_the_rest_of_a_line_stays() -> None:
    assert (
        redact(f"GET {SIGNED}Signature={HIDDEN}&partNumber=7 HTTP/1.1")
        == f"GET {SIGNED}Signature={REDACTED}&partNumber=7 HTTP/1.1"
    )
    assert redact(f"{PEM.format(HIDDEN)}\nnext line") == f"{REDACTED}\nnext line"
