"""What the lists of the studio paint alike: ground, thumbnail, words where there is no row."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle

from desktop.ui.icons import paint_icon
from desktop.ui.painting import paint_picture
from desktop.ui.theme import text_font
from desktop.ui.tokens import BODY, RADIUS, RADIUS_SMALL, SPACE_4, tokens

HINT_WIDTH = 320
"""Wider lines are hard to read, in pixels."""


def paint_ground(painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
    """Paint what is behind a row: nothing, or that it is selected, under the pointer, focused."""
    scheme = tokens()
    selected = bool(state & QStyle.StateFlag.State_Selected)
    hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
    if not (selected or hovered):
        return
    painter.setPen(scheme.color("accent_text") if focused else Qt.PenStyle.NoPen)
    painter.setBrush(scheme.color("selected" if selected else "hover"))
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def paint_thumbnail(painter: QPainter, stage: QRect, picture: QPixmap) -> None:
    """Paint a picture whole and centred on the stage; without one, a sign in its place."""
    paint_picture(painter, stage, picture, radius=RADIUS_SMALL)
    if picture.isNull():
        faint = tokens().color("on_stage")
        faint.setAlphaF(0.35)
        glyph = QRect(0, 0, 22, 22)
        glyph.moveCenter(stage.center())
        paint_icon(painter, glyph, "film-strip", faint)


def paint_hint(view: QAbstractItemView, words: str) -> None:
    """Say in an empty list what will be in it."""
    if view.model() is None or view.model().rowCount():
        return
    painter = QPainter(view.viewport())
    painter.setFont(text_font(BODY))
    painter.setPen(tokens().color("muted"))
    inside = view.viewport().rect().adjusted(SPACE_4, SPACE_4, -SPACE_4, -SPACE_4)
    area = QRect(inside.topLeft(), QSize(min(HINT_WIDTH, inside.width()), inside.height()))
    area.moveLeft(inside.center().x() - area.width() // 2)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(area, flags, words)
    painter.end()
