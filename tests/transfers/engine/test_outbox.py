"""A slow client hears the latest, never everything, and never makes the engine grow."""

from dataclasses import replace

from desktop.domain.events import (
    TransferBatchEnded,
    TransferChanged,
    TransfersChanged,
    TransfersProgressed,
)
from desktop.domain.transfers import Direction, Totals, Transfer, TransferState
from desktop.transfers import wire
from desktop.transfers.engine.outbox import MOST_NEWS, Outbox

ROW = Transfer("1", Direction.UPLOAD, "p", "d", "b", "k", 100, TransferState.ACTIVE, 1.0)


async def test_progress_that_was_not_sent_is_replaced_by_the_latest() -> None:
    outbox = Outbox()
    for confirmed in range(50):
        row = replace(ROW, confirmed=confirmed)
        outbox.tell(TransfersProgressed((row,), Totals(active=confirmed)))
    outbox.tell(TransfersProgressed((replace(ROW, id="2"),), Totals(active=7)))
    assert await outbox.take() == [
        wire.News(
            TransfersProgressed(
                (replace(ROW, confirmed=49), replace(ROW, id="2")), Totals(active=7)
            )
        )
    ]


async def test_a_change_is_not_followed_by_older_progress() -> None:
    outbox = Outbox()
    outbox.tell(TransfersProgressed((ROW,), Totals()))
    done = TransferChanged(replace(ROW, state=TransferState.DONE))
    outbox.tell(done)
    assert await outbox.take() == [wire.News(done), wire.News(TransfersProgressed((), Totals()))]


async def test_a_backlog_of_changes_becomes_one_and_answers_stay() -> None:
    outbox = Outbox()
    outbox.put(wire.Answer(1, None))
    outbox.tell(TransferBatchEnded("b", 1, 0, 1))
    for number in range(MOST_NEWS + 5):
        outbox.tell(TransferChanged(replace(ROW, confirmed=number)))
    said = await outbox.take()
    assert said[:3] == [
        wire.Answer(1, None),
        wire.News(TransferBatchEnded("b", 1, 0, 1)),
        wire.News(TransfersChanged()),
    ]
    assert len(said) < 10


async def test_a_beat_is_only_said_when_there_is_nothing_else() -> None:
    outbox = Outbox()
    outbox.beat()
    outbox.beat()
    assert await outbox.take() == [wire.Beat()]
