"""The way of files into the library: plan, preview, import, undo."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import InvalidInput
from desktop.services.importing import ImportService
from desktop.services.library import LibraryService
from desktop.services.undo import Undo
from desktop.services.values import ImportResult
from desktop.ui import dialogs
from desktop.ui.import_preview import ImportPreview
from desktop.ui.shell import Shell

PATTERNS = (
    "Everything Proofreel can use (*.md *.markdown *.py *.mp4 *.mov *.mkv *.webm *.m4v *.avi);;"
    "Storyboards (*.md *.markdown);;Manim files (*.py);;"
    "Videos (*.mp4 *.mov *.mkv *.webm *.m4v *.avi)"
)


class ImportFlow(QObject):
    """Leads the person through an import."""

    imported = Signal(object)
    """Carries the ``ImportResult``."""

    def __init__(
        self, window: QWidget, shell: Shell, importing: ImportService, library: LibraryService
    ) -> None:
        super().__init__(window)
        self._window = window
        self._shell = shell
        self._importing = importing
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

        Raises InvalidInput when there is nothing among them that can be imported.
        """
        plan = await self._importing.plan(paths)
        if not plan.items:
            raise InvalidInput(
                "There is nothing to import",
                f"No storyboard, Manim file or video was found in {_names(paths)}.",
                "Drop .md or .py files, videos, or folders that contain them.",
            )
        preview = ImportPreview(self._window, plan, await self._library.projects())
        if not await dialogs.finished(preview):
            return
        result = await self._importing.carry_out(preview.plan(), preview.project_id())
        self._tell(result)
        self.imported.emit(result)

    def _tell(self, result: ImportResult) -> None:
        self._shell.show_undo(Undo(result.undo_label, result.revert))
        if result.failures:
            error = InvalidInput(
                "Some files could not be imported",
                "\n".join(result.failures),
                "The others are in the library.",
            )
            self._shell.present_error(error)


def _names(paths: Sequence[Path]) -> str:
    names = [path.name for path in paths[:3]]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
