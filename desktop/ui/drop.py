"""Files dragged onto the window, wherever on it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.ui.icons import paint_icon
from desktop.ui.theme import text_font
from desktop.ui.tokens import HEADING, RADIUS_LARGE, SPACE_6, tokens


@dataclass(frozen=True, slots=True)
class Purpose:
    """What becomes of files that are dropped at a place."""

    title: str
    text: str


IMPORT = Purpose(
    "Drop to import",
    "Storyboards (.md), Manim files (.py), videos and whole folders. "
    "You see what will happen first.",
)

UPLOAD = Purpose("Drop to upload", "Files and whole folders. You say where to before they go.")


class DropTarget(QObject):
    """Watches the native window, so that no text field swallows a file first.

    ``start`` must be called once the window is shown: before that it has no native handle.
    """

    dropped = Signal(list)
    """Carries ``pathlib.Path`` objects."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._handle: QObject | None = None
        self.purpose: Callable[[QPoint], Purpose] = lambda _at: IMPORT
        """Says what dropping at a place of the window means."""
        self.place = QPoint()
        """Where the pointer was last, on the window."""
        self.overlay = DropOverlay(window)

    def start(self) -> None:
        """Begin to accept files."""
        handle = self._window.windowHandle()
        if handle is not None and self._handle is not handle:
            self._window.setAcceptDrops(True)
            handle.installEventFilter(self)
            self._handle = handle

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in {QEvent.Type.DragEnter, QEvent.Type.DragMove}:
            if isinstance(event, QDragMoveEvent) and _files(event):
                self.place = event.position().toPoint()
                self.overlay.cover(self.purpose(self.place))
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                return True
        elif kind == QEvent.Type.DragLeave:
            self.overlay.hide()
        elif kind == QEvent.Type.Drop:
            self.overlay.hide()
            if isinstance(event, QDropEvent) and (paths := _files(event)):
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self.place = event.position().toPoint()
                self.dropped.emit(paths)
                return True
        return False


def _files(event: QDropEvent) -> list[Path]:
    """Return the files of a drag that comes from outside the program."""
    if event.source() is not None:
        return []
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


class DropOverlay(QWidget):
    """Covers the window while files hover over it and says what can be dropped."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._purpose = IMPORT
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window whatever size it takes."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return False

    def cover(self, purpose: Purpose = IMPORT) -> None:
        """Show the overlay over the whole window."""
        if purpose != self._purpose:
            self._purpose = purpose
            self.update()
        if not self.isVisible():
            self.setGeometry(self._window.rect())
            self.show()
            self.raise_()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = scheme.color("canvas")
        veil.setAlphaF(0.92)
        painter.fillRect(self.rect(), veil)
        pen = QPen(scheme.color("accent_text"), 2, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        edge = QRectF(self.rect()).adjusted(SPACE_6, SPACE_6, -SPACE_6, -SPACE_6)
        painter.drawRoundedRect(edge, RADIUS_LARGE, RADIUS_LARGE)
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        scheme, centre = tokens(), self.rect().center()
        glyph = QRect(centre.x() - 28, centre.y() - 80, 56, 56)
        up = self._purpose is UPLOAD
        paint_icon(
            painter, glyph, f"file-arrow-{'up' if up else 'down'}", scheme.color("accent_text")
        )
        painter.setPen(scheme.color("text"))
        painter.setFont(text_font(HEADING, painter.font().Weight.DemiBold))
        title = QRect(0, centre.y() - 8, self.width(), 32)
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, self._purpose.title)
        painter.setPen(scheme.color("muted"))
        painter.setFont(text_font())
        words = QRect(0, centre.y() + 28, self.width(), 24)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._purpose.text)
