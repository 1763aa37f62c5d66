"""The ways to begin: a new video from a template, or a sample."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.domain.library import SearchQuery, Video
from desktop.services.library import LibraryService
from desktop.services.samples import SampleService
from desktop.ui import dialogs
from desktop.ui.new_video import NewVideo, NewVideoDialog


class StartFlow(QObject):
    """Makes a first or further video and opens it."""

    def __init__(
        self,
        window: QWidget,
        library: LibraryService,
        samples: SampleService,
        open_video: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._samples = samples
        self._open_video = open_video

    async def new_video(self, project_id: str | None = None) -> None:
        """Ask how the video begins, make it and open it."""
        projects = await self._library.projects()
        wanted = project_id or await self._latest_project()
        dialog = NewVideoDialog(self._window, projects, wanted)
        if await dialogs.finished(dialog):
            await self.create(dialog.decision())

    async def _latest_project(self) -> str | None:
        """Return the project that was worked on last; None before there is a video."""
        page = await self._library.search(SearchQuery(limit=1))
        return page.videos[0].project_id if page.videos else None

    async def create(self, wanted: NewVideo) -> None:
        """Make the video a person decided on and open it."""
        project_id = wanted.project_id
        if project_id is None:
            project_id = (await self._library.create_project(wanted.project_title)).id
        template = wanted.template
        video = await self._library.create_video(
            project_id, wanted.title, template.kind, template.source(wanted.title), own=True
        )
        self._open_video(video.id)

    async def open_sample(self, title: str) -> Video | None:
        """Install the samples if need be and open the one called ``title``; return it."""
        project = await self._samples.install()
        page = await self._library.search(SearchQuery(project_id=project.id, order="title"))
        same = [video for video in page.videos if video.title == title]
        found = next(iter(same or list(page.videos)), None)
        if found is not None:
            self._open_video(found.id)
        return found
