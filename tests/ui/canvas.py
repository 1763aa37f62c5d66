"""A picture to paint on in tests, and what can be told about it afterwards."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

AREA = QRect(0, 0, 160, 90)
GROUND = QColor("#00ff00")


def painted(paint: Callable[[QPainter], None], size: QSize | None = None) -> QImage:
    image = QImage(size or AREA.size(), QImage.Format.Format_ARGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def filled(width: int, height: int, color: str = "#ffffff") -> QPixmap:
    pixmap = QPixmap(width, height)
    pixmap.fill(QColor(color))
    return pixmap


def ink(image: QImage) -> set[int]:
    """Return the columns something was painted in."""
    return {
        x for x in range(image.width())
        if any(image.pixelColor(x, y) != GROUND for y in range(image.height()))
    }  # fmt: skip
