"""The working text is saved only by whoever has seen the last revision."""

import pytest

from desktop.domain.errors import Conflict, NotFound
from desktop.storage import sources, videos
from desktop.storage.transaction import Transaction
from tests.storage.builders import START, a_video, later


@pytest.fixture(autouse=True)
def _video(tx: Transaction) -> None:
    videos.insert(tx, a_video("v1"))


def test_a_video_without_text_has_revision_0(tx: Transaction) -> None:
    assert sources.read(tx, "v1") == sources.WorkingSource("", 0)


@pytest.mark.parametrize("text", ["", "# Täxt\r\n\ttab\n", "水" * 10_000, "nul \0 inside"])
def test_a_text_comes_back_exactly(tx: Transaction, text: str) -> None:
    assert sources.save(tx, "v1", text, 0, START) == 1
    assert sources.read(tx, "v1") == sources.WorkingSource(text, 1)


def test_revisions_count_up_and_the_video_moves_with_them(tx: Transaction) -> None:
    assert sources.save(tx, "v1", "one", 0, later(1)) == 1
    assert sources.save(tx, "v1", "two", 1, later(2)) == 2
    assert videos.get(tx, "v1").updated_at == later(2)


def test_saving_the_same_text_again_changes_nothing(tx: Transaction) -> None:
    sources.save(tx, "v1", "one", 0, later(1))
    assert sources.save(tx, "v1", "one", 1, later(2)) == 1
    assert videos.get(tx, "v1").updated_at == later(1)


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_nothing_that_was_not_seen_is_overwritten(tx: Transaction, seen: int) -> None:
    sources.save(tx, "v1", "one", 0, START)
    sources.save(tx, "v1", "two", 1, START)
    with pytest.raises(Conflict) as caught:
        sources.save(tx, "v1", "mine", seen, START)
    assert caught.value.remedy
    assert sources.read(tx, "v1") == sources.WorkingSource("two", 2)


def test_a_video_that_is_gone_takes_no_text(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        sources.read(tx, "nobody")
    with pytest.raises(NotFound):
        sources.save(tx, "nobody", "text", 0, START)


def test_a_text_is_our_own_as_long_as_every_change_is(tx: Transaction) -> None:
    sources.save(tx, "v1", "one", 0, START, own=True)
    assert sources.read(tx, "v1").own
    sources.save(tx, "v1", "two", 1, START, own=True)
    assert sources.read(tx, "v1").own
    sources.save(tx, "v1", "from elsewhere", 2, START)
    assert not sources.read(tx, "v1").own
    sources.save(tx, "v1", "from elsewhere, changed here", 3, START, own=True)
    assert not sources.read(tx, "v1").own


def test_a_text_from_elsewhere_becomes_our_own_when_it_is_taken_as_that(tx: Transaction) -> None:
    sources.save(tx, "v1", "one", 0, START)
    sources.take_as_own(tx, "v1", 1)
    sources.save(tx, "v1", "two", 1, START, own=True)
    assert sources.read(tx, "v1") == sources.WorkingSource("two", 2, own=True)
    sources.disown(tx, "v1")
    assert not sources.read(tx, "v1").own


def test_taking_an_older_text_as_our_own_says_nothing_about_a_newer_one(tx: Transaction) -> None:
    sources.save(tx, "v1", "one", 0, START)
    sources.save(tx, "v1", "two", 1, START)
    sources.take_as_own(tx, "v1", 1)
    assert not sources.read(tx, "v1").own
