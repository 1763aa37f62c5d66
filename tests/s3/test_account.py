"""Proof of what came in, and of what came in twice."""

from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from tests.s3.faults import Effect
from tests.s3.server import S3Server
from tests.s3.steps import begin, complete, send

PART = b"x" * 1000


def test_a_clean_upload_sends_every_byte_once(s3: S3Server, client: Any) -> None:
    upload = begin(client)
    complete(client, upload, [send(client, upload, number, PART) for number in (1, 2, 3)])
    assert s3.account.parts("film") == {1: 1000, 2: 1000, 3: 1000}
    assert s3.account.acknowledged("film") == {1, 2, 3}
    assert s3.account.resent("film") == 0
    assert s3.account.count("UploadPart") == 3


def test_what_was_acknowledged_and_comes_again_is_counted(s3: S3Server, client: Any) -> None:
    upload = begin(client)
    send(client, upload, 1, PART)
    send(client, upload, 1, PART[:300])
    send(client, begin(client), 1, PART[:50])
    assert s3.account.resent("film") == 350
    assert s3.account.resent("other") == 0


def test_what_failed_may_come_again(s3: S3Server, client: Any) -> None:
    upload = begin(client)
    s3.faults.once(Effect.DROP_BODY, after=400, operation="UploadPart")
    with pytest.raises(BotoCoreError):
        send(client, upload, 1, PART)
    send(client, upload, 1, PART)
    assert s3.account.parts("film") == {1: 1400}
    assert s3.account.resent("film") == 0


def test_what_was_stored_without_an_answer_is_known_to_be(s3: S3Server, client: Any) -> None:
    upload = begin(client)
    s3.faults.once(Effect.DROP_ANSWER, operation="UploadPart")
    with pytest.raises(BotoCoreError):
        send(client, upload, 1, PART)
    assert s3.account.acknowledged("film") == set()
    assert len(client.list_parts(**upload)["Parts"]) == 1
    send(client, upload, 1, PART)
    assert s3.account.resent("film") == 0
    assert s3.account.restored("film") == 1000


def test_the_account_can_begin_anew(s3: S3Server, client: Any) -> None:
    client.put_object(Bucket="films", Key="film", Body=PART)
    s3.account.clear()
    client.head_object(Bucket="films", Key="film")
    assert s3.account.state()["operations"] == {"HeadObject": 1}
