"""What nobody will complete is aborted: surely ours, patiently, and nothing of anybody else's."""

from desktop.domain.uploads import Orphan, StrayUpload
from desktop.transfers import orphans

ORPHAN = Orphan("d", "bucket", "k", "", "why", asked_at=10_000.0)


def test_only_empty_uploads_of_the_right_time_are_taken_for_ours() -> None:
    found = [
        StrayUpload("ours", 10_003.0, 0),
        StrayUpload("has parts", 10_003.0, 1),
        StrayUpload("older", 9_000.0, 0),
        StrayUpload("newer", 11_000.0, 0),
    ]
    assert [orphan.upload_id for orphan in orphans.identified(ORPHAN, found)] == ["ours"]
    assert orphans.identified(ORPHAN, []) == ()


def test_everything_under_a_key_that_nobody_else_uses_is_ours() -> None:
    found = [StrayUpload("has parts", 10_003.0, 1), StrayUpload("by another clock", 0.0, 0)]
    ours = orphans.identified(ORPHAN, found, alone=True)
    assert [orphan.upload_id for orphan in ours] == ["has parts", "by another clock"]


def test_what_resists_is_tried_again_later_and_for_ever() -> None:
    orphan, waits = ORPHAN, []
    for _ in range(20):
        later = orphans.postponed(orphan, 100.0)
        waits.append(later.next_try_at - 100.0)
        assert later.tries == orphan.tries + 1
        orphan = later
    assert max(waits[:8]) <= 30.0
    assert set(waits[8:]) == {orphans.DAILY}


def test_what_the_service_asks_for_is_waited() -> None:
    assert orphans.postponed(ORPHAN, 0.0, asked=120.0).next_try_at >= 120.0
