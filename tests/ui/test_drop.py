from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.drop import DropTarget


class Window(QWidget):
    """A window filled by an editor, which would take any drop for text."""

    def __init__(self) -> None:
        super().__init__()
        self.editor = QPlainTextEdit()
        QVBoxLayout(self).addWidget(self.editor)
        self.target = DropTarget(self)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.target.start()
    return made


def files(*names: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(name) for name in names])
    return mime


def enter(window: Window, mime: QMimeData) -> QDragEnterEvent:
    where = window.rect().center()
    event = QDragEnterEvent(
        where, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QCoreApplication.sendEvent(window.windowHandle(), event)
    return event


def drop(window: Window, mime: QMimeData) -> None:
    event = QDropEvent(
        QPointF(window.rect().center()), Qt.DropAction.CopyAction, mime,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QCoreApplication.sendEvent(window.windowHandle(), event)


def test_files_over_the_window_are_welcomed(window: Window) -> None:
    assert enter(window, files("/a/limits.md")).isAccepted()
    assert window.target.overlay.isVisible()
    QCoreApplication.sendEvent(window.windowHandle(), QDragLeaveEvent())
    assert not window.target.overlay.isVisible()


def test_dropped_files_arrive_even_over_a_text_field(window: Window) -> None:
    dropped: list[Path] = []
    window.target.dropped.connect(dropped.extend)
    mime = files("/a/limits.md", "/a/talk.mp4")
    enter(window, mime)
    drop(window, mime)
    assert dropped == [Path("/a/limits.md"), Path("/a/talk.mp4")]
    assert window.editor.toPlainText() == ""
    assert not window.target.overlay.isVisible()


def test_text_is_left_to_the_editor(window: Window) -> None:
    mime = QMimeData()
    mime.setText("hello")
    enter(window, mime)
    assert not window.target.overlay.isVisible()


def test_addresses_of_the_web_are_not_files(window: Window) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/video.mp4")])
    enter(window, mime)
    assert not window.target.overlay.isVisible()
