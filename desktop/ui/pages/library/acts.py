"""What can be done with videos and projects; whatever takes something away offers the way back."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.domain.library import Project, Video
from desktop.services.library import LibraryService
from desktop.services.undo import Undo
from desktop.ui import dialogs, tasks
from desktop.ui.models.videos_text import count
from desktop.ui.shell import Shell

Work = Coroutine[Any, Any, object]


@dataclass(frozen=True, slots=True)
class LibraryActs:
    """Carries out what menus, keys and buttons of the library page ask for."""

    page: QWidget
    library: LibraryService
    shell: Shell

    def start(self, work: Work, name: str) -> None:
        """Carry ``work`` out; its errors are shown."""
        tasks.start(self.page, work, name, on_error=self.shell.present_error)

    # Videos

    async def trash(self, video_ids: Sequence[str]) -> None:
        """Put videos into the trash."""
        if video_ids:
            self.shell.show_undo(await self.library.trash_videos(video_ids))

    async def restore(self, video_ids: Sequence[str]) -> None:
        """Take videos out of the trash."""
        if not video_ids:
            return
        await self.library.restore_videos(video_ids)

        async def revert() -> None:
            await self.library.trash_videos(video_ids)

        self.shell.show_undo(Undo(f"Restored {count(len(video_ids))}", revert))

    async def delete(self, video_ids: Sequence[str]) -> None:
        """Ask, then delete videos of the trash for good."""
        if not video_ids:
            return
        many = count(len(video_ids))
        if await self._sure(f"Delete {many} for good?", f"Delete {many}"):
            self.shell.notify(f"Deleted {count(await self.library.delete_videos(video_ids))}")

    async def empty_trash(self, videos: int, projects: int) -> None:
        """Ask, then delete everything in the trash for good."""
        content = [count(videos)] if videos else []
        if projects:
            content.append("1 project" if projects == 1 else f"{projects} projects")
        if content and await self._sure(
            f"Delete {' and '.join(content)} for good?", "Empty the trash"
        ):
            await self.library.empty_trash()
            self.shell.notify(f"The trash is empty: deleted {' and '.join(content)}")

    async def _sure(self, title: str, accept: str) -> bool:
        text = (
            "Their texts, pictures and every version are deleted from this computer. "
            "This cannot be undone."
        )
        return await dialogs.confirm(self.page, title, text, accept, danger=True)

    async def move(self, video_ids: Sequence[str], project_id: str, title: str) -> None:
        """Move videos to a project; those that are there already stay."""
        undos = []
        for video_id in video_ids:
            video = await self.library.video(video_id)
            if video.project_id != project_id:
                undos.append(await self.library.edit_video(video_id, project_id=project_id))
        if undos:
            label = f"Moved {count(len(undos))} to “{title}”"
            self.shell.show_undo(Undo(label, _all_of(undos)))

    async def duplicate(self, video_ids: Sequence[str]) -> tuple[Video, ...]:
        """Copy videos without their versions; return the copies."""
        copies = [await self.library.duplicate_video(video_id) for video_id in video_ids]
        if copies:
            ids = [copy.id for copy in copies]

            async def revert() -> None:
                await self.library.trash_videos(ids)

            self.shell.show_undo(Undo(f"Duplicated {count(len(ids))}", revert))
        return tuple(copies)

    async def edit(self, video_id: str, **changes: Any) -> None:  # noqa: ANN401 - fields of a video
        """Change title, description or tags of a video."""
        self.shell.show_undo(await self.library.edit_video(video_id, **changes))

    # Projects

    async def new_project(self) -> Project | None:
        """Ask for a title and make a project."""
        title = await dialogs.ask_text(
            self.page, "New project", "Title of the project", accept="Create project"
        )
        return await self.library.create_project(title) if title else None

    async def rename_project(self, project_id: str) -> None:
        """Ask for another title of a project."""
        project = await self.library.project(project_id)
        title = await dialogs.ask_text(
            self.page, "Rename project", "Title of the project", project.title, "Rename"
        )
        if title and title != project.title:
            self.shell.show_undo(await self.library.rename_project(project_id, title))

    async def trash_project(self, project_id: str) -> None:
        """Put a project with its videos into the trash."""
        self.shell.show_undo(await self.library.trash_project(project_id))

    async def restore_project(self, project_id: str, title: str) -> None:
        """Take a project out of the trash with the videos that went in with it."""
        await self.library.restore_project(project_id)

        async def revert() -> None:
            await self.library.trash_project(project_id)

        self.shell.show_undo(Undo(f"Restored the project “{title}”", revert))


def _all_of(undos: Sequence[Undo]) -> Callable[[], Coroutine[Any, Any, None]]:
    async def revert() -> None:
        for undo in reversed(undos):
            await undo.revert()

    return revert
