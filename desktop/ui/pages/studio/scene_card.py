"""How one scene looks in the list: picture, number, title, state, progress."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from desktop.domain.picture import clock
from desktop.services.values import SceneState
from desktop.ui.icons import paint_icon
from desktop.ui.models.scenes import ROW_ROLE, SceneRow
from desktop.ui.pages.studio.painting import paint_ground, paint_thumbnail
from desktop.ui.pages.studio.thumbnails import Thumbnails
from desktop.ui.painting import paint_text, paint_title
from desktop.ui.theme import text_font
from desktop.ui.tokens import BODY, CAPTION, SPACE_2, SPACE_3, tokens

Index = QModelIndex | QPersistentModelIndex

HEIGHT = 68
PICTURE = QSize(92, 52)

COLORS = {
    SceneState.NEW: "accent_text",
    SceneState.CHANGED: "warning",
    SceneState.FRESH: "muted",
    SceneState.FAILED: "danger",
    SceneState.BROKEN: "danger",
}

GLYPHS = {
    SceneState.NEW: "plus-circle",
    SceneState.CHANGED: "pencil-simple",
    SceneState.FRESH: "check-circle",
    SceneState.FAILED: "warning-circle",
    SceneState.BROKEN: "warning-circle",
}


class SceneDelegate(QStyledItemDelegate):
    """Paints scenes."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, SceneRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(SPACE_2, 2, -SPACE_2, -2)
        paint_ground(painter, area, option.state)
        stage = QRect(area.topLeft(), PICTURE).translated(SPACE_2 - 2, (area.height() - 52) // 2)
        paint_thumbnail(painter, stage, self._thumbnails.picture(row.scene.poster))
        self._paint_number(painter, stage, row)
        if row.rendering:
            _paint_progress(painter, stage, row)
        left = stage.right() + SPACE_3
        words = QRect(left, area.y() + 10, area.right() - left - SPACE_2, 20)
        _paint_words(painter, words, row)
        painter.restore()

    def _paint_number(self, painter: QPainter, stage: QRect, row: SceneRow) -> None:
        scheme = tokens()
        painter.setFont(text_font(CAPTION, QFont.Weight.DemiBold))
        wide = painter.fontMetrics().horizontalAdvance(str(row.number)) + 10
        badge = QRect(stage.x() + 3, stage.y() + 3, max(18, wide), 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(scheme.color("accent" if row.on_screen else "stage"))
        painter.setOpacity(1.0 if row.on_screen else 0.8)
        painter.drawRoundedRect(badge, 4, 4)
        painter.setOpacity(1.0)
        painter.setPen(scheme.color("on_stage"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(row.number))


def _paint_progress(painter: QPainter, stage: QRect, row: SceneRow) -> None:
    scheme = tokens()
    painter.setPen(Qt.PenStyle.NoPen)
    track = QRectF(stage.x() + 4, stage.bottom() - 7, stage.width() - 8, 4)
    painter.setBrush(scheme.color("stage").lighter(260))
    painter.drawRoundedRect(track, 2, 2)
    if row.total:
        track.setWidth(track.width() * min(1.0, row.done / row.total))
        painter.setBrush(scheme.color("accent").lighter(130))
        painter.drawRoundedRect(track, 2, 2)


def _paint_words(painter: QPainter, line: QRect, row: SceneRow) -> None:
    scene, font = row.scene, text_font(BODY, QFont.Weight.DemiBold)
    first, second = two_lines(QFontMetrics(font), scene.title, line.width())
    if second:
        line = line.translated(0, -5)
    paint_text(painter, line, first, "text", font)
    if second:
        line = line.translated(0, 17)
        paint_title(painter, line, second, font)
    state = "accent_text" if row.rendering else COLORS[scene.state]
    below = line.translated(0, 21)
    glyph = QRect(below.x(), below.y() + 3, 14, 14)
    name = "hourglass-medium" if row.rendering else GLYPHS[scene.state]
    paint_icon(painter, glyph, name, tokens().color(state))
    paint_text(painter, below.adjusted(18, 0, 0, 0), _summary(row), state, text_font(CAPTION))


def two_lines(metrics: QFontMetrics, text: str, width: int) -> tuple[str, str]:
    """Return a title as two lines, broken between words; the second is empty if one will do."""
    words = text.split(" ")
    count = len(words)
    while count > 1 and metrics.horizontalAdvance(" ".join(words[:count])) > width:
        count -= 1
    return " ".join(words[:count]), " ".join(words[count:])


def _summary(row: SceneRow) -> str:
    """Return state and length; that nothing is to be done needs no words, the sign says it."""
    length = "" if row.scene.seconds is None or row.rendering else clock(row.scene.seconds)
    fresh = row.scene.state is SceneState.FRESH and not row.rendering
    return " · ".join(filter(None, ("" if fresh and length else row.words, length)))
