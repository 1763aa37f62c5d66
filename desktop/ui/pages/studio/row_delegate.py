"""How a row of the studio's lists looks: a ground, a thumbnail, words beside it."""

from abc import abstractmethod
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from desktop.ui.models.rows import ROW_ROLE
from desktop.ui.pages.studio.painting import paint_ground, paint_thumbnail
from desktop.ui.pages.studio.row_list import Index
from desktop.ui.pages.studio.thumbnails import Thumbnails
from desktop.ui.tokens import SPACE_2, SPACE_3

R = TypeVar("R")


class RowDelegate(QStyledItemDelegate, Generic[R]):
    """Paints rows of ``kind``; what is theirs alone is painted by the subclass."""

    def __init__(
        self,
        kind: type[R],
        thumbnails: Thumbnails,
        height: int,
        picture: QSize,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self._thumbnails = thumbnails
        self._height = height
        self._size = picture

    @abstractmethod
    def poster(self, row: R) -> str:
        """Return the path of the picture of a row; empty when there is none."""

    @abstractmethod
    def paint_words(self, painter: QPainter, line: QRect, row: R) -> None:
        """Paint the words; ``line`` is the place of the first one."""

    def paint_marks(self, painter: QPainter, stage: QRect, row: R) -> None:
        """Paint what lies on the picture; nothing, unless a subclass has something."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self._height)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, self._kind):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(SPACE_2, 2, -SPACE_2, -2)
        paint_ground(painter, area, option.state)
        above = (area.height() - self._size.height()) // 2
        stage = QRect(area.topLeft(), self._size).translated(SPACE_2 - 2, above)
        paint_thumbnail(painter, stage, self._thumbnails.picture(self.poster(row)))
        self.paint_marks(painter, stage, row)
        left = stage.right() + SPACE_3
        line = QRect(left, area.y() + above, area.right() - left - SPACE_2, 20)
        self.paint_words(painter, line, row)
        painter.restore()
