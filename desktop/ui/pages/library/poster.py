"""The picture of one video in the inspector; the pointer moves through the video."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from desktop.domain.library import Video
from desktop.ui.models import videos_text as say
from desktop.ui.pages.library import painting
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.painting import paint_picture


class Poster(QWidget):
    """Shows a poster in its full width, always 16:9 so that nothing below it jumps."""

    opened = Signal()
    """It was clicked twice."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._video: Video | None = None
        self._share: float | None = None
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        pictures.came.connect(self._came)

    def show_video(self, video: Video) -> None:
        """Show another video, or another version of it."""
        self._video = video
        self.setAccessibleName(f"Picture of {video.title}")
        self.update()

    def _came(self, video_id: str) -> None:
        if self._video is not None and self._video.id == video_id:
            self.update()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return width * 9 // 16

    @override
    def sizeHint(self) -> QSize:
        return QSize(264, 148)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, 90)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._share = event.position().x() / max(1, self.width() - 1)
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._share = None
        self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRect(0, 0, self.width(), self.height())
        if self._video is not None:
            self._paint(painter, area, self._video)
        painter.end()

    def _paint(self, painter: QPainter, area: QRect, video: Video) -> None:
        sheet = self._pictures.sheet(video) if self._share is not None else None
        if self._share is not None and sheet and sheet.tiles.count and not sheet.pixmap.isNull():
            paint_picture(painter, area, sheet.pixmap, sheet.tiles.rect(self._share))
            painting.paint_position(painter, area, self._share)
            return
        poster = self._pictures.poster(video)
        paint_picture(painter, area, poster or QPixmap())
        if poster is not None and poster.isNull():
            painting.paint_nothing(painter, area, video)
        if video.status not in say.QUIET:
            dot = say.status_color(video.status)
            painting.paint_badge(painter, QPointF(6, 6), say.STATUSES[video.status], dot=dot)
