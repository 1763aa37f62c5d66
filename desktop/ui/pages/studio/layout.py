"""Where things are in the studio: scenes at the left, text in the middle, film at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedWidget, QTabWidget, QWidget

from desktop.ui.models.scenes import ScenesModel
from desktop.ui.models.versions import VersionsModel
from desktop.ui.pages.studio.changes_panel import ChangesPanel
from desktop.ui.pages.studio.editor_area import EditorArea
from desktop.ui.pages.studio.header import Header
from desktop.ui.pages.studio.info_panel import InfoPanel
from desktop.ui.pages.studio.scene_list import SceneList
from desktop.ui.pages.studio.thumbnails import Thumbnails
from desktop.ui.pages.studio.version_list import VersionList
from desktop.ui.player.player import Player
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import column, frame, line, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.labels import label

LEFT, MIDDLE, RIGHT = 244, 440, 520
"""Widths of the columns at first, in pixels."""

HEAD = 42
"""Height of the bar over the scenes, in pixels."""

VERSIONS, CHANGES, INFO = range(3)
"""Tabs under the film."""


class Parts(QWidget):
    """Makes and places every widget of the page; the page connects them."""

    def __init__(self) -> None:
        super().__init__()
        thumbnails = Thumbnails(self)
        self.scenes_model = ScenesModel(self)
        self.versions_model = VersionsModel(self)
        self.header = Header()
        self.scenes = SceneList(self.scenes_model, thumbnails)
        self.add_scene = tool_button("plus", "Add a scene", keys="Ctrl+Shift+N")
        self.area = EditorArea()
        self.player = Player()
        self.stack = VersionList(self.versions_model, thumbnails)
        self.restore = button("Restore this version", glyph="clock-counter-clockwise")
        self.restore_hint = label("", "caption")
        self.changes = ChangesPanel()
        self.info = InfoPanel()
        self.tabs = self._tabs()
        self.columns = self._columns()
        body = column(self.header, line(), self.columns, spacing=0)
        body.setStretch(2, 1)
        self.setLayout(body)

    def _columns(self) -> QSplitter:
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        columns.setHandleWidth(1)
        self.left = self._left()
        for part, smallest in ((self.left, 190), (self.area, 280), (self._right(), 360)):
            part.setMinimumWidth(smallest)
            columns.addWidget(part)
        columns.setSizes([LEFT, MIDDLE, RIGHT])
        for place, share in enumerate((0, 2, 3)):
            columns.setStretchFactor(place, share)
        return columns

    def _left(self) -> QFrame:
        head = row(
            label("Scenes", "section"), None, self.add_scene,
            margins=(SPACE_4, SPACE_1, SPACE_2, SPACE_1),
        )  # fmt: skip
        bar = frame(head)
        bar.setFixedHeight(HEAD)  # the same with and without the button
        return frame(column(bar, self.scenes, spacing=0), "panel")

    def _right(self) -> QSplitter:
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.setHandleWidth(1)
        right.addWidget(self.player)
        under = frame(column(self.tabs, spacing=0), "panel")
        under.setMinimumHeight(160)
        right.addWidget(under)
        right.setStretchFactor(0, 3)
        right.setStretchFactor(1, 2)
        right.setSizes([400, 280])
        return right

    def _tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        for part in (tabs, tabs.tabBar()):
            part.setAccessibleName("About the film")
        foot = frame(row(self.restore_hint, None, self.restore, margins=(SPACE_3, SPACE_2) * 2))
        self.restore_bar = foot
        stack = frame(column(self.stack, foot, spacing=0), "panel")
        tabs.addTab(stack, "Versions")
        tabs.addTab(frame(column(self.changes, spacing=0), "panel"), "What changed")
        facts = scrolled(self.info)
        facts.setAccessibleName("Facts of this version")
        tabs.addTab(facts, "Info")
        foot.hide()
        return tabs


def stacked(*pages: QWidget) -> QStackedWidget:
    """Return a stack of pages, the first on top."""
    stack = QStackedWidget()
    for page in pages:
        stack.addWidget(page)
    return stack


def scrolled(content: QWidget) -> QScrollArea:
    """Return a panel that is scrolled when it is higher than its place."""
    area = QScrollArea()
    area.setWidget(frame(column(content, spacing=0), "panel"))
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
