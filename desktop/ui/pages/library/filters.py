"""The bar above the videos: search, filters, order, and how they are shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu, QSizePolicy
from typing_extensions import override

from desktop.domain.library import SearchQuery, SourceKind, VideoStatus
from desktop.domain.picture import Aspect
from desktop.ui.icons import icon
from desktop.ui.models import videos_text as say
from desktop.ui.pages.library.chip import Chip
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import column, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.labels import ElidedLabel, label

PAUSE_MS = 80
"""Typing pauses of this length start a search."""

ORDERS = {
    "relevance": "Best match",
    "updated": "Last changed",
    "created": "Newest",
    "title": "Title",
    "duration": "Longest",
}

STATUSES = (
    VideoStatus.CREATED,
    VideoStatus.CODE_READY,
    VideoStatus.RENDERING,
    VideoStatus.RENDERED,
    VideoStatus.FAILED,
)
"""What can be filtered by: the ways a video can stand on this computer."""

TAGS_SHOWN = 24
"""Most used tags in the menu; the others are found by typing them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the bar asks for, apart from the place."""

    text: str = ""
    status: VideoStatus | None = None
    kind: SourceKind | None = None
    tag: str | None = None
    aspect: Aspect | None = None
    order: str = "updated"

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text.strip() or self.status or self.kind or self.tag or self.aspect)

    def query(self, project_id: str | None, *, trashed: bool) -> SearchQuery:
        """Return the query for a place."""
        searching = bool(self.text.strip())
        order = self.order if searching or self.order != "relevance" else "updated"
        return SearchQuery(  # a space at the end says that the last word is complete
            self.text.lstrip(), project_id, self.status, self.kind, self.tag, self.aspect,
            trashed=trashed, order=order,
        )  # fmt: skip


class FilterBar(QFrame):
    """Says what is looked for; ``changed`` comes when typing rests."""

    changed = Signal()
    left = Signal()
    """The person went from the search field to the videos."""

    def __init__(self) -> None:
        super().__init__()
        self.filters = Filters()
        self.search = QLineEdit()
        self.status = Chip("Status", {status: say.STATUSES[status] for status in STATUSES})
        self.kind = Chip("Kind", say.KINDS)
        self.shape = Chip("Shape", say.SHAPES)
        self.tag = Chip("Tag", {})
        self.order = button("", self._open_orders, kind="quiet", glyph="sort-ascending")
        self.clear = button("Clear filters", self.clear_all, kind="link")
        self.title = ElidedLabel("All videos", "subtitle")
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.count = label("", "muted")
        self._typing = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        self.search.setPlaceholderText("Search titles, text and code")
        self.search.setAccessibleName("Search titles, text and code")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMinimumWidth(180)
        self.grid = tool_button("squares-four", "Show posters")
        self.table = tool_button("rows", "Show a table")
        self.inspector = tool_button("info", "Details of the video")
        for tool in (self.grid, self.table, self.inspector):
            tool.setCheckable(True)
        head = row(self.title, self.count, None, self.grid, self.table, SPACE_2, self.inspector,
                   spacing=SPACE_1)  # fmt: skip
        self._widen_order()
        first = row(self.search, self.order, spacing=SPACE_2)
        chips = row(self.status, self.kind, self.shape, self.tag, self.clear, None)
        margins = (SPACE_4, SPACE_3, SPACE_4, SPACE_2)
        self.setLayout(column(head, first, chips, spacing=SPACE_2, margins=margins))

    def _widen_order(self) -> None:
        """Give the order room for its longest name, so that the search field keeps its width."""
        for text in ORDERS.values():
            self.order.setText(text)
            self.order.ensurePolished()
            wide = max(self.order.minimumWidth(), self.order.sizeHint().width())
            self.order.setMinimumWidth(wide)

    def _connect(self) -> None:
        self._typing.timeout.connect(self._typed)
        self.search.textChanged.connect(lambda *_: self._typing.start())
        self.search.installEventFilter(self)
        self.status.chosen.connect(lambda value: self._set(status=value))
        self.kind.chosen.connect(lambda value: self._set(kind=value))
        self.shape.chosen.connect(lambda value: self._set(aspect=value))
        self.tag.chosen.connect(lambda value: self._set(tag=value))

    def offer_tags(self, tags: Sequence[tuple[str, int]]) -> None:
        """Take the tags in use, most used first."""
        shown = tags[:TAGS_SHOWN]
        self.tag.offer(
            {tag: tag for tag, _ in shown}, {tag: f"{number:,}" for tag, number in shown}
        )

    def show_place(self, title: str, count: str) -> None:
        """Say what is shown and how many videos that are."""
        self.title.setText(title)
        self.count.setText(f"  {count}")

    def choose_order(self, order: str) -> None:
        """Bring the videos into another order."""
        self._set(order=order)

    def clear_all(self) -> None:
        """Leave nothing out any more."""
        self.search.clear()
        self._typing.stop()
        self.filters = Filters(order=_without_ranking(self.filters.order))
        self._show()
        self.changed.emit()

    def _typed(self) -> None:
        text = self.search.text()
        began = bool(text.strip()) and not self.filters.text.strip()
        order = "relevance" if began else self.filters.order
        if not text.strip():
            order = _without_ranking(order)
        self._set(text=text, order=order)

    def _set(self, **changes: object) -> None:
        filters = replace(self.filters, **changes)  # type: ignore[arg-type]  # by field name
        if filters != self.filters:
            self.filters = filters
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        now = self.filters
        self.status.show_value(now.status)
        self.kind.show_value(now.kind)
        self.shape.show_value(now.aspect)
        self.tag.show_value(now.tag)
        self.clear.setVisible(now.narrow)
        self.order.setText(ORDERS[now.order])
        self.order.setAccessibleName(f"Order: {ORDERS[now.order]}")
        self.order.setToolTip("Order of the videos")

    def _open_orders(self) -> None:
        menu = self.menu_of_orders()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.order.mapToGlobal(QPoint(0, self.order.height() + SPACE_1)))

    def menu_of_orders(self) -> QMenu:
        """Return a menu with every order that makes sense now."""
        menu = QMenu(self)
        for order, text in ORDERS.items():
            if order == "relevance" and not self.filters.text.strip():
                continue
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(order == self.filters.order)
            choose: Callable[[], None] = partial(self.choose_order, order)
            action.triggered.connect(choose)
        return menu

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)


def _without_ranking(order: str) -> str:
    return "updated" if order == "relevance" else order
