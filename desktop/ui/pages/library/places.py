"""The left side of the library: where videos are, and where they can be moved by dropping them."""

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent, QDropEvent, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from desktop.ui.icons import paint_icon
from desktop.ui.models.projects import (
    ALL,
    HEADING,
    PLACE_ROLE,
    PROJECT,
    TRASH,
    Place,
    ProjectsModel,
)
from desktop.ui.painting import paint_text
from desktop.ui.theme import text_font
from desktop.ui.tokens import BODY, CAPTION, RADIUS, SPACE_2, SPACE_3, tokens

Index = QModelIndex | QPersistentModelIndex

OWN_KEYS = {Qt.Key.Key_Delete, Qt.Key.Key_F2}

ROW, HEADING_ROW = 32, 44
GLYPHS = {ALL: "stack", PROJECT: "folder-simple", TRASH: "trash"}


class PlaceDelegate(QStyledItemDelegate):
    """Paints a place with its sign and how many videos it holds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.target = -1
        """Row videos are dragged over; -1 without one."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        place: Place = index.data(PLACE_ROLE)
        return QSize(120, HEADING_ROW if place.kind == HEADING else ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place: Place = index.data(PLACE_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place.kind == HEADING:
            words = option.rect.adjusted(SPACE_3, 16, -SPACE_2, 0)
            font = text_font(CAPTION, QFont.Weight.DemiBold)
            paint_text(painter, words, place.title, "muted", font)
        else:
            self._paint_ground(
                painter, option.rect, option.state, targeted=self.target == index.row()
            )
            _paint_place(painter, option.rect, place, option.state)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, area: QRect, state: QStyle.StateFlag, *, targeted: bool
    ) -> None:
        scheme = tokens()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if not (selected or hovered or targeted or focused):
            return
        marked = targeted or focused
        painter.setPen(scheme.color("accent_text") if marked else Qt.PenStyle.NoPen)
        painter.setBrush(scheme.color("selected" if selected or targeted else "hover"))
        band = QRectF(area).adjusted(SPACE_2 + 0.5, 1.5, -SPACE_2 - 0.5, -1.5)
        painter.drawRoundedRect(band, RADIUS, RADIUS)


def _paint_place(painter: QPainter, area: QRect, place: Place, state: QStyle.StateFlag) -> None:
    selected = bool(state & QStyle.StateFlag.State_Selected)
    color = "accent_text" if selected else "muted"
    glyph = QRect(area.x() + SPACE_2 + 8, area.center().y() - 8, 17, 17)
    name = f"{GLYPHS[place.kind]}{'-fill' if selected else ''}"
    paint_icon(painter, glyph, name, tokens().color(color))
    number = f"{place.videos:,}" if place.videos or place.kind != TRASH else ""
    painter.setFont(text_font(CAPTION))
    painter.setPen(tokens().color("muted"))
    figures = area.adjusted(0, 0, -SPACE_2 - 8, 0)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(figures, right, number)
    taken = painter.fontMetrics().horizontalAdvance(number) + SPACE_2
    words = area.adjusted(SPACE_2 + 34, 0, -SPACE_2 - 8 - taken, 0)
    weight = QFont.Weight.DemiBold if selected else QFont.Weight.Normal
    paint_text(painter, words, place.title, "text", text_font(BODY, weight))


class PlaceList(QListView):
    """Chooses what the centre shows; takes dropped videos."""

    chosen = Signal(object)
    """Carries the ``Place``."""
    menu_wanted = Signal(object, object)
    """Carries the ``Place`` under the pointer, or None, and the global position."""

    rename_wanted = Signal()
    trash_wanted = Signal()

    def __init__(self, places: ProjectsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._delegate = PlaceDelegate(self)
        self.setModel(places)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Projects")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setDropIndicatorShown(False)
        self.setDragDropOverwriteMode(True)  # nothing is dropped between rows: all of a row counts
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.selectionModel().currentChanged.connect(lambda now, _: self._changed(now))
        places.modelReset.connect(self._restore)
        self._wanted = (ALL, "")

    @property
    def place(self) -> Place:
        """The place that is shown; all videos before there is anything."""
        place = self.currentIndex().data(PLACE_ROLE)
        return place if isinstance(place, Place) else Place(ALL, "All videos")

    def choose(self, kind: str, project_id: str = "") -> None:
        """Show a place; does nothing when it has gone."""
        row = self._places.row_of(kind, project_id)
        if row is not None:
            self.setCurrentIndex(self._places.index(row))

    def _restore(self) -> None:
        """Keep the place when projects come and go; one that has gone leaves all videos."""
        kind, project_id = self._wanted
        row = self._places.row_of(kind, project_id)
        self.setCurrentIndex(self._places.index(0 if row is None else row))

    def _changed(self, now: QModelIndex) -> None:
        place = now.data(PLACE_ROLE)
        if isinstance(place, Place):
            self._wanted = place.key
            self.chosen.emit(place)

    @override
    def event(self, event: QEvent) -> bool:
        # Here these keys mean the project; without this they would reach the selected videos.
        asked_first = event.type() == QEvent.Type.ShortcutOverride
        if asked_first and isinstance(event, QKeyEvent) and event.key() in OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.trash_wanted.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.rename_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _menu(self, at: QPoint) -> None:
        place = self.indexAt(at).data(PLACE_ROLE)
        self.menu_wanted.emit(place, self.viewport().mapToGlobal(at))

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # scrolls at the edges
        # Without an indicator between rows, Qt's list would refuse every place.
        index = self.indexAt(event.position().toPoint())
        takes = self._places.canDropMimeData(event.mimeData(), event.dropAction(), -1, -1, index)
        event.setAccepted(takes)
        self._aim(index.row() if takes else -1)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._aim(-1)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self._aim(-1)

    def _aim(self, row: int) -> None:
        if row != self._delegate.target:
            self._delegate.target = row
            self.viewport().update()
