"""The way of files to a destination: look at them, ask where to, queue them, say so."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget
from ulid import ULID

from desktop.domain.errors import NotFound
from desktop.domain.library import Video
from desktop.domain.object_keys import video_key
from desktop.domain.transfers import Destination
from desktop.services.gathering import GatheredFile, Gathering, nothing_to_upload
from desktop.services.transfers import TransferService
from desktop.ui import dialogs, tasks
from desktop.ui.models.transfers_text import count
from desktop.ui.pages.publish.destination_sheet import edit_destination
from desktop.ui.pages.publish.upload_sheet import UploadChoice, UploadSheet
from desktop.ui.shell import Shell

PATTERNS = "Videos (*.mp4 *.mov *.mkv *.webm *.m4v *.avi);;Every file (*)"


class UploadFlow(QObject):
    """Leads the person through an upload; without a destination it begins with one."""

    destination_made = Signal(object)
    """Carries the ``Destination``."""

    def __init__(self, window: QWidget, transfers: TransferService, shell: Shell) -> None:
        super().__init__(window)
        self._window = window
        self._transfers = transfers
        self._shell = shell
        self.last = ""
        """Id of the destination that was used last."""

    def fill(self, menu: QMenu, video: Video, path: str, number: int | None = None) -> None:
        """Put the upload of a version, the newest unless one is named, into a menu.

        ``path`` is its film; a video that was never rendered has none.
        """
        action = menu.addAction("Upload…")
        action.setEnabled(bool(path))
        if not path:
            action.setToolTip("Render the video first")
        work = partial(self.take_version, video, number or video.latest_version, Path(path))
        action.triggered.connect(
            lambda *_: tasks.start(
                self, work(), "upload a version", on_error=self._shell.present_error
            )
        )

    async def choose_files(self) -> None:
        """Let the person choose files, then go on as if they had been dropped."""
        paths = await dialogs.choose_files(self._window, "Upload files", PATTERNS)
        if paths:
            await self.take(paths)

    async def take(self, paths: Sequence[Path]) -> None:
        """Ask where files and folders go and queue them; raises InvalidInput for none."""
        found = await self._transfers.gather(paths)
        if not found.files:
            raise nothing_to_upload(found)
        choice = await self._ask(found)
        if choice is not None:
            ids = await self._transfers.upload_gathered(
                found.below(choice.prefix), choice.destination.id, replace=choice.replace
            )
            self._tell(len(ids), choice)

    async def take_version(self, video: Video, number: int, path: Path) -> None:
        """Ask where a version goes and queue its film and code under their own names there."""
        key = video_key(video.project_id, video.id, number)
        amount = await asyncio.to_thread(_size, path)
        found = Gathering((GatheredFile(path, key, amount),))
        choice = await self._ask(found, fixed=True)
        if choice is not None:
            ids = await self._transfers.upload_version(
                video.id, number, choice.destination.id, replace=choice.replace
            )
            self._tell(len(ids), choice)

    async def _ask(self, found: Gathering, *, fixed: bool = False) -> UploadChoice | None:
        destinations = await self._destinations()
        if not destinations:
            return None
        sheet = UploadSheet(self._window, found, destinations, fixed=fixed)
        sheet.choose(self.last)
        if not await dialogs.finished(sheet):
            return None
        choice = sheet.choice()
        self.last = choice.destination.id
        return choice

    async def _destinations(self) -> Sequence[Destination]:
        """Return where things can go; the first time somebody has to say so."""
        known = await self._transfers.destinations()
        if known:
            return known
        made = await self.add_destination()
        return (made,) if made is not None else ()

    async def add_destination(self) -> Destination | None:
        """Let the person set up another destination; None when they give up."""
        empty = Destination(id=str(ULID()), name="", bucket="")
        made = await edit_destination(self._window, self._transfers, empty, known=False)
        if made is not None:
            self.destination_made.emit(made)
        return made

    def _tell(self, number: int, choice: UploadChoice) -> None:
        self._shell.notify(f"{count(number, 'file')} queued for {choice.destination.name}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise NotFound(
            "The film of this version is gone", f"{path}: {error.strerror}.", "Render it again."
        ) from error
