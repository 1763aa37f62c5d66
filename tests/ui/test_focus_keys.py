import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.ui.focus_keys import FocusKeys
from tests.ui.conftest import settle, show_active


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.button = QPushButton("Press")
        self.button.clicked.connect(lambda: self.heard.append("button"))
        QVBoxLayout(self).addWidget(self.button)
        QShortcut(QKeySequence("Space"), self).activated.connect(lambda: self.heard.append("play"))


@pytest.fixture
async def window(qtbot: QtBot, qapp: QApplication) -> Window:
    made = Window()
    FocusKeys(qapp, made)
    qtbot.addWidget(made)
    await show_active(made)
    return made


async def test_space_presses_the_button_that_has_the_focus(window: Window, qtbot: QtBot) -> None:
    window.button.setFocus()
    qtbot.keyClick(window.button, Qt.Key.Key_Space)
    assert window.heard == ["button"]


async def test_space_is_the_page_s_elsewhere(window: Window, qtbot: QtBot) -> None:
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.heard == ["play"]


async def test_arrows_turn_tabs_and_ends_go_through_lists(window: Window, qtbot: QtBot) -> None:
    for key in ("Left", "Right", "Home", "End"):
        QShortcut(QKeySequence(key), window).activated.connect(lambda: window.heard.append("film"))
    tabs, rows = QTabBar(), QListWidget()
    tabs.addTab("One")
    tabs.addTab("Two")
    rows.addItems(["a", "b", "c"])
    layout = window.layout()
    assert layout is not None
    layout.addWidget(tabs)
    layout.addWidget(rows)
    await settle()
    tabs.setFocus()
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert tabs.currentIndex() == 1
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_End)
    assert rows.currentRow() == 2
    assert window.heard == []
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert window.heard == ["film"]
