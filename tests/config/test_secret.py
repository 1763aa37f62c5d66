"""A secret shows itself to nobody and leaves in one way only."""

import copy
import dataclasses
import json
import pickle
import traceback

import pytest

from desktop.config.keychain import Secret, SecretName
from desktop.domain.errors import InvalidInput
from tests.config.keychains import CANARY, LONG, NAME


@dataclasses.dataclass(frozen=True)
class Login:
    user: str
    key: Secret


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret(CANARY)
    login = Login("me", secret)
    texts = [
        *(repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", f"{secret:>40}"),
        *("%s".__mod__(secret), "".join(f"{one}" for one in [secret]), "".join(map(str, [secret]))),
        *(repr(login), str(dataclasses.asdict(login)), repr({secret: [secret]}), repr(dir(secret))),
    ]
    assert all(CANARY not in text for text in texts)
    assert secret.reveal() == CANARY


def test_a_secret_leaves_by_no_other_way() -> None:
    secret = Secret(CANARY)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(secret, protocol)
    with pytest.raises(TypeError):
        json.dumps(secret)
    with pytest.raises(TypeError):
        vars(secret)
    with pytest.raises(TypeError):
        secret.__getstate__()


def test_a_copy_is_the_same_secret() -> None:
    secret = Secret(CANARY)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret
    assert Secret(CANARY) == secret
    assert len({secret, Secret(CANARY), Secret(LONG)}) == 2
    assert secret != CANARY


def test_a_trace_with_local_values_shows_no_secret() -> None:
    def work(secret: Secret) -> None:
        raise RuntimeError(f"no use for {secret}")

    with pytest.raises(RuntimeError) as caught:
        work(Secret(CANARY))
    whole = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    trace = "".join(whole.format())
    assert "secret = Secret(" in trace
    assert CANARY not in trace


WRONG = [
    *("aws", "aws:", ":key", "", "AWS:key", "a/b:c", "a:b:c", "a b:c", "a+b:c"),
    *("../a:b", "a:b.c", "ä:b", "a:" + "b" * 65),
]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_name_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        SecretName.parse(text)
    assert caught.value.remedy


def test_a_name_is_read_as_it_is_written() -> None:
    assert SecretName.parse(str(NAME)) == NAME
    assert str(NAME) == "aws:secret-key"
