import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.ui import dialogs, tasks
from desktop.ui.dialogs import Sheet
from tests.ui.conftest import settle


def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def opened(parent: QWidget) -> Sheet:
    return next(one for one in parent.findChildren(Sheet) if one.isVisible())


async def test_the_loop_runs_while_a_dialog_is_open(qtbot: QtBot) -> None:
    parent = window(qtbot)
    answer = tasks.start(parent, dialogs.confirm(parent, "Empty?", "3 videos", "Empty"), "ask")
    await asyncio.sleep(0.01)
    assert opened(parent).isVisible()
    opened(parent).accept()
    assert await answer is True


async def test_escape_declines(qtbot: QtBot) -> None:
    parent = window(qtbot)
    answer = tasks.start(parent, dialogs.confirm(parent, "Empty?", "3 videos", "Empty"), "ask")
    await asyncio.sleep(0.01)
    qtbot.keyClick(opened(parent), Qt.Key.Key_Escape)
    assert await answer is False


async def test_a_cancelled_question_closes_its_dialog(qtbot: QtBot) -> None:
    parent = window(qtbot)
    answer = tasks.start(parent, dialogs.confirm(parent, "Empty?", "3 videos", "Empty"), "ask")
    await asyncio.sleep(0.01)
    dialog = opened(parent)
    answer.cancel()
    await settle()
    assert not isValid(dialog)


async def test_a_text_is_asked_for_and_never_empty(qtbot: QtBot) -> None:
    parent = window(qtbot)
    answer = tasks.start(parent, dialogs.ask_text(parent, "Rename", "Title", "Old"), "ask")
    await asyncio.sleep(0.01)
    sheet = opened(parent)
    field = sheet.findChild(QLineEdit)
    assert field is not None
    field.setText("  ")
    assert not sheet.accept_button.isEnabled()
    field.setText(" New title ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert await answer == "New title"


async def test_giving_up_a_text_returns_nothing(qtbot: QtBot) -> None:
    parent = window(qtbot)
    answer = tasks.start(parent, dialogs.ask_text(parent, "Rename", "Title", "Old"), "ask")
    await asyncio.sleep(0.01)
    opened(parent).reject()
    assert await answer is None


async def test_files_are_chosen_without_nesting_a_loop(qtbot: QtBot) -> None:
    parent = window(qtbot)
    answer = tasks.start(parent, dialogs.choose_files(parent, "Import", "All (*)"), "choose")
    await asyncio.sleep(0.05)
    dialog = next(one for one in parent.findChildren(QDialog) if isinstance(one, QFileDialog))
    dialog.reject()
    assert await answer == ()
