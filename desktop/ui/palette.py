"""The command palette: every action and every video, found by typing."""

import asyncio
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QListView, QWidget
from typing_extensions import override

from desktop.ui import tasks
from desktop.ui.actions import ActionRegistry
from desktop.ui.palette_rows import ENTRY, ROW, Entries, Entry, EntryRows, ranked
from desktop.ui.theme import text_font
from desktop.ui.tokens import SPACE_1, SPACE_3, SPACE_4, tokens
from desktop.ui.widgets.boxes import column, frame, line, row
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import label

VISIBLE_ROWS = 9

VideoSearch = Callable[[str], Awaitable[tuple[Entry, ...]]]
"""Finds videos by title."""


class CommandPalette(QWidget):
    """Covers the window while it is open; Escape or a click beside it closes it."""

    def __init__(self, window: QWidget, registry: ActionRegistry, find_videos: VideoSearch) -> None:
        super().__init__(window)
        self._registry = registry
        self._find_videos = find_videos
        self._search: asyncio.Task[None] | None = None
        self._focus_before: QWidget | None = None
        self._videos: tuple[Entry, ...] = ()
        self.field = QLineEdit()
        self.list = QListView()
        self.model = Entries(self)
        self._nothing = label("Nothing found. Try other words.", "muted")
        self._build()
        self.hide()
        window.installEventFilter(self)

    def _build(self) -> None:
        self.field.setProperty("kind", "bare")
        self.field.setFont(text_font(16))
        self.field.setPlaceholderText("Search actions and videos")
        self.field.setAccessibleName("Search actions and videos")
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryRows(self.list))
        self.list.setAccessibleName("Found actions and videos")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(lambda *_: self.accept())
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setFixedHeight(ROW * 2)
        glass = Glyph("magnifying-glass", "muted", 20)
        head = row(glass, self.field, spacing=SPACE_3, margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3))
        self.box = frame(
            column(head, line(), self.list, self._nothing, spacing=0, margins=(0, 0, 0, SPACE_1)),
            "overlay",
        )
        self.box.setParent(self)

    def open(self) -> None:
        """Show the palette with everything that can be done now."""
        window = self.parentWidget()
        if window is None or self.isVisible():
            return
        self._focus_before = window.focusWidget()
        self._videos = ()
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.field.clear()
        self._refresh()
        self.field.setFocus()

    def dismiss(self) -> None:
        """Close the palette; the focus returns to where it was."""
        if self._search is not None:
            self._search.cancel()
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus()

    def accept(self) -> None:
        """Close the palette and carry out the chosen entry."""
        entry = self.list.currentIndex().data(ENTRY)
        self.dismiss()
        if isinstance(entry, Entry):
            entry.run()

    def _typed(self, text: str) -> None:
        if self._search is not None:
            self._search.cancel()
        if text.strip():
            self._search = tasks.start(self, self._look_for(text.strip()), "palette search")
        else:
            self._videos = ()
        self._refresh()

    async def _look_for(self, text: str) -> None:
        self._videos = tuple(await self._find_videos(text))
        self._refresh()

    def _refresh(self) -> None:
        query = self.field.text().strip()
        self.model.show(ranked(self._registry, self._videos, query))
        self.list.setCurrentIndex(self.model.index(0))
        self._arrange()

    def _arrange(self) -> None:
        rows = min(VISIBLE_ROWS, len(self.model.entries))
        self.list.setVisible(rows > 0)
        self._nothing.setVisible(rows == 0)
        self.list.setFixedHeight(rows * ROW + SPACE_1)
        width = min(640, self.width() - 2 * SPACE_4)
        self.box.setFixedWidth(width)
        self.box.adjustSize()
        self.box.move((self.width() - width) // 2, max(SPACE_4, self.height() // 8))

    def _move(self, step: int) -> None:
        count = len(self.model.entries)
        if count:
            self.list.setCurrentIndex(
                self.model.index((self.list.currentIndex().row() + step) % count)
            )

    def _key(self, key: int) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: VISIBLE_ROWS,
            Qt.Key.Key_PageUp: -VISIBLE_ROWS,
        }
        if key in steps:
            self._move(steps[Qt.Key(key)])
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.accept()
        else:
            return key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
        return True

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                return self._key(event.key())
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()
        elif event.type() == QEvent.Type.Resize and self.isVisible() and watched is self.parent():
            window = self.parentWidget()
            if window is not None:
                self.setGeometry(window.rect())
                self._arrange()
        return super().eventFilter(watched, event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.box.geometry().contains(event.position().toPoint()):
            self.dismiss()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = tokens().color("stage")
        veil.setAlphaF(0.55 if tokens().dark else 0.28)
        painter.fillRect(self.rect(), veil)
        painter.end()
