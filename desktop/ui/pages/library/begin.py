"""What an empty library offers to begin with."""

from dataclasses import dataclass

from desktop.services.samples import SampleService
from desktop.ui.importing import ImportFlow
from desktop.ui.models.projects import PROJECT
from desktop.ui.pages.library.acts import LibraryActs
from desktop.ui.pages.library.browsing import Browsing
from desktop.ui.pages.library.places import PlaceList
from desktop.ui.starting import StartFlow


@dataclass(frozen=True, slots=True)
class Begin:
    """Makes or brings videos into the place that is shown."""

    acts: LibraryActs
    browsing: Browsing
    left: PlaceList
    starts: StartFlow
    imports: ImportFlow
    samples: SampleService

    def new_video(self) -> None:
        """Make a video, in the chosen project if there is one."""
        project_id = self.left.place.project_id or None
        self.acts.start(self.starts.new_video(project_id), "new video")

    def bring(self) -> None:
        """Choose files and import them."""
        self.acts.start(self.imports.choose_files(), "import files")

    def open_samples(self) -> None:
        """Put the samples into the library and show them."""
        self.acts.start(self._open_samples(), "open the samples")

    async def _open_samples(self) -> None:
        project = await self.samples.install()
        await self.browsing.read_places()
        self.left.choose(PROJECT, project.id)
