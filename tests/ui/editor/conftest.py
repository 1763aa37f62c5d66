"""An editor on screen, in the window's clothes."""

import asyncio
import time
from collections.abc import Callable

import pytest
from PySide6.QtGui import QTextBlock, QTextDocument, QTextDocumentFragment
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from desktop.domain.library import SourceKind
from desktop.ui.editor.colors import Role, formats
from desktop.ui.editor.source_editor import SourceEditor
from desktop.ui.theme import Theme

PATIENCE = 20.0
PYTHON, STORYBOARD = SourceKind.MANIM, SourceKind.STORYBOARD


@pytest.fixture
def editor(qtbot: QtBot, theme: Theme) -> SourceEditor:
    made = SourceEditor()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    return made


async def until(condition: Callable[[], object]) -> None:
    """Let the loop run until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.002)


def roles(block: QTextBlock) -> list[tuple[str, Role]]:
    """Return the coloured words of a line and what their colours mean."""
    known = {look.foreground().color().name(): role for role, look in formats().items()}
    encoded = block.text().encode("utf-16-le")
    return [
        (
            encoded[2 * span.start : 2 * (span.start + span.length)].decode("utf-16-le"),
            known[span.format.foreground().color().name()],
        )
        for span in block.layout().formats()
    ]


def tip() -> str:
    """Return the words of the tooltip on screen."""
    return QTextDocumentFragment.fromHtml(QToolTip.text()).toPlainText()


def finish_colouring(editor: SourceEditor) -> None:
    """Colour what still waits, without waiting for the pauses between slices."""
    while editor._highlighter.busy:
        editor._highlighter._go_on()


def all_roles(document: QTextDocument) -> list[list[tuple[str, Role]]]:
    """Return the coloured words of every line."""
    return [roles(document.findBlockByNumber(line)) for line in range(document.blockCount())]
