"""Everything the panel shows, and everything its keys, buttons and menus do."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QTableView
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Unavailable
from desktop.domain.events import EventBus, TransferEngineChanged
from desktop.domain.transfers import Moment, TransferState
from desktop.ui.pages.publish.page import PublishPage
from desktop.ui.pages.publish.panel import TransferPanel
from desktop.ui.pages.publish.row_layout import areas
from tests.ui.fake_transfers import FakeTransfers, rows_of
from tests.ui.pages.library.conftest import choose as pick
from tests.ui.pages.library.conftest import texts
from tests.ui.pages.library.doubles import ShellDouble
from tests.ui.pages.publish.conftest import asked, choose, settled

State, Key, Ctrl = TransferState, Qt.Key, Qt.KeyboardModifier.ControlModifier


def names(panel: TransferPanel) -> list[str]:
    return [str(panel.model.index(row).data()) for row in range(panel.model.total)]


async def test_every_transfer_has_a_row_and_all_are_summed_up(panel: TransferPanel) -> None:
    assert panel.model.total == 14
    assert panel.bar.summary.text() == "9 transfers · 8 MB/s · 34:26 left"
    assert panel.bar.kinds["Failed"].text() == "Failed 2"
    assert panel.bar.limit.text() == "Limited to 8 MB/s"


async def test_filters_show_what_they_say(panel: TransferPanel) -> None:
    wanted = {"Running": 4, "Waiting": 5, "Failed": 2, "Done": 3, "All": 14}
    for kind, number in wanted.items():
        panel.bar.kinds[kind].click()
        await settled(panel)
        assert panel.model.total == number, kind


async def test_searching_leads_to_the_list_and_back(panel: TransferPanel, qtbot: QtBot) -> None:
    qtbot.keyClick(panel.list, Key.Key_F, Ctrl)
    assert panel.bar.search.hasFocus()
    qtbot.keyClicks(panel.bar.search, "quicksort")
    qtbot.keyClick(panel.bar.search, Key.Key_Return)
    await settled(panel)
    assert names(panel) == ["Quicksort, step by step.mov"]
    assert panel.list.hasFocus()
    panel.bar.search.setText("no such film")
    await settled(panel)
    assert panel.empty_reason == "search"
    panel.bar.clear()
    await settled(panel)
    assert (panel.empty_reason, panel.model.total) == ("", 14)


async def test_an_empty_queue_offers_to_choose_files(
    panel: TransferPanel, transfers: FakeTransfers
) -> None:
    transfers.show()
    await settled(panel)
    assert panel.empty_reason == "queue"


async def test_without_a_destination_one_is_set_up_first(
    panel: TransferPanel, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    transfers.show(places=())
    panel.read_destinations()
    await settled(panel)
    assert panel.empty_reason == "destination"
    panel.focus_list()
    button = shell.focusWidget()
    assert isinstance(button, QAbstractButton)
    button.click()
    asking = await asked(shell)
    assert asking.windowTitle() == "Where videos go"
    asking.reject()
    await settled(panel)


async def test_space_pauses_and_lets_go_on(
    panel: TransferPanel, transfers: FakeTransfers, qtbot: QtBot
) -> None:
    choose(panel, 0, 6)
    qtbot.keyClick(panel.list, Key.Key_Space)
    await settled(panel)
    assert {row.state for row in transfers.rows if row.id in {"t00", "t06"}} == {State.PAUSED}
    qtbot.keyClick(panel.list, Key.Key_Space)
    await settled(panel)
    assert {row.state for row in transfers.rows if row.id in {"t00", "t06"}} == {State.QUEUED}


async def test_delete_asks_before_what_arrived_is_thrown_away(
    panel: TransferPanel, transfers: FakeTransfers, qtbot: QtBot, shell: ShellDouble
) -> None:
    choose(panel, 0)
    qtbot.keyClick(panel.list, Key.Key_Delete)
    asking = await asked(shell)
    assert asking.windowTitle() == "Cancel The chain rule final.mp4?"
    asking.reject()
    await settled(panel)
    assert (await transfers.get("t00")).state is State.ACTIVE
    qtbot.keyClick(panel.list, Key.Key_Delete)
    (await asked(shell)).accept()
    await settled(panel)
    assert (await transfers.get("t00")).state is State.CANCELLED


async def test_delete_forgets_what_is_over(
    panel: TransferPanel, transfers: FakeTransfers, qtbot: QtBot
) -> None:
    choose(panel, 11, 12)
    qtbot.keyClick(panel.list, Key.Key_Delete)
    await settled(panel)
    assert ("forget", ("t11", "t12")) in transfers.asked
    assert "Introduction.mp4" not in names(panel)


async def test_what_failed_is_tried_again(
    panel: TransferPanel, transfers: FakeTransfers, qtbot: QtBot
) -> None:
    choose(panel, 9, 10)
    qtbot.keyClick(panel.list, Key.Key_R)
    await settled(panel)
    assert {row.state for row in transfers.rows if row.id in {"t09", "t10"}} == {State.QUEUED}


async def test_ctrl_up_and_down_change_the_order(
    panel: TransferPanel, transfers: FakeTransfers, qtbot: QtBot
) -> None:
    transfers.show(*rows_of(5))
    await settled(panel)
    choose(panel, 2)
    qtbot.keyClick(panel.list, Key.Key_Up, Ctrl)
    await settled(panel)
    assert names(panel)[:3] == ["take 0.mp4", "take 2.mp4", "take 1.mp4"]
    assert panel.conduct.rows() == (1,), "the row that moved is still selected"
    qtbot.keyClick(panel.list, Key.Key_Down, Ctrl)
    await settled(panel)
    assert names(panel) == [f"take {place}.mp4" for place in range(5)]
    panel.conduct.move_to_end(first=False)
    await settled(panel)
    assert names(panel)[-1] == "take 2.mp4"
    qtbot.keyClick(panel.list, Key.Key_Down, Ctrl)
    await settled(panel)
    assert names(panel)[-1] == "take 2.mp4"


async def test_home_and_end_lead_to_the_first_and_the_last(
    panel: TransferPanel, qtbot: QtBot
) -> None:
    choose(panel, 4)
    qtbot.keyClick(panel.list, Key.Key_End)
    assert panel.conduct.rows() == (13,)
    qtbot.keyClick(panel.list, Key.Key_Home)
    assert panel.conduct.rows() == (0,)
    qtbot.keyClick(panel.list, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert panel.conduct.rows() == (0, 1)


async def test_dragged_rows_get_their_new_place(
    panel: TransferPanel, transfers: FakeTransfers
) -> None:
    transfers.show(*rows_of(4))
    await settled(panel)
    data = panel.model.mimeData([panel.model.index(3)])
    panel.model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, panel.list.rootIndex())
    await settled(panel)
    assert names(panel)[0] == "take 3.mp4"


async def test_buttons_of_rows_do_what_they_show(
    panel: TransferPanel, transfers: FakeTransfers, qtbot: QtBot
) -> None:
    def press(row: int, which: str) -> None:
        place = panel.list.visualRect(panel.model.index(row))
        at = getattr(areas(place), which).center()
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)

    press(6, "main")
    await settled(panel)
    assert (await transfers.get("t06")).state is State.PAUSED
    press(6, "end")
    await settled(panel)
    assert (await transfers.get("t06")).state is State.CANCELLED


async def test_a_press_that_leaves_its_button_does_nothing(
    panel: TransferPanel, transfers: FakeTransfers, qtbot: QtBot
) -> None:
    parts = areas(panel.list.visualRect(panel.model.index(6)))
    viewport, left = panel.list.viewport(), Qt.MouseButton.LeftButton
    qtbot.mousePress(viewport, left, pos=parts.main.center())
    qtbot.mouseRelease(viewport, left, pos=parts.name.center())
    await settled(panel)
    assert not transfers.asked


async def test_everything_is_paused_and_released_at_once(
    panel: TransferPanel, transfers: FakeTransfers
) -> None:
    panel.bar.hold.click()
    await settled(panel)
    assert transfers.asked[0][0] is None
    assert panel.bar.hold.text() == "Go on with all"
    assert panel.bar.summary.text() == "Transfers paused (9)"
    panel.bar.hold.click()
    await settled(panel)
    assert panel.bar.hold.text() == "Pause all"


async def test_the_speed_of_all_changes_with_two_clicks(
    panel: TransferPanel, transfers: FakeTransfers, popups: list[QMenu]
) -> None:
    panel.bar.limit.click()
    pick(popups[0], "2 MB/s")
    await settled(panel)
    assert transfers.speeds.rate == 2_000_000
    assert len(transfers.speeds.timetable) == 2, "the timetable stays"
    assert panel.bar.limit.text() == "Limited to 2 MB/s"


async def test_the_menu_offers_what_is_possible(
    panel: TransferPanel, transfers: FakeTransfers
) -> None:
    choose(panel, 6)
    menu = panel.conduct.menu(lambda: None)
    assert {"Pause", "Details", "Send first", "Priority", "Speed limit of each"} <= set(texts(menu))
    pick(menu, "High")
    pick(menu, "1 MB/s")
    await settled(panel)
    row = await transfers.get("t06")
    assert (row.priority, row.rate_limit) == (1, 1_000_000)
    choose(panel, 11)
    over = texts(panel.conduct.menu(lambda: None))
    assert over == ["Details", "Download a copy…", "Copy address", "Remove from the list"]


async def test_addresses_are_copied(panel: TransferPanel, shell: ShellDouble) -> None:
    choose(panel, 2)
    pick(panel.conduct.menu(lambda: None), "Copy address")
    assert QGuiApplication.clipboard().text() == "s3://masters/lectures/Quicksort, step by step.mov"
    assert shell.notes == ["Copied the address"]


async def test_the_history_is_cleared_when_a_person_says_so(
    panel: TransferPanel, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    panel.conduct.forget_done()
    asking = await asked(shell)
    assert asking.windowTitle() == "Remove 3 transfers from the list?"
    asking.accept()
    await settled(panel)
    assert panel.model.total == 11


async def test_enter_shows_the_details_with_what_happened(
    panel: TransferPanel, qtbot: QtBot
) -> None:
    panel.show_details(shown=False)
    choose(panel, 0)
    qtbot.keyClick(panel.list, Key.Key_Return)
    await settled(panel)
    details = panel.details
    assert details.isVisible()
    assert details.reason.text() == "Resumed at 71 %, 6 MB sent again"
    assert details.facts["Parts"].text() == "72 of 102, 8 MB each"
    assert details.facts["Sent again"].text() == "6 MB"
    assert details.facts["Speed limit"].isHidden()
    assert "71 parts arrived" in details.timeline.texts()


async def test_a_failure_says_what_helps(panel: TransferPanel) -> None:
    choose(panel, 9)
    await settled(panel)
    assert panel.details.reason.text() == "The account may not write to this bucket."
    assert panel.details.remedy.text().startswith("Ask for the right to write")
    assert panel.details.facts["Cause"].text() == "AccessDenied"
    assert panel.details.main.text() == "Try again"


async def test_several_are_summed_up(panel: TransferPanel) -> None:
    choose(panel, 0, 1)
    assert panel.details.summary.text() == "2 transfers selected, 1.11 GB."


async def test_details_move_with_the_transfer(
    panel: TransferPanel, transfers: FakeTransfers
) -> None:
    choose(panel, 0)
    await settled(panel)
    row = transfers.rows[0]
    transfers.tell(replace(row, confirmed=700_000_000, speed=9e6))
    assert panel.details.facts["Arrived"].text() == "700 MB, 86 %"
    transfers.moments = (Moment(row.created_at, "done", "Everything arrived"),)
    transfers.turn(replace(row, state=State.DONE, finished_at=row.created_at))
    await settled(panel)
    assert panel.details.timeline.texts() == ("Everything arrived",)


async def test_seconds_to_the_next_try_count_down_on_screen(
    panel: TransferPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert panel.list._ticking.isActive()
    choose(panel, 5)
    await settled(panel)
    waiting = panel.details.transfer
    assert waiting is not None
    due = waiting.next_try_at
    assert due is not None
    monkeypatch.setattr("desktop.ui.pages.publish.details.time.time", lambda: due - 3.5)
    panel.list._tick()
    assert panel.details.state.text() == "Waiting to try again, next try in 4 s"
    monkeypatch.undo()
    panel.bar.show_only("Done")
    await settled(panel)
    assert not panel.list._ticking.isActive()


async def test_a_hidden_panel_reads_nothing_and_catches_up_when_shown(
    page: PublishPage, transfers: FakeTransfers
) -> None:
    panel = page.panel
    page.hide()
    transfers.pages.clear()
    transfers.show(*rows_of(3))
    transfers.tell(replace(transfers.rows[0], confirmed=1))
    await settled(panel)
    assert not transfers.pages
    assert not panel.list._ticking.isActive()
    page.show()
    await settled(panel)
    assert panel.model.total == 3


async def test_a_lost_engine_is_said_until_it_is_back(panel: TransferPanel, bus: EventBus) -> None:
    bus.publish(TransferEngineChanged(running=False, message="It is started again."))
    assert panel.notice.text.text() == "It is started again."
    assert panel.notice.isVisible()
    bus.publish(TransferEngineChanged(running=True))
    assert not panel.notice.isVisible()


async def test_an_engine_that_does_not_answer_is_an_error_with_a_remedy(
    panel: TransferPanel, transfers: FakeTransfers, shell: ShellDouble
) -> None:
    transfers.failure = Unavailable("The engine does not answer")
    panel.conduct.forget_done()
    await settled(panel)
    assert shell.errors == [transfers.failure]


async def test_every_control_has_a_name_for_screen_readers(page: PublishPage) -> None:
    unnamed = [
        button
        for button in page.findChildren(QAbstractButton)
        if not (button.text() or button.accessibleName())
        and not isinstance(button.parent(), QLineEdit | QTableView)  # Qt's own, inside of them
    ]
    assert not unnamed
