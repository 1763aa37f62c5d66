"""What rows and cards of every page paint alike: lines of text and pictures."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPixmap, QPixmapCache

from desktop.ui.tokens import tokens


def paint_text(painter: QPainter, area: QRect, text: str, color: str, font: QFont) -> None:
    """Paint one line at the left, with an ellipsis when there is no room."""
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    _paint_line(painter, area, shown, color, font)


def paint_title(painter: QPainter, area: QRect, title: str, font: QFont) -> None:
    """Paint one line; an ellipsis is in the middle, since parts of a series differ at the end."""
    shown = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideMiddle, area.width())
    _paint_line(painter, area, shown, "text", font)


def _paint_line(painter: QPainter, area: QRect, shown: str, color: str, font: QFont) -> None:
    painter.setFont(font)
    painter.setPen(tokens().color(color))
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def paint_two_lines(painter: QPainter, area: QRect, text: str, color: str, font: QFont) -> None:
    """Paint text that goes on in a second line, which may end in an ellipsis."""
    painter.setFont(font)
    painter.setPen(tokens().color(color))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    # Words wrap before the edge: two full lines would be three.
    room = round(area.width() * 1.7)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
    painter.drawText(area, flags | Qt.TextFlag.TextWordWrap, shown)


def paint_picture(
    painter: QPainter, area: QRect, pixmap: QPixmap, source: QRect | None = None, radius: int = 6
) -> None:
    """Paint a picture, or ``source`` of it, whole and centred on the stage."""
    clip = QPainterPath()
    clip.addRoundedRect(QRectF(area), radius, radius)
    painter.save()
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.setClipPath(clip)
    part = source or pixmap.rect()
    target = _centred(part.size(), area) if not pixmap.isNull() else QRect()
    if target != area:  # where the picture covers all of it, a dark edge would show at the corners
        painter.fillRect(area, tokens().color("stage"))
    if not pixmap.isNull() and source is None:
        painter.drawPixmap(target, _reduced(painter, pixmap, target.size()))
    elif not pixmap.isNull():
        painter.drawPixmap(target, pixmap, part)
    painter.restore()


def _reduced(painter: QPainter, pixmap: QPixmap, size: QSize) -> QPixmap:
    """Return a picture that is drawn much smaller, averaged: a painter leaves most pixels out."""
    size = size * painter.device().devicePixelRatio()
    if size.width() * 2 > pixmap.width():
        return pixmap
    key = f"reduced {pixmap.cacheKey()} {size.width()}x{size.height()}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    ignore, smooth = (
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    small = pixmap.scaled(size, ignore, smooth)
    QPixmapCache.insert(key, small)
    return small


def _centred(size: QSize, area: QRect) -> QRect:
    """Return where a picture of ``size`` is in ``area``."""
    size = size.scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    if abs(size.width() - area.width()) <= 2 and abs(size.height() - area.height()) <= 2:
        return area  # a hairline of stage at one edge looks like a fault
    target = QRect(0, 0, size.width(), size.height())
    target.moveCenter(area.center())
    return target
