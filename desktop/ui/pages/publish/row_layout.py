"""Where the parts of a row are, at any width; painting and clicking ask the same."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

from desktop.domain.transfers import Transfer, TransferState
from desktop.ui.models.transfers_text import BROKEN
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4

ROW = 64
"""Height of a row, in pixels."""

BUTTON = 28
FIGURES = 156
WIDE = 760
"""Rows narrower than this say amounts and speed below the bar instead of beside it."""

MAIN, END = "main", "end"
"""The two buttons of a row: what is next for it, and to be rid of it."""


@dataclass(frozen=True, slots=True)
class RowAreas:
    """The parts of one row."""

    glyph: QRect
    name: QRect
    place: QRect
    state: QRect
    bar: QRect
    reason: QRect
    figures: QRect
    """Empty in narrow rows."""
    pace: QRect
    main: QRect
    end: QRect


def areas(row: QRect) -> RowAreas:
    """Return the parts of the row that takes ``row``."""
    top, right = row.y(), row.right() - SPACE_2
    middle = top + (row.height() - BUTTON) // 2
    end = QRect(right - BUTTON, middle, BUTTON, BUTTON)
    main = end.translated(-BUTTON - 2, 0)
    room = QRect(row.x() + SPACE_4, top, main.x() - row.x() - SPACE_4 - SPACE_3, row.height())
    wide = row.width() >= WIDE
    figures = QRect(room.right() - FIGURES, top + 9, FIGURES, 20) if wide else QRect()
    left = room.x() + 20 + SPACE_3
    inner = (figures.x() - SPACE_4 if wide else room.right()) - left
    names = min(max(inner * 37 // 100, 120), 420)
    state = QRect(left + names + SPACE_4, top + 9, inner - names - SPACE_4, 20)
    return RowAreas(
        glyph=QRect(room.x(), top + (row.height() - 20) // 2, 20, 20),
        name=QRect(left, top + 11, names, 20),
        place=QRect(left, top + 32, names, 18),
        state=state,
        bar=QRect(state.x(), top + 32, state.width(), 6),
        reason=QRect(state.x(), top + 40, state.width(), 18),
        figures=figures,
        pace=figures.translated(0, 29) if wide else QRect(),
        main=main,
        end=end,
    )


def button_at(row: QRect, at: QPoint) -> str:
    """Return which button of a row is at a place: ``MAIN``, ``END`` or none."""
    found = areas(row)
    if found.main.contains(at):
        return MAIN
    return END if found.end.contains(at) else ""


def main_button(transfer: Transfer) -> tuple[str, str]:
    """Return icon and name of what is next for a transfer; empty when nothing is."""
    state = transfer.state
    if state is TransferState.PAUSED:
        return "play", "Go on"
    if state in BROKEN or state is TransferState.CANCELLED:
        return "arrow-clockwise", "Try again"
    if state.over or state is TransferState.CANCELLING:
        return "", ""
    return "pause", "Pause"


def end_button(transfer: Transfer) -> tuple[str, str]:
    """Return icon and name of what ends a transfer, or takes it from the list."""
    if transfer.state is TransferState.CANCELLING:
        return "", ""
    return "x", "Remove" if transfer.state.over else "Cancel"
