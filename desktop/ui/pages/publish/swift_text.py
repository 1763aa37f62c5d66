"""Lines of text that are painted ten times a second: shaped and shortened once, then kept."""

import functools

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QStaticText, QTransform

from desktop.ui.theme import text_font
from desktop.ui.tokens import BODY

Elide = Qt.TextElideMode

KEPT = 2_000
"""Lines in memory: some screens of rows, and what their figures said lately."""


@functools.lru_cache(maxsize=KEPT)
def _line(text: str, room: int, size: int, weight: QFont.Weight, elide: Elide) -> QStaticText:
    font = swift_font(size, weight)
    made = QStaticText(QFontMetrics(font).elidedText(text, elide, room))
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(QTransform(), font)
    return made


@functools.cache
def swift_font(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return a font of the window's texts that is made once; not to be changed."""
    return text_font(size, weight)


def paint_swiftly(
    painter: QPainter,
    area: QRect,
    text: str,
    size: int = BODY,
    weight: QFont.Weight = QFont.Weight.Normal,
    elide: Elide = Elide.ElideRight,
) -> None:
    """Paint one line at the left of ``area`` in the pen's colour, shortened to its width."""
    _paint(painter, area, _line(text, area.width(), size, weight, elide), size, weight)


def paint_at_right(painter: QPainter, area: QRect, text: str, size: int = BODY) -> None:
    """Paint one line at the right of ``area`` in the pen's colour."""
    weight = QFont.Weight.Normal
    line = _line(text, area.width(), size, weight, Elide.ElideLeft)
    left = area.x() + area.width() - round(line.size().width())
    _paint(painter, QRect(left, area.y(), area.width(), area.height()), line, size, weight)


def _paint(
    painter: QPainter, area: QRect, line: QStaticText, size: int, weight: QFont.Weight
) -> None:
    painter.setFont(swift_font(size, weight))
    top = area.y() + (area.height() - line.size().height()) / 2
    painter.drawStaticText(QPointF(area.x(), round(top)), line)
