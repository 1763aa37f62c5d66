"""The way of files into the library: plan, preview, import, undo."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import InvalidInput
from desktop.services.consent import ConsentService
from desktop.services.importing import ImportService
from desktop.services.library import LibraryService
from desktop.services.undo import Undo
from desktop.services.values import ImportResult
from desktop.ui import consent, dialogs
from desktop.ui.import_preview import ImportPreview
from desktop.ui.shell import Shell

PATTERNS = (
    "Everything Proofreel can use (*.md *.markdown *.py *.mp4 *.mov *.mkv *.webm *.m4v *.avi);;"
    "Storyboards (*.md *.markdown);;Manim files (*.py);;"
    "Videos (*.mp4 *.mov *.mkv *.webm *.m4v *.avi)"
)


MOMENT = 0.5
"""Seconds after which a person wants to know what is going on."""

T = TypeVar("T")


class ImportFlow(QObject):
    """Leads the person through an import."""

    imported = Signal(object)
    """Carries the ``ImportResult``."""

    def __init__(
        self,
        window: QWidget,
        shell: Shell,
        importing: ImportService,
        consent: ConsentService,
        library: LibraryService,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._shell = shell
        self._importing = importing
        self._consent = consent
        self._library = library

    async def choose_files(self) -> None:
        """Let the person choose files, then go on as if they had been dropped."""
        paths = await dialogs.choose_files(self._window, "Import files", PATTERNS)
        if paths:
            await self.take(paths)

    async def choose_folder(self) -> None:
        """Let the person choose a folder, then go on as if it had been dropped."""
        folder = await dialogs.choose_folder(self._window, "Import a folder")
        if folder is not None:
            await self.take((folder,))

    async def take(self, paths: Sequence[Path]) -> None:
        """Show what would happen with ``paths`` and do what the person accepts.

        Raises InvalidInput when there is nothing among them that can be imported, and when
        every file failed.
        """
        plan = await self._patiently(self._importing.plan(paths), "Looking at the files…")
        if not plan.items:
            raise InvalidInput(
                "There is nothing to import",
                f"No storyboard, Manim file or video was found in {_names(paths)}.",
                "Drop .md or .py files, videos, or folders that contain them.",
            )
        preview = ImportPreview(self._window, plan, await self._library.projects())
        if not await dialogs.finished(preview):
            return
        work = self._importing.carry_out(preview.plan(), preview.project_id())
        result = await self._patiently(work, "Importing…")
        if result.video_ids:
            self._tell(result)
            await self._ask_at_once(result)
        else:
            await self._give_up(result)

    def _tell(self, result: ImportResult) -> None:
        self._shell.show_undo(Undo(result.undo_label, result.revert))
        if result.failures:
            error = InvalidInput(
                "Some files could not be imported",
                "\n".join(result.failures),
                "The others are in the library.",
            )
            self._shell.present_error(error)
        self.imported.emit(result)

    async def _ask_at_once(self, result: ImportResult) -> None:
        """Ask about the code of several videos in one question; a single one asks when rendered."""
        if len(result.video_ids) < 2:
            return
        question = await self._consent.needed(*result.video_ids)
        if question is not None and len(question.videos) > 1:
            await consent.ask(self._window, self._consent, question, "Allow all")

    async def _give_up(self, result: ImportResult) -> None:
        """Leave no empty project behind when every file failed after all."""
        await result.revert()
        raise InvalidInput(
            "Nothing could be imported",
            "\n".join(result.failures),
            "Check that the files can be opened, then import them again.",
        )

    async def _patiently(self, work: Coroutine[Any, Any, T], words: str) -> T:
        """Say what is going on when it takes longer than a moment."""
        late = asyncio.get_running_loop().call_later(MOMENT, self._shell.notify, words)
        try:
            return await work
        finally:
            late.cancel()


def _names(paths: Sequence[Path]) -> str:
    names = [path.name for path in paths[:3]]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
