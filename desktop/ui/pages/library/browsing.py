"""Keeps what the library page shows in step with the library and with what is looked for."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop.domain.library import Project, SearchQuery
from desktop.services.library import LibraryService
from desktop.ui import tasks
from desktop.ui.models.projects import ALL, PROJECT, TRASH, Place, ProjectsModel
from desktop.ui.models.videos import VideosModel
from desktop.ui.models.videos_text import count
from desktop.ui.pages.library.centre import Centre
from desktop.ui.pages.library.places import PlaceList

REST_MS = 60
"""Changes of the library that come closer together are shown at once."""


class Browsing(QWidget):
    """Asks for videos and places, and says how many there are.

    A widget without a face, so that errors of its tasks find the window.
    """

    def __init__(
        self,
        library: LibraryService,
        model: VideosModel,
        places: ProjectsModel,
        centre: Centre,
        left: PlaceList,
    ) -> None:
        super().__init__()
        self._library = library
        self._model = model
        self._places = places
        self._centre = centre
        self._left = left
        self._stale = True
        self._query: SearchQuery | None = None
        self.trashed_projects: tuple[Project, ...] = ()
        self.hide()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.refresh)
        centre.bar.changed.connect(self.look)
        left.chosen.connect(lambda *_: self.look())
        model.arrived.connect(self._arrived)
        model.rowsInserted.connect(self.show_state)
        model.rowsRemoved.connect(self.show_state)

    @property
    def place(self) -> Place:
        """Where the videos shown are."""
        return self._left.place

    @property
    def trashed(self) -> bool:
        """Whether the trash is shown."""
        return self.place.kind == TRASH

    @property
    def videos_in_trash(self) -> int:
        """How many videos are in the trash."""
        row = self._places.row_of(TRASH)
        return 0 if row is None else self._places.places()[row].videos

    def look(self) -> None:
        """Ask for the videos of the place and filters chosen, if they are other ones now."""
        project_id = self.place.project_id if self.place.kind == PROJECT else None
        query = self._centre.bar.filters.query(project_id, trashed=self.trashed)
        if query != self._query:
            self._query = query
            self._model.show_query(query)
        self.show_state()

    def library_changed(self) -> None:
        """Show a change soon, or when the page is looked at again."""
        self._stale = True
        parent = self.parentWidget()
        if parent is None or parent.isVisible():
            self._rest.start()

    def catch_up(self) -> None:
        """Show what has changed while the page was not visible."""
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Read places and the videos on screen again."""
        self._rest.stop()
        self._stale = False
        tasks.start(self, self.read_places(), "read the projects")
        if self._query is None:
            self.look()
        else:
            self._model.refresh()

    async def read_places(self) -> None:
        """Read projects, counts and tags."""
        library = self._library
        projects = await library.projects()
        counts = await library.video_counts()
        trashed = await library.search(SearchQuery(trashed=True, limit=1))
        self.trashed_projects = await library.projects(trashed=True)
        self._places.show_places(projects, counts, trashed.total)
        self._model.name_projects(
            {project.id: project.title for project in (*projects, *self.trashed_projects)}
        )
        self._centre.bar.offer_tags(await library.tags())
        self.show_state()

    def _arrived(self) -> None:
        view = self._centre.view
        view.scrollToTop()
        self.show_state()

    def show_state(self) -> None:
        """Show title and count of the place, and why it is empty if it is."""
        place, filters = self.place, self._centre.bar.filters
        total = self._model.total
        narrow = filters.narrow
        text = f"{total:,} of {max(total, place.videos):,}" if narrow else count(total)
        self._centre.bar.show_place(place.title, text if self._model.loaded else "")
        self._centre.show_trash(
            shown=place.kind == TRASH, videos=place.videos, projects=len(self.trashed_projects)
        )
        if total or not self._model.loaded:
            self._centre.show_videos(
                snippets=bool(filters.text.strip()), projects=place.kind != PROJECT
            )
        else:
            self._centre.show_empty(self._reason(place, narrow=narrow))

    def projects_but(self, project_ids: Sequence[str]) -> tuple[Place, ...]:
        """Return the projects videos can be moved to, without those all of them are in."""
        left_out = set(project_ids) if len(set(project_ids)) == 1 else set()
        return tuple(place for place in self._places.projects() if place.project_id not in left_out)

    def _reason(self, place: Place, *, narrow: bool) -> str:
        if narrow:
            return "search"
        trash = "projects" if self.trashed_projects else "trash"
        return {ALL: "library", PROJECT: "project"}.get(place.kind, trash)
