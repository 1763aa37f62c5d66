"""The list of transfers: thousands of rows, each with two buttons, all of it by keyboard too.

It is a table of one column: Qt's list lays out every row anew whenever one of them changes.
"""

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QToolTip,
    QWidget,
)
from typing_extensions import override

from desktop.domain.transfers import Transfer
from desktop.ui.models.transfers import TRANSFER_ROLE, TransfersModel
from desktop.ui.models.transfers_text import address
from desktop.ui.pages.publish.row_layout import (
    END,
    MAIN,
    ROW,
    button_at,
    end_button,
    main_button,
)
from desktop.ui.pages.publish.row_painting import TransferDelegate, is_waiting_for_a_moment

Key = Qt.Key
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier

KEYS = {
    (Key.Key_Space, NONE): "pause",
    (Key.Key_Delete, NONE): "remove",
    (Key.Key_Return, NONE): "details",
    (Key.Key_Enter, NONE): "details",
    (Key.Key_Up, CONTROL): "earlier",
    (Key.Key_Down, CONTROL): "later",
    (Key.Key_F, CONTROL): "search",
    (Key.Key_R, NONE): "retry",
}
"""What keys ask for while the list has the focus, also where a page uses them otherwise."""

TICK_MS = 1000


class TransferList(QTableView):
    """Shows a ``TransfersModel``; asks for acts and does none itself."""

    wanted = Signal(str)
    """An act on what is selected: one of the values of ``KEYS``."""
    row_wanted = Signal(str, object)
    """``MAIN`` or ``END``, and the transfer whose button was pressed."""
    ticked = Signal()
    """A second has passed for rows that wait for a moment."""
    menu_wanted = Signal(object)
    """Global position at which a menu for the selection shall open."""

    def __init__(self, model: TransfersModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transfers = model
        self._rows = TransferDelegate(self)
        self._pressed: tuple[str, str] = ("", "")
        self._ticking = QTimer(self, interval=TICK_MS)
        self._ticking.timeout.connect(self._tick)
        self.setModel(model)
        self.setItemDelegate(self._rows)
        self.setAccessibleName("Transfers")
        self._look()
        self._behave()

    def _look(self) -> None:
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(ROW // 2)

    def _behave(self) -> None:
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setDragDropOverwriteMode(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at))
        )
        self.doubleClicked.connect(lambda *_: self.wanted.emit("details"))
        self._transfers.dataChanged.connect(lambda *_: self._count_down())
        self._transfers.refreshed.connect(self._count_down)
        self.verticalScrollBar().valueChanged.connect(lambda *_: self._count_down())

    # What is on screen

    def rows_on_screen(self) -> range:
        """Return the rows that can be seen, at least in part."""
        first = self.verticalScrollBar().value() // ROW
        last = (self.verticalScrollBar().value() + self.viewport().height()) // ROW
        return range(first, min(last + 1, self._transfers.total))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.rows_on_screen()
        self._transfers.watch(shown.start, shown.stop - 1)
        super().paintEvent(event)

    def _count_down(self) -> None:
        """Let time pass on screen while a row says in how many seconds it goes on."""
        counting = any(is_waiting_for_a_moment(one) for one in self._on_screen())
        if counting and self.isVisible():
            if not self._ticking.isActive():
                self._ticking.start()
        else:
            self._ticking.stop()

    def _on_screen(self) -> list[Transfer]:
        found = (self._transfers.transfer(row) for row in self.rows_on_screen())
        return [one for one in found if one is not None]

    def _tick(self) -> None:
        for row in self.rows_on_screen():
            transfer = self._transfers.transfer(row)
            if transfer is not None and is_waiting_for_a_moment(transfer):
                self.update(self._transfers.index(row))
        self.ticked.emit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._count_down()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticking.stop()

    # Keys

    @override
    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and _act(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if act := _act(event):
            self.wanted.emit(act)
        else:
            super().keyPressEvent(event)

    @override
    def moveCursor(
        self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        ends = {
            QAbstractItemView.CursorAction.MoveHome: 0,
            QAbstractItemView.CursorAction.MoveEnd: self._transfers.total - 1,
        }
        if cursorAction in ends:  # of the list, where a table means the ends of a row
            return self._transfers.index(ends[cursorAction])
        return super().moveCursor(cursorAction, modifiers)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Do nothing: looking through the names would read the whole list."""

    # Buttons of rows

    def _button(self, at: QPoint) -> tuple[QModelIndex, str]:
        index = self.indexAt(at)
        transfer = index.data(TRANSFER_ROLE) if index.isValid() else None
        if not isinstance(transfer, Transfer):
            return QModelIndex(), ""
        which = button_at(self.visualRect(index), at)
        if which and not _face(transfer, which)[0]:
            which = ""
        return index, which

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        index, which = self._button(event.position().toPoint())
        if which and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (index.data(TRANSFER_ROLE).id, which)
            return
        self._pressed = ("", "")
        super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, ("", "")
        if not pressed[1]:
            super().mouseReleaseEvent(event)
            return
        index, which = self._button(event.position().toPoint())
        transfer = index.data(TRANSFER_ROLE) if which else None
        if isinstance(transfer, Transfer) and (transfer.id, which) == pressed:
            self.row_wanted.emit(which, transfer)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._pressed[1]:
            super().mouseMoveEvent(event)
        self._heat(*self._button(event.position().toPoint()))

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._button(event.position().toPoint())[1]:
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def _heat(self, index: QModelIndex | QPersistentModelIndex, which: str) -> None:
        before, now = self._rows.hot, (index.row() if which else -1, which)
        if now != before:
            self._rows.hot = now
            for row in {before[0], now[0]} - {-1}:
                self.update(self._transfers.index(row))

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._heat(QModelIndex(), "")
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().viewportEvent(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        index, which = self._button(event.pos())
        transfer = index.data(TRANSFER_ROLE) if index.isValid() else None
        if not isinstance(transfer, Transfer):
            QToolTip.hideText()
            return
        text = _face(transfer, which)[1] if which else f"{transfer.path}\n{address(transfer)}"
        QToolTip.showText(event.globalPos(), text, self)


def _act(event: QKeyEvent) -> str:
    """Return what a key asks for; empty when the list leaves it to others."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return KEYS.get((Key(event.key()), modifiers), "")


def _face(transfer: Transfer, which: str) -> tuple[str, str]:
    """Return icon and name of a button of a transfer's row."""
    return {MAIN: main_button, END: end_button}[which](transfer)
