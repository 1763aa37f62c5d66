"""What the rows of the studio's lists paint alike: ground and thumbnail."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyle

from desktop.ui.icons import paint_icon
from desktop.ui.pages.library.painting import paint_picture
from desktop.ui.tokens import RADIUS, RADIUS_SMALL, tokens


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
