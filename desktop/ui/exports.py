"""Taking a video out of the library: asks where to, writes, says when it is done."""

from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.library import SourceKind, Video
from desktop.services.exporting import ExportService
from desktop.services.library import LibraryService
from desktop.ui import dialogs, tasks
from desktop.ui.shell import Shell

UNSAFE = '<>:"/\\|?*'


@dataclass(frozen=True, slots=True)
class ExportActs:
    """Writes a version of a video, the newest unless one is named, where the person says."""

    page: QWidget
    exporting: ExportService
    library: LibraryService
    shell: Shell

    def fill(self, menu: QMenu, video: Video, number: int | None = None) -> None:
        """Put the forms a video can be exported in into a menu."""
        rendered = video.latest_version > 0
        code = video.kind is not SourceKind.FOOTAGE
        forms = (
            ("Video file…", self.film, rendered),
            ("GIF…", self.gif, rendered),
            ("A still of each scene…", self.stills, rendered and code),
            ("Manim project folder…", self.folder, code),
        )
        for text, write, possible in forms:
            action = menu.addAction(text)
            action.setEnabled(possible)
            if not possible and not rendered:
                action.setToolTip("Render the video first")
            action.triggered.connect(
                lambda *_, write=write: tasks.start(
                    self.page,
                    write(video, number),
                    "export",
                    on_error=self.shell.present_error,
                )
            )

    async def film(self, video: Video, number: int | None = None) -> None:
        """Copy the video file."""
        files = self.library.files(video.id, number or video.latest_version)
        suffix = Path(files.video).suffix or ".mp4"
        target = await dialogs.choose_target(
            self.page, "Export video", file_name(video, suffix, number), f"Video (*{suffix})"
        )
        if target is not None:
            await self._write(self.exporting.mp4(video.id, target, number))

    async def gif(self, video: Video, number: int | None = None) -> None:
        """Write a GIF."""
        target = await dialogs.choose_target(
            self.page, "Export GIF", file_name(video, ".gif", number), "GIF (*.gif)"
        )
        if target is not None:
            self.shell.notify("Writing the GIF…")
            await self._write(self.exporting.gif(video.id, target, number=number))

    async def stills(self, video: Video, number: int | None = None) -> None:
        """Write one picture of each scene into a folder."""
        folder = await dialogs.choose_folder(self.page, "Export stills to")
        if folder is not None:
            target = folder / f"{file_name(video, '', number)} stills"
            await self._write(self.exporting.scene_stills(video.id, target, number))

    async def folder(self, video: Video, number: int | None = None) -> None:
        """Write a project that plain Manim renders: of a version, or of the text as it is now."""
        folder = await dialogs.choose_folder(self.page, "Export the Manim project to")
        if folder is not None:
            target = folder / file_name(video, "", number)
            await self._write(self.exporting.folder(video.id, target, number))

    async def _write(self, writing: Awaitable[Path]) -> None:
        path = await writing
        self.shell.notify(f"Exported {path.name} to {path.parent}")


def file_name(video: Video, suffix: str, number: int | None = None) -> str:
    """Return a title as a file name every system accepts; ``number`` names a version in it."""
    safe = "".join(" " if letter in UNSAFE or letter < " " else letter for letter in video.title)
    title = " ".join(safe.split()).strip(". ")[:80] or "Video"
    return title + (f" version {number}" if number else "") + suffix
