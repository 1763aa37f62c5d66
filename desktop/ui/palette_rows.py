"""Rows of the command palette: what they are and how they are painted."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from desktop.ui.actions import ActionRegistry
from desktop.ui.fuzzy import match
from desktop.ui.icons import paint_icon
from desktop.ui.theme import text_font
from desktop.ui.tokens import RADIUS, SPACE_2, SPACE_3, tokens
from desktop.ui.widgets.labels import native_keys

Index = QModelIndex | QPersistentModelIndex

ROW = 40
ENTRY = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the palette."""

    text: str
    run: Callable[[], object]
    glyph: str = "command"
    keys: str = ""
    detail: str = ""
    places: tuple[int, ...] = ()
    """Indexes of the letters that matched."""


class Entries(QAbstractListModel):
    """The entries found, best first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.entries)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{entry.text}  {entry.keys}".strip()
        return entry if role == ENTRY else None


class EntryRows(QStyledItemDelegate):
    """Paints icon, text with its matched letters in the accent, and the shortcut."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY)
        scheme = tokens()
        area = QRect(option.rect).adjusted(SPACE_2, 1, -SPACE_2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(scheme.color("selected"))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        glyph = QRect(area.x() + SPACE_3, area.y() + (area.height() - 18) // 2, 18, 18)
        paint_icon(painter, glyph, entry.glyph, scheme.color("muted"))
        words = area.adjusted(SPACE_3 + 18 + SPACE_3, 0, -SPACE_3, 0)
        painter.setPen(scheme.color("muted"))
        painter.setFont(text_font(12))
        note = native_keys(entry.keys) if entry.keys else entry.detail
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)
        note_width = painter.fontMetrics().horizontalAdvance(note) + SPACE_3
        painter.setFont(text_font())
        _paint_words(painter, words.adjusted(0, 0, -note_width, 0), entry)
        painter.restore()


def _paint_words(painter: QPainter, area: QRect, entry: Entry) -> None:
    scheme = tokens()
    metrics = painter.fontMetrics()
    text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, area.width())
    x = area.x()
    baseline = area.y() + (area.height() + metrics.ascent() - metrics.descent()) // 2
    if not entry.places:
        painter.setPen(scheme.color("text"))
        painter.drawText(x, baseline, text)
        return
    for place, letter in enumerate(text):
        painter.setPen(scheme.color("accent_text" if place in entry.places else "text"))
        painter.drawText(x, baseline, letter)
        x = area.x() + metrics.horizontalAdvance(text[: place + 1])


def ranked(registry: ActionRegistry, videos: tuple[Entry, ...], query: str) -> list[Entry]:
    """Return the actions that can be done now and the videos that match, best first.

    Without a query: the open page's actions, then those of the window, in their own order.
    """
    if not query:
        return [entry for entry, _ in _actions(registry)]
    found = [_scored(entry, hint, query) for entry, hint in _actions(registry)]
    found += [_scored(video, "", query) or (0.0, video) for video in videos]
    hits = [pair for pair in found if pair is not None]
    return [entry for _, entry in sorted(hits, key=lambda pair: -pair[0])]


def _actions(registry: ActionRegistry) -> list[tuple[Entry, str]]:
    entries = []
    of_page_first = sorted(registry.available(), key=lambda pair: _of_window(pair[1]))
    for declared, action in of_page_first:
        keys = declared.keys[0] if declared.keys else ""
        text = action.text().removesuffix("…")
        glyph = declared.icon or "command"
        entries.append((Entry(text, action.trigger, glyph, keys, declared.menu), declared.hint))
    return entries


def _of_window(action: QAction) -> bool:
    owner = action.parent()
    return isinstance(owner, QWidget) and owner.isWindow()


def _scored(entry: Entry, hint: str, query: str) -> tuple[float, Entry] | None:
    hit = match(query, entry.text)
    if hit is not None:
        return hit.score, replace(entry, places=hit.places)
    by_hint = match(query, hint) if hint else None
    return (by_hint.score / 2, entry) if by_hint is not None else None
