"""The middle of the library: what is looked for, and the videos as posters or as a table."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from desktop.ui.models.videos import VideosModel
from desktop.ui.pages.library.filters import FilterBar
from desktop.ui.pages.library.grid import VideoGrid
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.pages.library.selection import Selection
from desktop.ui.pages.library.table import VideoTable
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.empty_state import EmptyState
from desktop.ui.widgets.labels import ElidedLabel

Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Beginnings:
    """What empty pages offer to do."""

    new_video: Act
    bring: Act
    samples: Act
    clear_filters: Act
    all_videos: Act


class TrashBar(QFrame):
    """Above the videos of the trash: what it is, and how to empty it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.text = ElidedLabel("", "muted")
        self.projects = button("Restore project…", glyph="folder-simple")
        self.empty = button("Empty trash…", kind="danger", glyph="trash")
        margins = (SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        self.setLayout(row(self.text, self.projects, self.empty, margins=margins))


class Centre(QFrame):
    """Shows one result, or says why there is none."""

    def __init__(self, model: VideosModel, pictures: Pictures, selection: Selection) -> None:
        super().__init__()
        self.bar = FilterBar()
        self.trash_bar = TrashBar()
        self.grid = VideoGrid(pictures)
        self.table = VideoTable(pictures)
        self.grid.setModel(model)
        self.table.show_videos(model)
        for view in (self.grid, self.table):
            own = view.selectionModel()
            view.setSelectionModel(selection.rows_model)
            own.deleteLater()
        self.stack = QStackedWidget()
        self.empties: dict[str, QWidget] = {}
        self._build()
        self.show_view("grid")

    def _build(self) -> None:
        walls = frame(column(self.grid, margins=(SPACE_3, 0, 0, 0)))
        tables = frame(column(self.table, margins=(SPACE_4, 0, SPACE_2, 0)))
        self._views = {"grid": walls, "table": tables}
        for page in self._views.values():
            self.stack.addWidget(page)
        trash = frame(row(self.trash_bar, margins=(SPACE_4, 0, SPACE_4, SPACE_2)))
        self._trash = trash
        self.setLayout(column(self.bar, trash, self.stack, spacing=0))

    def offer(self, beginnings: Beginnings) -> None:
        """Make the pages that are shown when there is nothing."""
        self.empties = _empties(beginnings)
        for page in self.empties.values():
            self.stack.addWidget(page)

    @property
    def view(self) -> VideoGrid | VideoTable:
        """The view in use."""
        return self.grid if self._view == "grid" else self.table

    def show_view(self, name: str) -> None:
        """Use the "grid" or the "table"."""
        self._view = name
        self.bar.grid.setChecked(name == "grid")
        self.bar.table.setChecked(name == "table")
        if self.stack.currentWidget() not in self.empties.values():
            self.stack.setCurrentWidget(self._views[name])

    def show_videos(self, *, snippets: bool, projects: bool) -> None:
        """Show the videos; ``snippets`` makes room for the words that were found.

        ``projects`` says which project each is in.
        """
        self.grid.show_snippets(snippets)
        for view in (self.grid, self.table):
            view.show_projects(projects)
        self.stack.setCurrentWidget(self._views[self._view])

    def show_empty(self, reason: str) -> None:
        """Say why there is nothing: "library", "project", "search", "trash" or "projects"."""
        self.stack.setCurrentWidget(self.empties[reason])

    @property
    def empty_reason(self) -> str:
        """Why there is nothing; empty when videos are shown."""
        shown = self.stack.currentWidget()
        return next((name for name, page in self.empties.items() if page is shown), "")

    def show_trash(self, *, shown: bool, videos: int, projects: int) -> None:
        """Show or hide the bar of the trash."""
        self._trash.setVisible(shown and bool(videos or projects))
        self.trash_bar.text.setText("What is here can be restored until you empty the trash.")
        self.trash_bar.projects.setVisible(bool(projects))


def _empties(act: Beginnings) -> dict[str, QWidget]:
    new, bring = ("New video…", act.new_video), ("Import…", act.bring)
    return {
        "library": EmptyState(
            "film-strip", "No videos yet",
            "Write a storyboard and Proofreel animates it, or bring in storyboards, Manim files "
            "and videos you have.",
            (new, bring, ("Open samples", act.samples)),
        ),
        "project": EmptyState(
            "folder-open", "This project is empty",
            "Make a video here, or drop videos from other projects on its name at the left.",
            (new, bring),
        ),
        "search": EmptyState(
            "magnifying-glass", "Nothing found",
            "No video matches all of this. Use fewer words or filters.",
            (("Clear filters", act.clear_filters),),
        ),
        "trash": EmptyState(
            "trash", "The trash is empty",
            "Videos you move to the trash wait here until you delete them for good.",
            (("Show all videos", act.all_videos),),
        ),
        "projects": EmptyState(
            "folder-simple", "No videos in the trash",
            "Only empty projects are here. Restore them above, or delete them for good.",
            (("Show all videos", act.all_videos),),
        ),
    }  # fmt: skip
