"""What was acknowledged is on the disk; what is on the disk is found again, whatever happened."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.errors import NotFound
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import (
    Moment,
    TransferState,
)
from desktop.domain.uploads import (
    Download,
    Endpoint,
    ObjectSeen,
    Orphan,
    Source,
    Stamp,
    Upload,
)
from desktop.storage import ledger as ledgers
from desktop.storage.ledger import Ledger
from desktop.transfers.commands import Save
from tests.storage.ledgers import a_download, a_part, an_upload, in_order

S = TransferState


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transfers" / "transfers.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with closing(Ledger.open(path)) as ledger:
        yield ledger


def test_the_file_is_written_through_to_the_disk(ledger: Ledger) -> None:
    def value(name: str) -> object:
        return ledger._connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert value("journal_mode") == "wal"
    assert value("synchronous") == 2
    assert value("foreign_keys") == 1


def test_everything_about_an_upload_is_found_again(path: Path) -> None:
    full = replace(
        an_upload(
            "u1",
            state=S.WAITING_RETRY,
            reason="Why.",
            remedy="What.",
            fault=Fault(FaultKind.CLOCK, "M", "R", "C", 2.5, "eu", -3.0),
            next_try_at=9.5,
            upload_id="id",
            part_size=10,
            parts=10,
            resumed_from=20,
            batch="b",
        ),
        source=Source(Stamp(100, 2**62, 2**61, 2**40, 2**50), 90, "sample"),
        checksums="md5",
        creating_at=5.5,
        unconditional=True,
        largest_part=5,
    ).with_parts({3: a_part(3), 1: a_part(1)})
    with closing(Ledger.open(path)) as ledger:
        (stored,) = ledger.add([full])
        ledger.save(Save(stored, parts=tuple(full.parts.values())))
    with closing(Ledger.open(path)) as ledger:
        assert ledger.load("u1") == stored
        assert ledger.row("u1") == stored.transfer
        assert stored.transfer.position == 1


def test_everything_about_a_download_is_found_again(path: Path) -> None:
    seen = ObjectSeen(100, "e", "crc64nvme:x", "n", "v")
    with closing(Ledger.open(path)) as ledger:
        (stored,) = ledger.add([a_download("d1")])
        assert isinstance(stored, Download)
        stored = replace(stored, seen=seen).with_parts({1: a_part(1)})
        ledger.save(Save(stored, parts=(a_part(1),)))
    with closing(Ledger.open(path)) as ledger:
        assert ledger.load("d1") == stored


def test_parts_are_kept_lost_and_forgotten(ledger: Ledger) -> None:
    (upload,) = ledger.add([an_upload("u1")])
    assert isinstance(upload, Upload)
    parts = {n: a_part(n) for n in range(1, 5)}
    ledger.save(Save(upload, parts=tuple(parts.values())))
    assert ledger.load("u1").parts == parts
    ledger.save(Save(upload, lost=(2, 3)))
    assert ledger.part_numbers("u1") == (1, 4)
    assert set(ledger.load("u1").parts) == {1, 4}
    assert ledger.load("u1").transfer.confirmed == 20, "what parts say is what counts"
    ledger.save(Save(upload, parts=(a_part(2),), forget_parts=True))
    assert set(ledger.load("u1").parts) == {2}


def test_what_is_complete_has_all_its_parts_though_none_is_kept(ledger: Ledger) -> None:
    (upload,) = ledger.add([an_upload("u1")])
    assert isinstance(upload, Upload)
    assert ledger.part_numbers("u1") == ()
    ledger.save(Save(upload, parts=(a_part(3), a_part(1))))
    done = upload.told(state=S.DONE, parts=3, parts_done=3)
    ledger.save(Save(done, forget_parts=True))
    assert ledger.part_numbers("u1") == (1, 2, 3)
    with pytest.raises(NotFound):
        ledger.part_numbers("u2")


def test_an_entry_is_written_whole_or_not_at_all(ledger: Ledger) -> None:
    (upload,) = ledger.add([an_upload("u1")])
    assert isinstance(upload, Upload)
    no_number: Any = "many"
    broken = (a_part(1), replace(a_part(2), size=no_number))
    with pytest.raises(sqlite3.IntegrityError):
        ledger.save(Save(upload.told(state=S.ACTIVE), parts=broken))
    assert ledger.row("u1").state is S.QUEUED
    assert not ledger.load("u1").parts


def test_a_machine_does_not_write_what_a_person_sets(ledger: Ledger) -> None:
    (upload,) = ledger.add([an_upload("u1")])
    ledger.prioritise(["u1"], 7)
    ledger.limit(["u1"], 1000)
    ledger.save(Save(upload))
    row = ledger.row("u1")
    assert (row.priority, row.rate_limit, row.position) == (7, 1000, 1)


def test_what_was_removed_is_not_made_again_but_its_orphans_are_kept(ledger: Ledger) -> None:
    (upload,) = ledger.add([an_upload("u1", state=S.FAILED)])
    assert ledger.forget(["u1"]) == 1
    orphan = Orphan("d", "bucket", "k", "id", "why")
    ledger.save(Save(upload, parts=(a_part(1),), orphans=(orphan,), moments=(Moment(1, "a", "b"),)))
    with pytest.raises(NotFound):
        ledger.load("u1")
    assert ledger.orphans() == (orphan,)


def test_only_what_is_over_is_forgotten(ledger: Ledger) -> None:
    ledger.add([an_upload("u1"), an_upload("u2", state=S.DONE), an_upload("u3", state=S.PAUSED)])
    assert ledger.forget(["u1", "u2", "u3", "nobody"]) == 1
    assert in_order(ledger) == ["u1", "u3"]


def test_the_list_has_what_is_not_over_first_then_what_ended_last(ledger: Ledger) -> None:
    ledger.add(
        [
            an_upload("old", state=S.DONE, finished_at=5.0),
            an_upload("u1"),
            a_download("d1"),
            an_upload("new", state=S.CANCELLED, finished_at=9.0),
            an_upload("high", priority=2),
        ]
    )
    assert in_order(ledger) == ["high", "u1", "d1", "new", "old"]
    assert [row.id for row in ledger.page(offset=2, limit=2)[0]] == ["d1", "new"]
    assert [row.id for row in ledger.page(offset=4, limit=9)[0]] == ["old"]
    assert ledger.page(offset=9)[0] == ()
    assert ledger.ids() == ("high", "u1", "d1", "new", "old")


def test_rows_are_found_by_words_of_their_path_and_key_and_by_state(ledger: Ledger) -> None:
    ledger.add([an_upload("Ünder_1"), an_upload("under%1", state=S.FAILED), a_download("x")])

    def found(text: str, *states: TransferState) -> set[str]:
        rows, total = ledger.page(text=text, states=frozenset(states))
        assert total == len(rows)
        return {row.id for row in rows}

    assert found("ÜNDER") == {"Ünder_1"}
    assert found("mp4 under%") == {"under%1"}
    assert found("r_1") == {"Ünder_1"}
    assert found("", S.FAILED, S.DONE) == {"under%1"}
    assert found("nowhere") == set()
    assert ledger.counts() == {S.QUEUED: 2, S.FAILED: 1}


def test_rows_are_moved_and_take_the_priority_of_their_place(ledger: Ledger) -> None:
    ledger.add([an_upload(name) for name in "abcde"] + [an_upload("z", priority=3)])
    ledger.move(["d", "b"], "a")
    assert in_order(ledger) == ["z", "d", "b", "a", "c", "e"]
    ledger.move(["e"], "z")
    assert in_order(ledger) == ["e", "z", "d", "b", "a", "c"]
    assert ledger.row("e").priority == 3
    ledger.move(["z"], None)
    assert in_order(ledger) == ["e", "d", "b", "a", "c", "z"]
    assert ledger.row("z").priority == 0
    ledger.add([an_upload("new")])
    assert in_order(ledger)[-1] == "new"
    assert [row.id for row in ledger.rows(["z", "nobody", "a"])] == ["z", "a"]


def test_history_is_in_order_and_what_was_told_is_in_it_at_once(path: Path) -> None:
    with closing(Ledger.open(path)) as ledger:
        (upload,) = ledger.add([an_upload("u1")])
        ledger.save(Save(upload, moments=(Moment(1.0, "added", "Added"),)))
        ledger.tell("u1", Moment(2.0, "retry", "Again"))
        ledger.tell("nobody", Moment(2.0, "retry", "Again"))
        assert [moment.kind for moment in ledger.history("u1")] == ["added", "retry"]
        ledger.save(Save(upload, moments=(Moment(3.0, "done", "Done"),)))
    with closing(Ledger.open(path)) as ledger:
        assert {moment.kind for moment in ledger.history("u1")} == {"added", "retry", "done"}
        assert ledger.history("nobody") == ()


def test_what_was_on_its_way_is_known_after_a_crash_once(path: Path) -> None:
    with closing(Ledger.open(path)) as ledger:
        (upload,) = ledger.add([an_upload("u1", state=S.ACTIVE)])
        ledger.note_in_flight({"u1": 4096})
        ledger.save(Save(upload))
    with closing(Ledger.open(path)) as ledger:
        assert [item.transfer.in_flight for item in ledger.recover()] == [4096]
        assert [item.transfer.in_flight for item in ledger.recover()] == [0]


def test_a_batch_is_counted(ledger: Ledger) -> None:
    ledger.add(
        [
            an_upload("u1", batch="b"),
            an_upload("u2", batch="b", state=S.DONE),
            an_upload("u3", batch="b", state=S.SOURCE_CHANGED),
            an_upload("u4"),
        ]
    )
    count = ledger.batch("b")
    assert (count.open, count.done, count.failed, count.size) == (1, 1, 1, 100)
    assert ledger.batch("").open == 0


def test_orphans_are_due_in_time_and_settled(ledger: Ledger) -> None:
    first = Orphan("d", "bucket", "k", "id-1", "why", next_try_at=5.0)
    second = replace(first, upload_id="id-2", next_try_at=50.0)
    (upload,) = ledger.add([an_upload("u1")])
    ledger.save(Save(upload, orphans=(second, first)))
    assert ledger.orphans() == (first, second)
    assert ledger.orphans_due(4.0) == ()
    assert ledger.orphans_due(10.0) == (first,)
    ledger.settle(first, [replace(first, tries=1, next_try_at=99.0)])
    assert ledger.orphans_due(60.0) == (second,)
    ledger.settle(second)
    assert [orphan.tries for orphan in ledger.orphans()] == [1]


def test_an_orphan_without_an_id_waits_while_it_could_be_taken_for_another(ledger: Ledger) -> None:
    creating = replace(an_upload("u1", state=S.CREATING), creating_at=3.0)
    (upload,) = ledger.add([creating])
    assert isinstance(upload, Upload)
    orphan = Orphan("d", "bucket", upload.transfer.key, "", "why", asked_at=1.0)
    ledger.save(Save(upload, orphans=(orphan,)))
    assert ledger.orphans_due(10.0) == ()
    ledger.save(Save(replace(upload, creating_at=None).told(upload_id="id")))
    assert ledger.orphans_due(10.0) == (orphan,)


def test_uploads_that_are_ours_are_known(ledger: Ledger) -> None:
    upload, _other = ledger.add([an_upload("u1", upload_id="id-1"), an_upload("u2")])
    ledger.save(Save(upload, orphans=(Orphan("d", "bucket", "k", "id-2", "why"),)))
    assert ledger.known_uploads("bucket") == {"id-1", "id-2"}
    assert ledger.known_uploads("another") == frozenset()


def test_endpoints_and_notes_are_remembered(ledger: Ledger) -> None:
    assert ledger.endpoint("d") == Endpoint("d")
    found = Endpoint("d", "crc32", 12, "eu-west-1", 99.0)
    ledger.put_endpoint(found)
    assert ledger.endpoint("d") == found
    assert ledger.note("paused") == ""
    ledger.put_note("paused", "yes")
    assert ledger.note("paused") == "yes"


def test_what_ended_long_ago_goes_and_what_failed_stays(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100 * ledgers.DAY
    ledger.add(
        [
            an_upload("old", state=S.DONE, finished_at=ledgers.DAY),
            an_upload("failed", state=S.FAILED, finished_at=ledgers.DAY),
            an_upload("open"),
            an_upload("new", state=S.DONE, finished_at=now),
            an_upload("newer", state=S.DONE, finished_at=now + 1),
        ]
    )
    assert ledger.prune(now) == 1
    assert in_order(ledger) == ["open", "newer", "new", "failed"]
    monkeypatch.setattr(ledgers, "ROWS_KEPT", 1)
    assert ledger.prune(now) == 1
    assert in_order(ledger) == ["open", "newer", "failed"]


def test_histories_do_not_grow_for_ever(ledger: Ledger) -> None:
    (upload,) = ledger.add([an_upload("u1")])
    ledger.save(Save(upload, moments=tuple(Moment(n, "retry", str(n)) for n in range(700))))
    ledger.prune(0.0)
    history = ledger.history("u1")
    assert len(history) == 500
    assert history[-1].text == "699"


def test_ten_thousand_rows_are_read_by_pages_quickly(ledger: Ledger) -> None:
    ledger.add([an_upload(f"u{n:05}", state=S.DONE if n % 2 else S.QUEUED) for n in range(10_000)])
    began = time.process_time()
    for offset in range(0, 10_000, 1000):
        rows, total = ledger.page(offset=offset, limit=100)
        assert (len(rows), total) == (100, 10_000)
    assert ledger.page(text="u0999")[1] == 10
    assert time.process_time() - began < 1.0, "a page takes milliseconds"
