"""Where the film is, as text; a click turns it into a field for going elsewhere."""

from enum import StrEnum
from fractions import Fraction

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget
from typing_extensions import override

from desktop.domain.picture import frames_to_seconds, parse_timecode, timecode
from desktop.playback.frame_index import ASSUMED_RATE
from desktop.ui.theme import code_font
from desktop.ui.tokens import BODY
from desktop.ui.widgets.boxes import row
from desktop.ui.widgets.buttons import button

HINT = "Type a time such as 00:00:07:12, 0:07 or 7.5s, or a frame number."


class Notation(StrEnum):
    """Ways to write a place in a film; each can be typed as it is shown."""

    TIMECODE = "Timecode"
    SECONDS = "Seconds"
    FRAMES = "Frames"


def written(frame: int, rate: Fraction, notation: Notation) -> str:
    """Return a 0-based frame in a notation."""
    match notation:
        case Notation.TIMECODE:
            return timecode(frame, rate)
        case Notation.SECONDS:
            return f"{frames_to_seconds(frame, rate):.2f}s"
        case Notation.FRAMES:
            return str(frame)


class TimeField(QWidget):
    """Shows a frame; a click or Return makes it a field."""

    frame_chosen = Signal(int)
    """A place was typed: its frame, which may lie outside the film."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame, self._rate = 0, ASSUMED_RATE
        self._notation = Notation.TIMECODE
        self.shown = button("", self.edit, kind="quiet")
        self.shown.setFont(code_font(BODY))
        self.shown.setToolTip("Go to a time or frame")
        self.field = QLineEdit()
        self.field.setFont(code_font(BODY))
        self.field.setAccessibleName("Go to a time or frame")
        self.field.setToolTip(HINT)
        self.field.installEventFilter(self)
        self.field.returnPressed.connect(self._typed)
        self.field.hide()
        self.setLayout(row(self.shown, self.field, spacing=0))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        width = QFontMetrics(code_font(BODY)).horizontalAdvance("00:00:00:00")
        self.setFixedWidth(width + 28)
        self.show_frame(0)

    @property
    def editing(self) -> bool:
        """Whether the field is open."""
        return not self.field.isHidden()

    def show_rate(self, rate: Fraction) -> None:
        """Use another frame rate, in frames per second."""
        self._rate = rate
        self.show_frame(self._frame)

    def show_notation(self, notation: Notation) -> None:
        """Write places in another way."""
        self._notation = notation
        self.show_frame(self._frame)

    def show_frame(self, frame: int) -> None:
        """Show a place; what is being typed stays."""
        self._frame = frame
        text = written(frame, self._rate, self._notation)
        self.shown.setText(text)
        self.shown.setAccessibleName(f"{self._notation} {text}. Go to a time or frame")

    def edit(self) -> None:
        """Open the field with the present place in it."""
        self.field.setText(self.shown.text())
        self._show_problem("")
        self.shown.hide()
        self.field.show()
        self.field.setFocus()
        self.field.selectAll()

    def close_field(self) -> None:
        """Show the place again."""
        if self.editing:
            had_focus = self.field.hasFocus()
            self.shown.show()
            self.field.hide()
            if had_focus:
                self.shown.setFocus()

    def _typed(self) -> None:
        try:
            frame = parse_timecode(self.field.text(), self._rate)
        except (ValueError, OverflowError):
            self._show_problem(HINT)
            self.field.selectAll()
            return
        self.close_field()
        self.frame_chosen.emit(frame)

    def _show_problem(self, text: str) -> None:
        self.field.setAccessibleDescription(text)
        self.field.setProperty("problem", bool(text))
        self.field.setStyleSheet("" if not text else "QLineEdit { color: palette(bright-text); }")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.close_field()
        elif (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        elif (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.close_field()
            return True
        return super().eventFilter(watched, event)
