"""What a try of a destination finds out about it."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import Cut
from desktop.cloud.line import Line
from desktop.cloud.objects import ObjectStore
from desktop.cloud.values import ChecksumKind
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Destination
from tests.cloud.conftest import Answers, Film, destination_of, keys_of
from tests.s3.server import Effect, S3Server

RULE = {
    "ID": "leftovers",
    "Status": "Enabled",
    "Filter": {},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}


@pytest.fixture
def fresh(s3: S3Server) -> Iterator[ObjectStore]:
    """Return a store that knows nothing of its endpoint."""
    made = ObjectStore(destination_of(s3, prefix="team/"), keys_of(s3))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        ((), ChecksumKind.CRC64NVME),
        (("crc64nvme",), ChecksumKind.CRC32),
        (("crc64nvme", "crc32"), ChecksumKind.MD5),
        (("full",), ChecksumKind.MD5),
    ],
)
@pytest.mark.parametrize("refusal", ["NotImplemented", "InvalidRequest"])
def test_the_best_checksum_that_an_endpoint_verifies_is_found(
    fresh: ObjectStore, s3: S3Server, refused: tuple[str, ...], kind: ChecksumKind, refusal: str
) -> None:
    s3.faults.refused, s3.faults.refusal = refused, refusal
    assert fresh.probe() is kind


def test_a_probe_leaves_nothing_behind_and_is_made_once(fresh: ObjectStore, s3: S3Server) -> None:
    fresh.probe()
    assert not s3.uploads("films")
    asked = len(s3.account.receipts())
    fresh.probe()
    assert len(s3.account.receipts()) == asked


def test_many_threads_that_want_to_know_ask_once(fresh: ObjectStore, s3: S3Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        kinds = set(pool.map(lambda _n: fresh.probe(), range(8)))
    assert kinds == {ChecksumKind.CRC64NVME}
    assert len(s3.account.receipts("CreateMultipartUpload")) == 1


def test_no_endpoint_is_probed_twice_at_once_and_each_probe_is_announced(s3: S3Server) -> None:
    going: list[str] = []
    seen: list[tuple[str, ...]] = []

    @contextmanager
    def trying(key: str) -> Iterator[None]:
        going.append(key)
        seen.append(tuple(going))
        begun = {receipt.key for receipt in s3.account.receipts("CreateMultipartUpload")}
        assert key not in begun
        yield
        assert key not in {upload.key for upload in s3.uploads("films")}
        going.remove(key)

    store = ObjectStore(destination_of(s3), keys_of(s3), trying=trying)
    with ThreadPoolExecutor(4) as pool:
        checks = [pool.submit(store.check) for _n in range(3)]
        assert store.probe() is ChecksumKind.CRC64NVME
        assert all(check.result().ok for check in checks)
    assert len(seen) >= 3
    assert {len(keys) for keys in seen} == {1}
    store.close()


def test_a_probe_that_is_cut_leaves_nothing_behind(fresh: ObjectStore, s3: S3Server) -> None:
    line = Line()
    s3.faults.once(Effect.STALL, operation="UploadPart")
    timer = threading.Timer(0.3, line.cut)
    timer.start()
    with pytest.raises(Cut):
        fresh.probe(line=line)
    timer.join()
    assert not s3.uploads("films")


def test_a_check_does_not_rely_on_what_was_found_earlier(s3: S3Server) -> None:
    store = ObjectStore(destination_of(s3), keys_of(s3), kind=ChecksumKind.MD5)
    assert store.check().checksums == "crc64nvme"
    assert store.probe() is ChecksumKind.CRC64NVME
    store.close()


def test_an_endpoint_that_believes_everything_is_seen_through(film: Film) -> None:
    with S3Server(minimum_part=1, verify=False) as s3:
        s3.create_bucket("films")
        store = ObjectStore(destination_of(s3), keys_of(s3))
        assert store.probe() is ChecksumKind.MD5
        check = store.check()
        assert check.ok
        assert check.checksums == ""
        assert any("does not verify checksums" in warning for warning in check.warnings)
        store.close()


def test_a_probe_that_is_interrupted_says_why_and_is_made_again(
    fresh: ObjectStore, s3: S3Server
) -> None:
    s3.faults.once(Effect.ERROR, operation="UploadPart", code="SlowDown")
    check = fresh.check()
    assert check.fault
    assert check.fault.kind is FaultKind.THROTTLED
    assert not s3.uploads("films")
    assert fresh.probe() is ChecksumKind.CRC64NVME


def test_a_good_destination_is_good_and_stays_as_it_was(fresh: ObjectStore, s3: S3Server) -> None:
    before = s3.keys_of("films")
    check = fresh.check()
    assert (check.ok, check.fault) == (True, None)
    assert (check.region, check.checksums) == ("us-east-1", "crc64nvme")
    assert s3.keys_of("films") == before
    assert not s3.uploads("films")


def test_trials_stay_below_the_prefix(fresh: ObjectStore, s3: S3Server) -> None:
    fresh.check()
    keys = {receipt.key for receipt in s3.account.receipts() if receipt.key}
    assert keys
    assert all(key.startswith("team/.proofreel-check-") for key in keys)


@pytest.mark.parametrize(
    ("denied", "kind"),
    [
        (("PutObject",), FaultKind.DENIED),
        (("CreateMultipartUpload",), FaultKind.DENIED),
        (("AbortMultipartUpload",), FaultKind.DENIED),
    ],
)
def test_a_right_that_uploads_need_is_missed_at_once(
    fresh: ObjectStore, s3: S3Server, denied: tuple[str, ...], kind: FaultKind
) -> None:
    s3.faults.denied = denied
    check = fresh.check()
    assert not check.ok
    assert check.fault
    assert check.fault.kind is kind


@pytest.mark.parametrize(
    ("denied", "warning"),
    [
        ("HeadBucket", "may not list the bucket"),
        ("DeleteObject", "may not delete"),
    ],
)
def test_a_right_that_is_only_useful_is_warned_of(
    fresh: ObjectStore, s3: S3Server, denied: str, warning: str
) -> None:
    s3.faults.denied = (denied,)
    check = fresh.check()
    assert check.ok
    assert any(warning in each for each in check.warnings)


def test_a_missing_bucket_is_named(s3: S3Server) -> None:
    store = ObjectStore(destination_of(s3, bucket="elsewhere"), keys_of(s3))
    check = store.check()
    assert check.fault
    assert check.fault.kind is FaultKind.NO_BUCKET
    assert "“elsewhere”" in check.fault.message
    store.close()


def test_an_endpoint_that_overwrites_is_warned_of(
    fresh: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = fresh._calls.within

    def careless(line: Any, operation: str, **parameters: Any) -> Any:
        parameters.pop("IfNoneMatch", None)
        return original(line, operation, **parameters)

    monkeypatch.setattr(fresh._calls, "within", careless)
    assert any("cannot refuse to overwrite" in warning for warning in fresh.check().warnings)


@pytest.mark.parametrize(
    ("rules", "warned"),
    [
        ([RULE], False),
        ([RULE | {"Filter": {"Prefix": "te"}}], False),
        ([{**RULE, "Filter": {"Prefix": "code/"}}, RULE | {"Prefix": "team/"}], False),
        ([RULE | {"Filter": {"Prefix": "code/"}}], True),
        ([RULE | {"Filter": {"Tag": {"Key": "a", "Value": "b"}}}], True),
        ([RULE | {"Status": "Disabled"}], True),
        ([{"ID": "old", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}}], True),
        ([], True),
    ],
)
def test_a_bucket_in_which_unfinished_uploads_pile_up_is_warned_of(
    fresh: ObjectStore,
    monkeypatch: pytest.MonkeyPatch,
    rules: list[dict[str, Any]],
    warned: bool,
) -> None:
    original = fresh._calls.within

    def ruled(line: Any, operation: str, **parameters: Any) -> Any:
        if operation == "GetBucketLifecycleConfiguration":
            return {"Rules": rules}
        return original(line, operation, **parameters)

    monkeypatch.setattr(fresh._calls, "within", ruled)
    assert any("lifecycle rule" in warning for warning in fresh.check().warnings) is warned


@pytest.mark.parametrize(
    ("status", "code", "warned"),
    [
        (404, "NoSuchLifecycleConfiguration", True),
        (403, "AccessDenied", False),
        (501, "NotImplemented", False),
    ],
)
def test_rules_that_cannot_be_read_are_passed_over(
    calls: Any, answers: Answers, status: int, code: str, warned: bool
) -> None:
    from desktop.cloud.checking import _leftovers

    answers.then(status, f"<Error><Code>{code}</Code><Message/></Error>")
    assert bool(list(_leftovers(calls))) is warned


def test_an_address_where_nothing_answers_is_said_to_be_one(
    destination: Destination, keys: AccessKeys
) -> None:
    made = ObjectStore(destination, keys)
    fault = made.check().fault
    made.close()
    assert fault is not None
    assert fault.kind is FaultKind.NETWORK
    assert fault.message == "Nothing can be reached at localhost:9."
    assert fault.remedy.startswith("Check the address")
