"""Videos as a table: more of them at once, with lengths and dates side by side."""

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from desktop.domain.library import Video
from desktop.ui.models import videos_text as say
from desktop.ui.models.videos import COLUMNS, SNIPPET_ROLE, VIDEO_ROLE, VideosModel
from desktop.ui.pages.library import painting
from desktop.ui.pages.library.grid import ENTER
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.painting import paint_picture, paint_text, paint_title, paint_two_lines
from desktop.ui.theme import text_font
from desktop.ui.tokens import BODY, SPACE_2, SPACE_3, tokens

Index = QModelIndex | QPersistentModelIndex

ROW = 48
WIDTHS = {"Project": 124, "Status": 116, "Length": 64, "Changed": 122}
TITLE_WIDTH = 240
"""Pixels the title keeps at least; narrower tables leave out columns."""

ORDERS = {"Title": "title", "Length": "duration", "Changed": "updated"}
"""Orders the library can bring videos in, by column."""

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Paints the cells of a row as one band."""

    def __init__(self, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTHS.get(COLUMNS[index.column()], TITLE_WIDTH), ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self._paint_ground(painter, option.rect, option.state)
        video = index.data(VIDEO_ROLE)
        if isinstance(video, Video):
            match COLUMNS[index.column()]:
                case "Title":
                    self._paint_title(painter, option.rect, video, index.data(SNIPPET_ROLE))
                case "Status":
                    _paint_status(painter, option.rect, video)
                case _:
                    _paint_cell(painter, option.rect, index)
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        scheme = tokens()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, scheme.color("selected"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, scheme.color("hover"))
        if state & QStyle.StateFlag.State_HasFocus:
            edge = QRect(area.x(), area.y(), 3, area.height())
            painter.fillRect(edge, scheme.color("accent_text"))
        base = QRect(area.x(), area.bottom(), area.width(), 1)
        painter.fillRect(base, scheme.color("border"))

    def _paint_title(self, painter: QPainter, area: QRect, video: Video, snippet: str) -> None:
        stage = QRect(area.x() + SPACE_2, area.y() + 6, 62, 35)
        poster = self._pictures.poster(video)
        paint_picture(painter, stage, poster or QPixmap(), radius=3)
        if poster is not None and poster.isNull():
            painting.paint_nothing(painter, stage, video)
        words = area.adjusted(SPACE_2 + 62 + SPACE_3, 0, -SPACE_2, -1)
        font = text_font(BODY, QFont.Weight.DemiBold)
        if snippet:
            painting.paint_snippet(painter, words.adjusted(0, 24, 0, -6), snippet)
            paint_title(painter, words.adjusted(0, 5, 0, -22), video.title, font)
        else:
            paint_two_lines(painter, words, video.title, "text", font)


def _paint_status(painter: QPainter, area: QRect, video: Video) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens().color(say.status_color(video.status)))
    painter.drawEllipse(area.x() + SPACE_2, area.center().y() - 3, 7, 7)
    words = area.adjusted(SPACE_2 + 14, 0, -SPACE_2, 0)
    paint_text(painter, words, say.STATUSES[video.status], "muted", text_font())


def _paint_cell(painter: QPainter, area: QRect, index: Index) -> None:
    words = area.adjusted(SPACE_2, 0, -SPACE_2, 0)
    text = index.data()
    if index.data(Qt.ItemDataRole.TextAlignmentRole) == RIGHT:
        painter.setFont(text_font())
        painter.setPen(tokens().color("muted"))
        painter.drawText(words, RIGHT, text)
    else:
        paint_text(painter, words, text, "muted", text_font())


class VideoTable(QTableView):
    """One row for each video; a click on a heading puts them in its order."""

    opened = Signal(int)
    menu_wanted = Signal(object)
    order_wanted = Signal(str)

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names_project = True
        self.setItemDelegate(RowDelegate(pictures, self))
        self.setAccessibleName("Videos")
        self._look()
        self._behave()
        pictures.came.connect(lambda *_: self.viewport().update())

    def _look(self) -> None:
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(ROW // 2)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setAccessibleName("Columns")
        header.sectionClicked.connect(self._heading_clicked)

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at))
        )
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def show_videos(self, model: VideosModel) -> None:
        """Take the model and divide the width among its columns."""
        self.setModel(model)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, name in enumerate(COLUMNS[1:], 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, WIDTHS[name])

    def show_projects(self, shown: bool) -> None:
        """Have a column that says which project a video is in, or leave it out."""
        if shown != self._names_project:
            self._names_project = shown
            self._fit_columns()

    def _fit_columns(self) -> None:
        """Leave out the columns there is no room for, the least needed first."""
        room = self.width() - TITLE_WIDTH - sum(WIDTHS.values())
        for name in ("Project", "Changed", "Status"):
            hidden = room < 0 or (name == "Project" and not self._names_project)
            if self.model() is not None:
                self.setColumnHidden(COLUMNS.index(name), hidden)
            room += WIDTHS[name] if hidden else 0

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_columns()
        super().resizeEvent(event)

    def _heading_clicked(self, column: int) -> None:
        if COLUMNS[column] in ORDERS:
            self.order_wanted.emit(ORDERS[COLUMNS[column]])

    @override
    def keyboardSearch(self, search: str) -> None:
        """Do nothing: looking through the titles would read the whole library."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
