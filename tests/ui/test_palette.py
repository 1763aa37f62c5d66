import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.actions import Action, ActionRegistry
from desktop.ui.palette import CommandPalette
from desktop.ui.palette_rows import Entry
from tests.ui.conftest import settle, show_active


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.searched: list[str] = []
        self.delay = 0.0
        self.field = QLineEdit(self)
        self.registry = ActionRegistry(self)
        self.made = self.registry.add(
            self,
            [
                self.action("Render draft", "Ctrl+Return"),
                self.action("Render final"),
                self.action("New video", "Ctrl+N", "create"),
            ],
        )
        self.palette_box = CommandPalette(self, self.registry, self.find_videos)

    def action(self, text: str, keys: str = "", hint: str = "") -> Action:
        return Action(text, text, lambda: self.done.append(text), keys, hint=hint)

    async def find_videos(self, text: str) -> tuple[Entry, ...]:
        await asyncio.sleep(self.delay)
        self.searched.append(text)
        found = [title for title in ("Pythagoras", "Gradient descent") if text in title.lower()]
        return tuple(Entry(title, lambda t=title: self.done.append(t)) for title in found)

    def shown(self) -> list[str]:
        return [entry.text for entry in self.palette_box.model.entries]


@pytest.fixture
async def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.resize(900, 600)
    await show_active(made)
    return made


async def test_it_lists_what_can_be_done_with_its_keys(window: Window) -> None:
    window.made["Render final"].setEnabled(False)
    window.palette_box.open()
    assert window.shown() == ["Render draft", "New video"]
    assert window.palette_box.model.entries[0].keys == "Ctrl+Return"
    window.palette_box.dismiss()


async def test_typing_narrows_and_return_does(window: Window, qtbot: QtBot) -> None:
    window.palette_box.open()
    qtbot.keyClicks(window.palette_box.field, "rf")
    await settle()
    assert window.shown()[0] == "Render final"
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Return)
    assert window.done == ["Render final"]
    assert not window.palette_box.isVisible()


async def test_the_arrows_choose(window: Window, qtbot: QtBot) -> None:
    window.palette_box.open()
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Down)
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Return)
    assert window.done == ["Render final"]


async def test_videos_are_found_by_title(window: Window, qtbot: QtBot) -> None:
    window.palette_box.open()
    qtbot.keyClicks(window.palette_box.field, "pyth")
    await settle()
    assert window.shown() == ["Pythagoras"]
    window.palette_box.accept()
    assert window.done == ["Pythagoras"]


async def test_only_the_newest_search_counts(window: Window, qtbot: QtBot) -> None:
    window.delay = 0.02
    window.palette_box.open()
    qtbot.keyClicks(window.palette_box.field, "gradient")
    await asyncio.sleep(0.1)
    assert window.searched == ["gradient"]
    window.palette_box.dismiss()


async def test_actions_are_found_by_other_words_too(window: Window) -> None:
    window.palette_box.open()
    window.palette_box.field.setText("create")
    await settle()
    assert window.shown() == ["New video"]
    window.palette_box.dismiss()


async def test_escape_closes_and_gives_the_focus_back(window: Window, qtbot: QtBot) -> None:
    window.field.setFocus()
    window.palette_box.open()
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Escape)
    assert not window.palette_box.isVisible()
    assert window.focusWidget() is window.field


async def test_nothing_found_does_nothing(window: Window, qtbot: QtBot) -> None:
    window.palette_box.open()
    window.palette_box.field.setText("xyzxyz")
    await settle()
    assert window.shown() == []
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Return)
    assert window.done == []
