"""The sample project: real storyboards to look at, change and render."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from desktop.config.paths import resource_dir
from desktop.domain.library import Project, SearchQuery, Video
from desktop.services.importing import ImportService
from desktop.services.library import LibraryService

TITLE = "Samples"


@dataclass(frozen=True, slots=True)
class Sample:
    """One shipped storyboard."""

    name: str
    folder: Path

    @property
    def storyboard(self) -> Path:
        """Its text."""
        return self.folder / "storyboard.md"


def shipped_samples() -> tuple[Sample, ...]:
    """Return the shipped samples by name."""
    folders = sorted((resource_dir() / "samples").glob("*/storyboard.md"))
    return tuple(Sample(path.parent.name, path.parent) for path in folders)


class SampleService:
    """Puts the samples into the library."""

    def __init__(self, library: LibraryService, importing: ImportService) -> None:
        self._library = library
        self._importing = importing

    async def install(self) -> Project:
        """Make the sample project, or return the one that is there already."""
        for project in await self._library.projects():
            if project.title == TITLE:
                return project
        plan = await self._importing.plan([sample.storyboard for sample in shipped_samples()])
        project = await self._library.create_project(
            TITLE, "Five short videos to look at, change and render."
        )
        await self._importing.carry_out(plan, project.id)
        return project

    async def videos(self) -> tuple[Video, ...]:
        """Return the videos of the sample project, made if need be."""
        project = await self.install()
        page = await self._library.search(SearchQuery(project_id=project.id, order="title"))
        return page.videos

    async def text(self, name: str) -> str:
        """Return the storyboard of one shipped sample."""
        for sample in shipped_samples():
            if sample.name == name:
                return await asyncio.to_thread(sample.storyboard.read_text, encoding="utf-8")
        raise KeyError(name)
