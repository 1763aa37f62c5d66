import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.domain.errors import Unavailable
from desktop.domain.events import EventBus
from desktop.domain.transfers import TransferState
from desktop.ui import tasks
from desktop.ui.models.transfers import MIME, TransferQuery, TransfersModel
from desktop.ui.models.transfers_window import KEPT, PAGE
from tests.ui.conftest import settle
from tests.ui.fake_transfers import FakeTransfers, rows_of
from tests.ui.pages.library.conftest import until

State = TransferState

MANY = 3_000


@pytest.fixture
def transfers() -> FakeTransfers:
    made = FakeTransfers(EventBus())
    made.show(*rows_of(MANY))
    return made


@pytest.fixture
def model(transfers: FakeTransfers) -> TransfersModel:
    made = TransfersModel(transfers.real)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


async def read(model: TransfersModel) -> TransfersModel:
    await settle()
    await until(lambda: not tasks.running())
    await asyncio.sleep(0.02)
    await until(lambda: not tasks.running())
    return model


async def shown(model: TransfersModel, query: TransferQuery | None = None) -> TransfersModel:
    model.show_query(query or TransferQuery())
    return await read(model)


def name(model: TransfersModel, row: int) -> str | None:
    found = model.index(row).data()
    return found if found is None else str(found)


async def test_only_the_pages_looked_at_are_read(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    await shown(model)
    assert model.rowCount() == MANY
    transfers.pages.clear()
    assert name(model, 2_050) is None
    await read(model)
    assert name(model, 2_050) == "take 2050.mp4"
    assert transfers.pages == [(2_000, PAGE)]


async def test_pages_that_were_scrolled_past_are_not_read(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    await shown(model)
    transfers.pages.clear()
    for row in range(0, MANY, PAGE):
        name(model, row)
    await read(model)
    assert len(transfers.pages) <= 4
    assert name(model, MANY - 1) == "take 2999.mp4"


async def test_a_long_list_takes_no_more_memory_than_a_few_pages(model: TransfersModel) -> None:
    await shown(model)
    for row in range(0, MANY, 2 * PAGE):
        name(model, row)
        await read(model)
    assert len(list(model._window.rows())) <= KEPT * PAGE


async def test_what_moves_touches_only_rows_on_screen(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    await shown(model)
    model.watch(0, 9)
    touched: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: touched.append((first.row(), last.row())))
    transfers.pages.clear()
    moved = [replace(transfers.rows[row], confirmed=5) for row in (3, 4, 5, 8, 50, 2_900)]
    model.progressed(moved)
    assert touched == [(3, 5), (8, 8)]
    below = model.transfer(50)
    assert below is not None
    assert below.confirmed == 5, "it is right when it is scrolled to"
    assert not transfers.pages


async def test_news_during_a_reading_are_not_overwritten_by_it(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    await shown(model)
    gate, usual = asyncio.Event(), transfers.page

    async def slow(**what: object) -> object:
        answer = await usual(**what)  # type: ignore[arg-type]  # as it was called
        await gate.wait()
        return answer

    transfers.page = slow  # type: ignore[method-assign,assignment]  # a slow line
    model.refresh()
    await settle()
    model.progressed([replace(transfers.rows[0], confirmed=77)])
    gate.set()
    await read(model)
    first = model.transfer(0)
    assert first is not None
    assert first.confirmed == 77


async def test_a_selected_row_stays_selected_where_it_goes(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    await shown(model)
    selection = QItemSelectionModel(model)
    selection.select(model.index(2), QItemSelectionModel.SelectionFlag.Select)
    kept = QPersistentModelIndex(model.index(2))
    await transfers.move(["r00002"], "r00000")
    model.refresh()
    await read(model)
    assert [index.row() for index in selection.selectedIndexes()] == [0]
    assert kept.row() == 0
    await transfers.cancel(["r00000"])
    await transfers.forget(["r00000"])
    model.refresh()
    await read(model)
    assert model.rowCount() == MANY - 1
    assert [index.data() for index in selection.selectedIndexes()] == ["take 2.mp4"]


async def test_a_row_that_is_gone_is_selected_no_more(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    transfers.show(*rows_of(3, State.DONE))
    await shown(model)
    selection = QItemSelectionModel(model)
    selection.select(model.index(1), QItemSelectionModel.SelectionFlag.Select)
    await transfers.forget(["r00001"])
    model.refresh()
    await read(model)
    assert model.rowCount() == 2
    assert not selection.hasSelection()


async def test_rows_that_come_and_go_are_seen_by_views(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    transfers.show(*rows_of(5))
    await shown(model)
    transfers.show(*rows_of(250))
    model.refresh()
    await read(model)
    assert model.rowCount() == 250
    transfers.show(*rows_of(1))
    model.refresh()
    await read(model)
    assert (model.rowCount(), name(model, 0)) == (1, "take 0.mp4")


async def test_a_change_of_state_is_shown_at_once_and_put_in_place_soon(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    await shown(model)
    transfers.pages.clear()
    for row in range(20):
        transfers.rows[row] = replace(transfers.rows[row], state=State.DONE)
        model.changed(transfers.rows[row])
    first = model.transfer(0)
    assert first is not None
    assert first.state is State.DONE
    assert not transfers.pages
    await until(lambda: not model._rest.isActive())
    await read(model)
    assert transfers.pages == [(0, PAGE)], "twenty changes are one reading"
    assert name(model, 0) == "take 20.mp4"


async def test_a_filter_shows_what_it_says_and_counts_it(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    transfers.show(*rows_of(4), *[replace(row, id=f"d{row.id}") for row in rows_of(2, State.DONE)])
    await shown(model, TransferQuery(states=frozenset({State.DONE})))
    assert model.total == 2
    await shown(model, TransferQuery("take 1"))
    assert {name(model, row) for row in range(model.total)} == {"take 1.mp4"}


async def test_the_newest_of_many_queries_is_shown(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    arrived: list[str] = []
    model.arrived.connect(lambda: arrived.append(model.query.text))
    for text in ("t", "take 77", "take 777"):
        model.show_query(TransferQuery(text))
    await read(model)
    assert arrived[-1] == "take 777"
    assert model.total == sum("777" in row.key for row in transfers.rows)


async def test_rows_that_are_not_here_are_read_for_an_act(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    await shown(model)
    transfers.pages.clear()
    found = await model.transfers(range(MANY))
    assert [one.id for one in found] == [row.id for row in transfers.rows]
    assert len(transfers.pages) <= 5


async def test_a_failed_reading_is_told_and_the_next_one_works(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    transfers.failure = Unavailable("The engine does not answer")
    heard: list[Exception] = []
    model.present_error = heard.append  # type: ignore[attr-defined]  # as a window does
    model.refresh()
    await read(model)
    assert heard == [transfers.failure]
    transfers.failure = None
    await shown(model)
    assert model.rowCount() == MANY


def dropped(model: TransfersModel, rows: list[int], at: int) -> list[tuple[object, object]]:
    heard: list[tuple[object, object]] = []
    model.dropped.connect(lambda ids, before: heard.append((ids, before)))
    data = model.mimeData([model.index(row) for row in rows])
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, at, 0, QModelIndex())
    return heard


async def test_dragged_rows_come_before_the_one_they_are_dropped_on(model: TransfersModel) -> None:
    await shown(model)
    assert dropped(model, [5, 6], 2) == [(("r00005", "r00006"), "r00002")]


async def test_rows_dropped_among_themselves_come_before_the_next_other(
    model: TransfersModel,
) -> None:
    await shown(model)
    assert dropped(model, [2, 3], 3) == [(("r00002", "r00003"), "r00004")]


async def test_what_is_dropped_below_what_is_over_comes_last_of_the_queue(
    model: TransfersModel, transfers: FakeTransfers
) -> None:
    done = [replace(row, id=f"d{row.id}") for row in rows_of(2, State.DONE)]
    transfers.show(*rows_of(3), *done)
    await shown(model)
    assert dropped(model, [0, 3], 4) == [(("r00000",), None)]
    movable = Qt.ItemFlag.ItemIsDragEnabled
    assert model.flags(model.index(0)) & movable
    assert not model.flags(model.index(3)) & movable


async def test_other_things_cannot_be_dropped(model: TransfersModel) -> None:
    await shown(model)
    data = QMimeData()
    data.setText("hello")
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert model.mimeTypes() == [MIME]


async def test_the_place_is_said_by_its_name(model: TransfersModel) -> None:
    await shown(model)
    model.name_destinations({"team": "The team"})
    heard = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard.startswith("take 0.mp4, to The team, Waiting for its turn")
