"""Taking a video out of the library: asks where to, writes, says when it is done."""

from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.library import SourceKind, Video
from desktop.services.exporting import ExportService
from desktop.ui import dialogs
from desktop.ui.pages.library.acts import LibraryActs

UNSAFE = '<>:"/\\|?*'


@dataclass(frozen=True, slots=True)
class ExportActs:
    """Writes the newest version of a video where the person says."""

    page: QWidget
    exporting: ExportService
    acts: LibraryActs

    def fill(self, menu: QMenu, video: Video) -> None:
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
                lambda *_, write=write: self.acts.start(write(video), "export")
            )

    async def film(self, video: Video) -> None:
        """Copy the video file."""
        suffix = Path(self.acts.library.files(video.id, video.latest_version).video).suffix
        suffix = suffix or ".mp4"
        target = await dialogs.choose_target(
            self.page, "Export video", file_name(video, suffix), f"Video (*{suffix})"
        )
        if target is not None:
            await self._write(self.exporting.mp4(video.id, target))

    async def gif(self, video: Video) -> None:
        """Write a GIF."""
        target = await dialogs.choose_target(
            self.page, "Export GIF", file_name(video, ".gif"), "GIF (*.gif)"
        )
        if target is not None:
            self.acts.shell.notify("Writing the GIF…")
            await self._write(self.exporting.gif(video.id, target))

    async def stills(self, video: Video) -> None:
        """Write one picture of each scene into a folder."""
        folder = await dialogs.choose_folder(self.page, "Export stills to")
        if folder is not None:
            target = folder / f"{file_name(video, '')} stills"
            await self._write(self.exporting.scene_stills(video.id, target))

    async def folder(self, video: Video) -> None:
        """Write a project that plain Manim renders."""
        folder = await dialogs.choose_folder(self.page, "Export the Manim project to")
        if folder is not None:
            target = folder / file_name(video, "")
            await self._write(self.exporting.folder(video.id, target))

    async def _write(self, writing: Awaitable[Path]) -> None:
        path = await writing
        self.acts.shell.notify(f"Exported {path.name} to {path.parent}")


def file_name(video: Video, suffix: str) -> str:
    """Return a title as a file name every system accepts."""
    safe = "".join(" " if letter in UNSAFE or letter < " " else letter for letter in video.title)
    return (" ".join(safe.split()).strip(". ")[:80] or "Video") + suffix
