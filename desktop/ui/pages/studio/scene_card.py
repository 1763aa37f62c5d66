"""How one scene looks in the list: picture, number, title, state, progress."""

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from typing_extensions import override

from desktop.domain.picture import clock
from desktop.services.values import SceneState
from desktop.ui.icons import paint_icon
from desktop.ui.models.scenes import SceneRow
from desktop.ui.pages.studio.row_delegate import RowDelegate
from desktop.ui.pages.studio.thumbnails import Thumbnails
from desktop.ui.painting import paint_text, paint_title
from desktop.ui.theme import text_font
from desktop.ui.tokens import BODY, CAPTION, tokens

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


class SceneDelegate(RowDelegate[SceneRow]):
    """Paints scenes."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(SceneRow, thumbnails, HEIGHT, PICTURE, parent)

    @override
    def poster(self, row: SceneRow) -> str:
        return row.scene.poster

    @override
    def paint_marks(self, painter: QPainter, stage: QRect, row: SceneRow) -> None:
        _paint_number(painter, stage, row)
        if row.rendering:
            _paint_progress(painter, stage, row)

    @override
    def paint_words(self, painter: QPainter, line: QRect, row: SceneRow) -> None:
        _paint_words(painter, line.translated(0, 4), row)


def _paint_number(painter: QPainter, stage: QRect, row: SceneRow) -> None:
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
