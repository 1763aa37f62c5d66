"""Everything that can be made to go wrong does, to whom it should and as often as it should."""

import random
import time
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ReadTimeoutError

from tests.s3.faults import Effect, Faults, Pace, Rule
from tests.s3.server import S3Server
from tests.s3.steps import Refusal, begin, complete, send

DATA = random.Random(3).randbytes(300_000)


@pytest.fixture
def hasty(s3: S3Server) -> Any:
    """A client that does not wait long."""
    return s3.client(config=Config(read_timeout=0.3))


def test_one_request_is_refused_and_the_next_is_not(s3: S3Server, client: Any) -> None:
    s3.faults.once(Effect.ERROR, operation="PutObject", retry_after="2")
    with Refusal() as refusal:
        client.put_object(Bucket="films", Key="film", Body=DATA)
    assert (refusal.code, refusal.status) == ("SlowDown", 503)
    assert refusal.headers["retry-after"] == "2"
    client.put_object(Bucket="films", Key="film", Body=DATA)
    assert s3.account.received("film") == len(DATA), "refused before the body was sent"


def test_a_late_refusal_costs_the_whole_body(s3: S3Server, client: Any) -> None:
    s3.faults.once(Effect.ERROR_LATE, code="InternalError")
    with Refusal() as refusal:
        client.put_object(Bucket="films", Key="film", Body=DATA)
    assert (refusal.code, refusal.status) == ("InternalError", 500)
    assert s3.account.received("film") == len(DATA)
    assert s3.keys_of("films") == []


def test_a_rule_hits_the_part_it_names(s3: S3Server, client: Any) -> None:
    s3.faults.once(Effect.ERROR, operation="UploadPart", part=2, code="InternalError")
    upload = begin(client)
    send(client, upload, 1, b"one")
    with Refusal() as refusal:
        send(client, upload, 2, b"two")
    send(client, upload, 2, b"two")
    assert refusal.status == 500


def test_a_rule_can_let_some_pass_and_knows_keys(s3: S3Server, client: Any) -> None:
    s3.faults.once(Effect.ERROR, key="films/*", skip=1)
    client.put_object(Bucket="films", Key="other", Body=b"")
    client.put_object(Bucket="films", Key="films/1", Body=b"")
    with Refusal():
        client.put_object(Bucket="films", Key="films/2", Body=b"")
    client.put_object(Bucket="films", Key="films/3", Body=b"")


def test_chance_is_repeatable() -> None:
    def drawn() -> list[bool]:
        faults = Faults(seed=7)
        faults.add(Effect.ERROR, chance=0.3)
        return [bool(faults.plan("PutObject", "film", None).rules) for _ in range(500)]

    first = drawn()
    assert first == drawn()
    assert 100 < sum(first) < 200


@pytest.mark.parametrize("effect", [Effect.DROP, Effect.DROP_BODY])
def test_a_line_that_is_cut_leaves_nothing(s3: S3Server, client: Any, effect: Effect) -> None:
    s3.faults.once(effect, after=100_000)
    with pytest.raises(BotoCoreError):
        client.put_object(Bucket="films", Key="film", Body=DATA)
    assert s3.keys_of("films") == []
    received = s3.account.received("film")
    assert received == (100_000 if effect is Effect.DROP_BODY else 0)
    assert not list((s3.folder / "bytes").iterdir())


def test_an_answer_can_be_lost_after_the_deed(s3: S3Server, client: Any) -> None:
    s3.faults.once(Effect.DROP_ANSWER, operation="CompleteMultipartUpload")
    upload = begin(client)
    part = send(client, upload, 1, DATA)
    with pytest.raises(BotoCoreError):
        complete(client, upload, [part])
    assert s3.object("films", "film").data == DATA
    lost = s3.account.receipts("CompleteMultipartUpload")[0]
    assert (lost.stored, lost.acknowledged) == (True, False)


@pytest.mark.parametrize("effect", [Effect.STALL, Effect.STALL_BODY, Effect.STALL_ANSWER])
def test_silence_lasts_until_the_client_gives_up(s3: S3Server, hasty: Any, effect: Effect) -> None:
    s3.faults.once(effect)
    with pytest.raises(ReadTimeoutError):
        hasty.put_object(Bucket="films", Key="film", Body=DATA)
    assert (s3.keys_of("films") == ["film"]) == (effect is Effect.STALL_ANSWER)
    s3.client().put_object(Bucket="films", Key="film", Body=DATA)


def test_silence_can_end(s3: S3Server, client: Any) -> None:
    s3.faults.once(Effect.STALL_BODY, after=1000, seconds=0.3)
    started = time.monotonic()
    client.put_object(Bucket="films", Key="film", Body=DATA)
    assert time.monotonic() - started >= 0.3
    assert s3.object("films", "film").data == DATA


def test_damage_on_the_way_is_noticed(s3: S3Server, client: Any) -> None:
    s3.faults.once(Effect.DAMAGE_RECEIVED)
    with Refusal() as refusal:
        client.put_object(Bucket="films", Key="film", Body=DATA)
    assert refusal.code == "XAmzContentSHA256Mismatch", "without TLS the payload is signed"


def test_damage_on_the_disk_is_seen_by_who_recomputes(s3: S3Server, client: Any) -> None:
    s3.faults.once(Effect.DAMAGE_STORED)
    client.put_object(Bucket="films", Key="film", Body=DATA, ChecksumAlgorithm="CRC64NVME")
    found = s3.object("films", "film")
    assert found.crc64nvme != found.checksums["crc64nvme"]
    assert found.md5 != found.etag
    assert sum(a != b for a, b in zip(found.data, DATA, strict=True)) == 1


def test_damage_on_the_way_back_is_in_one_byte(s3: S3Server, client: Any) -> None:
    client.put_object(Bucket="films", Key="film", Body=DATA)
    s3.faults.once(Effect.DAMAGE_SENT)
    got = client.get_object(Bucket="films", Key="film", Range="bytes=100-199")["Body"].read()
    assert sum(a != b for a, b in zip(got, DATA[100:200], strict=True)) == 1


def test_a_download_can_break_off(s3: S3Server, client: Any) -> None:
    client.put_object(Bucket="films", Key="film", Body=DATA)
    s3.faults.once(Effect.DROP_BODY, operation="GetObject", after=100_000)
    with pytest.raises(BotoCoreError):
        client.get_object(Bucket="films", Key="film")["Body"].read()
    assert s3.account.receipts("GetObject")[0].sent == 100_000


@pytest.mark.parametrize("effect", [Effect.ERROR_200, Effect.ERROR_200_DONE])
def test_a_completion_can_fail_behind_a_200(s3: S3Server, client: Any, effect: Effect) -> None:
    s3.faults.once(effect)
    upload = begin(client)
    part = send(client, upload, 1, DATA)
    with Refusal() as refusal:
        complete(client, upload, [part])
    assert refusal.code == "InternalError"
    assert s3.account.receipts("CompleteMultipartUpload")[0].status == 200
    assert (s3.keys_of("films") == ["film"]) == (effect is Effect.ERROR_200_DONE)


@pytest.mark.parametrize("refusal", ["NotImplemented", "InvalidRequest"])
def test_old_services_do_not_know_newer_checksums(s3: S3Server, client: Any, refusal: str) -> None:
    s3.faults.refused = ("crc64nvme", "crc32", "trailer", "conditions")
    s3.faults.refusal = refusal
    with Refusal() as created:
        begin(client, ChecksumAlgorithm="CRC64NVME")
    with Refusal() as put:
        client.put_object(Bucket="films", Key="film", Body=DATA, ChecksumAlgorithm="CRC32")
    plain = s3.client(config=Config(request_checksum_calculation="when_required"))
    plain.put_object(Bucket="films", Key="film", Body=DATA)
    with Refusal() as conditional:
        plain.put_object(Bucket="films", Key="other", Body=DATA, IfNoneMatch="*")
    assert {created.code, put.code, conditional.code} == {refusal}


def test_every_request_takes_as_long_as_it_is_told(s3: S3Server, client: Any) -> None:
    client.head_bucket(Bucket="films")
    s3.faults.latency = 0.1
    s3.faults.once(Effect.DELAY, seconds=0.1)
    started = time.monotonic()
    client.head_bucket(Bucket="films")
    both = time.monotonic() - started
    started = time.monotonic()
    client.head_bucket(Bucket="films")
    assert both >= 0.2
    assert time.monotonic() - started >= 0.1


@pytest.mark.parametrize("limit", ["rate", "connection_rate"])
def test_bytes_come_and_go_no_faster_than_the_line(s3: S3Server, client: Any, limit: str) -> None:
    setattr(s3.faults, limit, 1_000_000.0)
    started = time.monotonic()
    client.put_object(Bucket="films", Key="film", Body=DATA)
    came = time.monotonic() - started
    started = time.monotonic()
    assert client.get_object(Bucket="films", Key="film")["Body"].read() == DATA
    went = time.monotonic() - started
    assert min(came, went) >= 0.27


def test_a_pace_is_kept_to_the_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    pace, sent = Pace(), 0
    while now < 110.0:
        now += pace.wait(64_000, 5_000_000)
        sent += 64_000
    assert sent == pytest.approx(50_000_000, rel=0.005)
    assert pace.wait(1 << 30, 0) == 0.0


def test_everything_is_well_again_when_it_is_cleared(s3: S3Server, client: Any) -> None:
    s3.faults.update({"latency": 5.0, "rules": [{"effect": "error", "operation": "*"}]})
    assert isinstance(s3.faults.rules[0], Rule)
    s3.faults.clear()
    client.head_bucket(Bucket="films")
    assert s3.faults == Faults()


def test_a_fault_that_does_not_exist_is_not_taken(s3: S3Server) -> None:
    with pytest.raises(ValueError, match="latencies"):
        s3.faults.update({"latencies": 1})
    with pytest.raises(ValueError, match="explode"):
        s3.faults.update({"rules": [{"effect": "explode"}]})


def test_an_abort_can_leave_something_behind(s3: S3Server, client: Any) -> None:
    s3.faults.once(Effect.KEEP_UPLOAD)
    upload = begin(client)
    send(client, upload, 1, DATA)
    client.abort_multipart_upload(**upload)
    assert len(client.list_parts(**upload)["Parts"]) == 1
    client.abort_multipart_upload(**upload)
    assert not s3.uploads("films")
