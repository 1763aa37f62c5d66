"""Where pictures are shown: dark in both schemes, the picture centred, or words in its place."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from desktop.ui.icons import paint_icon
from desktop.ui.theme import text_font
from desktop.ui.tokens import BODY, CONTROL, SPACE_2, SPACE_4, SUBTITLE, tokens
from desktop.ui.widgets.buttons import button

GLYPH = 40
"""Size of the icon over the words, in pixels."""

WORDS = 420
"""Widest column of words, in pixels."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said where a picture would be."""

    title: str
    text: str = ""
    """What to do next."""
    glyph: str = "film-strip"
    action: str = ""
    """Name of the button; empty leaves it out."""
    act: Callable[[], object] | None = None


def fit(shape: QSize, room: QSize, scale: float) -> QRect:
    """Return the largest centred rectangle of ``shape``'s aspect, in device pixels.

    ``room`` is in logical pixels, ``scale`` device pixels per logical one. Whole device pixels
    keep a picture of exactly this size from being blurred.
    """
    width, height = round(room.width() * scale), round(room.height() * scale)
    fitted = shape.scaled(width, height, Qt.AspectRatioMode.KeepAspectRatio)
    fitted = fitted.expandedTo(QSize(1, 1))
    left, top = (width - fitted.width()) // 2, (height - fitted.height()) // 2
    return QRect(left, top, fitted.width(), fitted.height())


class Stage(QWidget):
    """Paints one picture, letterboxed, or a message."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._shape = QSize()
        self._message: Message | None = None
        self._button = button("")
        self._button.setParent(self)
        self._button.hide()
        self._button.clicked.connect(lambda *_: self._act())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    @property
    def message(self) -> Message | None:
        """What is said in place of a picture; None while there is one."""
        return self._message

    @property
    def image(self) -> QImage:
        """The picture on the stage; null when there is none."""
        return self._image

    def show_image(self, image: QImage, shape: QSize) -> None:
        """Show a picture in the aspect of ``shape``."""
        self._image, self._shape = image, shape
        if self._message is not None:
            self._say(None)
        self.update()

    def say(self, message: Message) -> None:
        """Show words in place of the picture."""
        self._image = QImage()
        self._say(message)

    def _say(self, message: Message | None) -> None:
        self._message = message
        self.setAccessibleDescription(f"{message.title}. {message.text}" if message else "")
        self._button.setText(message.action if message else "")
        self._button.setVisible(bool(message and message.action))
        self._place_button()
        self.update()

    def _act(self) -> None:
        if self._message is not None and self._message.act is not None:
            self._message.act()

    def picture_rect(self) -> QRect:
        """Return where the picture goes, in device pixels."""
        return fit(self._shape, self.size(), self.devicePixelRatioF())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().color("stage"))
        if self._message is not None:
            self._paint_message(painter, self._message)
        elif not self._image.isNull():
            self._paint_image(painter)
        painter.end()

    def _paint_image(self, painter: QPainter) -> None:
        place, scale = self.picture_rect(), self.devicePixelRatioF()
        target = QRectF(
            place.x() / scale, place.y() / scale, place.width() / scale, place.height() / scale
        )
        smooth = self._image.size() != place.size()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, self._image)

    # Words

    def _words(self) -> tuple[QRect, QRect, QRect]:
        """Return where icon, title and text go."""
        width = max(80, min(WORDS, self.width() - 2 * SPACE_4))
        left = (self.width() - width) // 2
        text = self._text_height(width)
        height = GLYPH + SPACE_4 + 24 + text + (SPACE_4 + CONTROL if self._has_button() else 0)
        top = max(SPACE_2, (self.height() - height) // 2)
        glyph = QRect(left, top, width, GLYPH)
        title = QRect(left, glyph.bottom() + SPACE_4, width, 24)
        return glyph, title, QRect(left, title.bottom() + 1, width, text)

    def _has_button(self) -> bool:
        return bool(self._message and self._message.action)

    def _text_height(self, width: int) -> int:
        if self._message is None or not self._message.text:
            return 0
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
        box = QRect(0, 0, width, 400)
        metrics = self.fontMetrics()
        return metrics.boundingRect(box, flags, self._message.text).height() + SPACE_2

    def _paint_message(self, painter: QPainter, message: Message) -> None:
        glyph, title, text = self._words()
        color = tokens().color("on_stage")
        faint, soft = tokens().color("on_stage"), tokens().color("on_stage")
        faint.setAlphaF(0.4)
        soft.setAlphaF(0.72)
        paint_icon(painter, glyph, message.glyph, faint)
        painter.setPen(color)
        painter.setFont(text_font(SUBTITLE, painter.font().Weight.DemiBold))
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, message.title)
        painter.setPen(soft)
        painter.setFont(text_font(BODY))
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
        painter.drawText(text.adjusted(0, SPACE_2, 0, 0), flags, message.text)

    def _place_button(self) -> None:
        if self._has_button():
            self._button.adjustSize()
            text = self._words()[2]
            left = (self.width() - self._button.width()) // 2
            self._button.move(left, text.bottom() + SPACE_4)
