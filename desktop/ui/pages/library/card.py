"""How one video looks in the grid: poster with badges, title, where it belongs, found words."""

from datetime import UTC, datetime

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from desktop.domain.library import Video
from desktop.ui.icons import paint_icon
from desktop.ui.models import videos_text as say
from desktop.ui.models.videos import PROJECT_ROLE, SNIPPET_ROLE, VIDEO_ROLE
from desktop.ui.pages.library import painting
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.painting import paint_picture, paint_text, paint_title
from desktop.ui.theme import text_font
from desktop.ui.tokens import BODY, CAPTION, RADIUS, RADIUS_LARGE, SPACE_1, SPACE_2, tokens

Index = QModelIndex | QPersistentModelIndex

EDGE = SPACE_1
"""Pixels between a cell and its card."""

TITLE_LINE, META_LINE = 20, 18


def cell_height(width: int, *, snippets: bool) -> int:
    """Return the height of a cell of ``width`` pixels."""
    picture = (width - 2 * (EDGE + SPACE_2)) * 9 // 16
    words = TITLE_LINE + META_LINE + (META_LINE if snippets else 0)
    return picture + words + 2 * EDGE + 3 * SPACE_2


class CardDelegate(QStyledItemDelegate):
    """Paints cards; ``scrub`` makes one of them show another moment of its video."""

    def __init__(self, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self.cell = QSize(224, 200)
        self.scrubbed = -1
        """Row under the pointer; -1 without one."""
        self.names_project = True
        """Whether cards say which project a video is in."""
        self.share = 0.0
        """Where the pointer is in that row's picture, 0 to 1 from the left."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = painting.inner(option.rect, EDGE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, area, option.state)
        stage = self.stage(option.rect)
        video = index.data(VIDEO_ROLE)
        if isinstance(video, Video):
            self._paint_stage(painter, stage, video, index.row())
            self._paint_words(painter, stage, video, index)
        else:
            self._paint_blank(painter, stage)
        painter.restore()

    def stage(self, cell: QRect) -> QRect:
        """Return where the picture is in a cell."""
        area = painting.inner(painting.inner(cell, EDGE))
        area.setHeight(area.width() * 9 // 16)
        return area

    def _paint_ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        scheme = tokens()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if not (selected or hovered or focused):
            return
        edge = "accent_text" if focused else "accent" if selected else "hover"
        painter.setPen(QPen(scheme.color(edge), 2 if selected and focused else 1))
        painter.setBrush(scheme.color("selected" if selected else "hover"))
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), RADIUS_LARGE, RADIUS_LARGE)

    def _paint_stage(self, painter: QPainter, stage: QRect, video: Video, row: int) -> None:
        poster = self._pictures.poster(video)
        if poster is None or poster.isNull():
            paint_picture(painter, stage, QPixmap())
            if poster is not None:
                painting.paint_nothing(painter, stage, video)
        elif row != self.scrubbed or not self._paint_moment(painter, stage, video):
            paint_picture(painter, stage, poster)
        if video.status not in say.QUIET:
            corner = QPointF(stage.x() + 6, stage.y() + 6)
            dot = say.status_color(video.status)
            painting.paint_badge(painter, corner, say.STATUSES[video.status], dot=dot)
        if length := say.length(video):
            corner = QPointF(stage.right() - 5, stage.bottom() - painting.BADGE_HEIGHT - 5)
            painting.paint_badge(painter, corner, length, right=True)

    def _paint_moment(self, painter: QPainter, stage: QRect, video: Video) -> bool:
        sheet = self._pictures.sheet(video)
        if sheet is None or sheet.pixmap.isNull() or not sheet.tiles.count:
            return False
        paint_picture(painter, stage, sheet.pixmap, sheet.tiles.rect(self.share))
        painting.paint_position(painter, stage, self.share)
        return True

    def _paint_words(self, painter: QPainter, stage: QRect, video: Video, index: Index) -> None:
        line = QRect(stage.x() + 2, stage.bottom() + SPACE_2, stage.width() - 4, TITLE_LINE)
        self._paint_title(painter, line, video)
        line = line.translated(0, TITLE_LINE)
        line.setHeight(META_LINE)
        project = index.data(PROJECT_ROLE) if self.names_project else ""
        moment = say.when(video.trashed_at or video.updated_at, datetime.now(UTC))
        _paint_meta(painter, line, project, moment)
        if snippet := index.data(SNIPPET_ROLE):
            painting.paint_snippet(painter, line.translated(0, META_LINE), snippet)

    def _paint_title(self, painter: QPainter, line: QRect, video: Video) -> None:
        glyph = QRect(line.right() - 14, line.y() + 3, 14, 14)
        color = tokens().color("muted")
        paint_icon(painter, glyph, say.KIND_GLYPHS[video.kind], color)
        words = line.adjusted(0, 0, -20, 0)
        font = text_font(BODY, QFont.Weight.DemiBold)
        paint_title(painter, words, video.title, font)

    @override
    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        # Over the picture the pointer moves through the video; a tooltip would cover it.
        if self.stage(option.rect).contains(event.pos()):
            return False
        return super().helpEvent(event, view, option, index)

    def _paint_blank(self, painter: QPainter, stage: QRect) -> None:
        """Paint the outlines of a card whose video is still being read."""
        painter.setPen(tokens().color("border"))
        painter.setBrush(tokens().color("surface"))
        painter.drawRoundedRect(stage, RADIUS, RADIUS)
        bar = QRectF(stage.x(), stage.bottom() + SPACE_2 + 4, stage.width() * 0.6, 10)
        painter.drawRoundedRect(bar, 3, 3)


def _paint_meta(painter: QPainter, line: QRect, project: str, moment: str) -> None:
    """Paint where a video belongs and when it changed; a long project name gives way."""
    font = text_font(CAPTION)
    if project:
        metrics = QFontMetrics(font)
        tail = f" · {moment}"
        room = max(0, line.width() - metrics.horizontalAdvance(tail))
        moment = metrics.elidedText(project, Qt.TextElideMode.ElideRight, room) + tail
    paint_text(painter, line, moment, "muted", font)
