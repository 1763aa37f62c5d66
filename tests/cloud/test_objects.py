"""Uploads and downloads of a bucket, as transfers ask for them, at services that speak S3."""

import os
import time
from typing import Any

import pytest

from desktop.cloud import checksums, multipart
from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault
from desktop.cloud.line import Line
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind, Upload
from desktop.config.keychain import Secret
from desktop.domain.faults import FaultKind
from tests.cloud.conftest import MP4, Film, destination_of, fault_kind, keys_of
from tests.s3.server import Effect, S3Server
from tests.s3.signature import Credential

KEY = "team/film.mp4"


def begin(store: ObjectStore, kind: ChecksumKind = ChecksumKind.CRC64NVME) -> Upload:
    return store.create(f"{KEY}-{os.urandom(4).hex()}", MP4, kind)


@pytest.mark.parametrize("kind", ChecksumKind)
def test_an_upload_in_parts_becomes_the_object_whatever_verifies_it(
    anywhere: ObjectStore, film: Film, kind: ChecksumKind
) -> None:
    film.part_size = 6 << 20  # services demand five of all but the last
    upload = begin(anywhere, kind)
    parts = film.send(anywhere, upload)
    done = anywhere.complete(
        upload, parts, checksum=film.checksum(kind), size=len(film.content), replace=False
    )
    stored = anywhere.head(upload.key)
    assert stored.etag == done.etag == checksums.etag_of(parts)
    assert (stored.size, stored.nonce) == (len(film.content), MP4.nonce)
    assert stored.content_type == "video/mp4"
    assert not done.warnings


@pytest.mark.parametrize("kind", [ChecksumKind.CRC64NVME, ChecksumKind.CRC32])
def test_the_checksum_of_the_whole_follows_from_the_parts_and_is_kept(
    store: ObjectStore, s3: S3Server, film: Film, kind: ChecksumKind
) -> None:
    upload = begin(store, kind)
    parts = film.send(store, upload)
    whole = checksums.combine([(part.checksum, part.size) for part in parts], kind)
    done = store.complete(upload, parts, checksum=whole, size=len(film.content), replace=False)
    stored = store.head(upload.key)
    assert (stored.kind, stored.checksum) == (kind, whole)
    assert done.checksum in {whole, ""}
    assert s3.object("films", upload.key).data == film.content


def test_a_wrong_checksum_of_the_whole_is_refused_and_nothing_is_made(
    store: ObjectStore, s3: S3Server, film: Film
) -> None:
    upload = begin(store)
    parts = film.send(store, upload)
    wrong = checksums.of_bytes(b"another film", ChecksumKind.CRC64NVME)
    size = len(film.content)
    kind = fault_kind(
        lambda: store.complete(upload, parts, checksum=wrong, size=size, replace=False)
    )
    assert kind is FaultKind.DIGEST
    assert upload.key not in s3.keys_of("films")


@pytest.mark.parametrize("kind", ChecksumKind)
def test_a_part_that_is_damaged_on_the_way_is_refused(
    store: ObjectStore, s3: S3Server, film: Film, kind: ChecksumKind
) -> None:
    upload = begin(store, kind)
    s3.faults.once(Effect.DAMAGE_RECEIVED, operation="UploadPart")
    assert fault_kind(lambda: store.send_part(upload, 1, film.body())) is FaultKind.DIGEST
    assert store.send_part(upload, 1, film.body()).size == len(film.content)


def test_parts_that_are_held_are_told_with_sizes_and_checksums(
    anywhere: ObjectStore, film: Film
) -> None:
    upload = begin(anywhere)
    sent = film.send(anywhere, upload)
    held = anywhere.list_parts(upload).parts
    assert [(part.number, part.size, part.etag) for part in held] == [
        (part.number, part.size, part.etag) for part in sent
    ]
    assert {part.checksum for part in held} <= {part.checksum for part in sent} | {""}


def test_lists_of_parts_and_uploads_are_read_to_their_ends(
    store: ObjectStore, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    film.part_size = 250_000
    uploads = [begin(store) for _ in range(3)]
    sent = film.send(store, uploads[0])
    short_pages(store, monkeypatch)
    assert [part.etag for part in store.list_parts(uploads[0]).parts] == [p.etag for p in sent]
    listed = {upload.id: upload for upload in store.list_uploads(KEY)}
    assert {upload.id for upload in uploads} <= listed.keys()
    assert abs(listed[uploads[0].id].initiated_at - time.time()) < 60
    assert store.list_uploads("elsewhere/") == ()


def short_pages(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service answer two at a time."""
    original = store._calls.within

    def within(line: Line, operation: str, **parameters: Any) -> Any:
        page = {"ListParts": "MaxParts", "ListMultipartUploads": "MaxUploads"}.get(operation)
        return original(line, operation, **parameters | ({page: 2} if page else {}))

    monkeypatch.setattr(store._calls, "within", within)


def test_no_object_is_replaced_unless_that_is_wanted(anywhere: ObjectStore, film: Film) -> None:
    film.part_size = 6 << 20
    key = f"{KEY}-{os.urandom(4).hex()}"
    for replace, wanted in ((False, None), (False, FaultKind.EXISTS), (True, None)):
        upload = anywhere.create(key, MP4, ChecksumKind.CRC64NVME)
        parts = film.send(anywhere, upload)
        terms = {"checksum": film.checksum(), "size": len(film.content), "replace": replace}
        if wanted is None:
            anywhere.complete(upload, parts, **terms)  # type: ignore[arg-type]
        else:
            call = lambda up=upload, held=parts, more=terms: anywhere.complete(up, held, **more)  # noqa: E731
            assert fault_kind(call) is wanted
            anywhere.abort(upload)


def test_an_endpoint_that_cannot_protect_objects_is_looked_at_first(
    store: ObjectStore, s3: S3Server, film: Film
) -> None:
    s3.faults.refused = ("conditions",)
    upload = begin(store)
    parts = film.send(store, upload)
    size = len(film.content)
    done = store.complete(upload, parts, checksum=film.checksum(), size=size, replace=False)
    assert "cannot refuse to overwrite" in done.warnings[0]
    second = store.create(upload.key, MP4, ChecksumKind.CRC64NVME)
    parts = film.send(store, second)
    call = lambda: store.complete(  # noqa: E731
        second, parts, checksum=film.checksum(), size=size, replace=False
    )
    assert fault_kind(call) is FaultKind.EXISTS


def test_an_abort_leaves_nothing_and_can_be_repeated(anywhere: ObjectStore, film: Film) -> None:
    upload = begin(anywhere)
    film.send(anywhere, upload)
    anywhere.abort(upload)
    anywhere.abort(upload)
    assert fault_kind(lambda: anywhere.list_parts(upload)) is FaultKind.NO_UPLOAD


def test_a_part_of_an_aborted_upload_is_told_that_it_is_gone(
    store: ObjectStore, film: Film
) -> None:
    upload = begin(store)
    store.abort(upload)
    late = lambda: store.send_part(upload, 1, film.body())  # noqa: E731
    assert fault_kind(late) is FaultKind.NO_UPLOAD


def test_an_abort_is_repeated_while_late_parts_arrive(
    store: ObjectStore, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multipart, "PAUSE", 0.001)
    upload = begin(store)
    film.send(store, upload)
    asked = stubborn(store, monkeypatch, aborts=2)
    store.abort(upload)
    assert asked.count("AbortMultipartUpload") == 3


def test_an_abort_that_never_ends_is_given_back_as_a_conflict(
    store: ObjectStore, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multipart, "PAUSE", 0.001)
    upload = begin(store)
    film.send(store, upload)
    stubborn(store, monkeypatch, aborts=1000)
    assert fault_kind(lambda: store.abort(upload)) is FaultKind.CONFLICT


def stubborn(store: ObjectStore, monkeypatch: pytest.MonkeyPatch, aborts: int) -> list[str]:
    """Let the service accept so many aborts without doing anything."""
    original, asked = store._calls.within, []

    def within(line: Line, operation: str, **parameters: Any) -> Any:
        asked.append(operation)
        if operation == "AbortMultipartUpload" and asked.count(operation) <= aborts:
            return {}
        return original(line, operation, **parameters)

    monkeypatch.setattr(store._calls, "within", within)
    return asked


def test_a_completion_that_fails_within_a_success_is_told(
    store: ObjectStore, s3: S3Server, film: Film
) -> None:
    upload = begin(store)
    parts = film.send(store, upload)
    size = len(film.content)
    call = lambda: store.complete(  # noqa: E731
        upload, parts, checksum=film.checksum(), size=size, replace=False
    )
    s3.faults.once(Effect.ERROR_200, operation="CompleteMultipartUpload", code="InternalError")
    assert fault_kind(call) is FaultKind.SERVER
    assert call().etag == store.head(upload.key).etag


def test_a_lost_answer_is_found_out_by_the_nonce(
    store: ObjectStore, s3: S3Server, film: Film
) -> None:
    upload = begin(store)
    parts = film.send(store, upload)
    s3.faults.once(Effect.DROP_ANSWER, operation="CompleteMultipartUpload")
    size = len(film.content)
    call = lambda: store.complete(  # noqa: E731
        upload, parts, checksum=film.checksum(), size=size, replace=False
    )
    assert fault_kind(call) is FaultKind.NETWORK
    assert store.head(upload.key).nonce == MP4.nonce


def test_a_busy_service_is_not_sent_the_part(store: ObjectStore, s3: S3Server, film: Film) -> None:
    upload = begin(store)
    moved: list[int] = []
    s3.faults.once(Effect.ERROR, operation="UploadPart", code="SlowDown", retry_after="3")
    with pytest.raises(CloudFault) as raised:
        store.send_part(upload, 1, film.body(moved=moved.append))
    assert raised.value.fault.kind is FaultKind.THROTTLED
    assert raised.value.fault.retry_after == 3
    assert sum(moved) == 0


def test_a_service_whose_clock_differs_is_followed(
    store: ObjectStore, s3: S3Server, film: Film
) -> None:
    s3.faults.clock_offset = 3600
    with pytest.raises(CloudFault) as raised:
        store.put_whole("clock.mp4", film.body(), MP4, replace=True)
    assert raised.value.fault.kind is FaultKind.CLOCK
    store.correct_clock(raised.value.fault.clock_offset)
    store.put_whole("clock.mp4", film.body(), MP4, replace=True)


@pytest.mark.parametrize("answer", ["PermanentRedirect", "AuthorizationHeaderMalformed"])
def test_a_bucket_in_another_region_is_followed(film: Film, answer: str) -> None:
    with S3Server(minimum_part=1) as s3:
        s3.create_bucket("films", region="eu-west-3")
        s3.faults.region_answer = answer
        store = ObjectStore(destination_of(s3), keys_of(s3), kind=ChecksumKind.CRC64NVME)
        store.put_whole(KEY, film.body(), MP4, replace=False)
        assert s3.object("films", KEY).data == film.content
        store.close()


def test_keys_that_expire_are_replaced_without_a_new_store(film: Film) -> None:
    old, new = (
        Credential("old-test-key", "test-secret"),
        Credential("new-test-key", "test-secret-2"),
    )
    with S3Server(minimum_part=1, credentials=(old, new)) as s3:
        s3.create_bucket("films")
        store = ObjectStore(destination_of(s3), keys_of(s3), kind=ChecksumKind.CRC64NVME)
        upload = begin(store)
        s3.expire(old.key_id)
        assert fault_kind(lambda: store.send_part(upload, 1, film.body())) is FaultKind.EXPIRED
        store.use_keys(AccessKeys(new.key_id, Secret(new.secret)))
        assert store.send_part(upload, 1, film.body()).size == len(film.content)
        store.close()
