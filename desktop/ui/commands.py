"""What can be done anywhere in the window, whichever page is open."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from desktop.ui import tasks
from desktop.ui.about import About
from desktop.ui.actions import Action, ActionRegistry
from desktop.ui.dialogs import Sheet
from desktop.ui.importing import ImportFlow
from desktop.ui.keysheet import KeySheet
from desktop.ui.navigation import EnvironmentPage, Pages
from desktop.ui.palette import CommandPalette
from desktop.ui.preferences import Preferences
from desktop.ui.starting import StartFlow
from desktop.ui.undo import UndoHistory

Work = Callable[[], Coroutine[Any, Any, None]]

THEMES = (("light", "light", "sun"), ("dark", "dark", "moon"), ("system", "system", "desktop"))


class Commands(QObject):
    """Declares the window's own actions and carries them out."""

    def __init__(self, window: QMainWindow, registry: ActionRegistry, pages: Pages) -> None:
        super().__init__(window)
        self._window = window
        self._registry = registry
        self._pages = pages

    def register(
        self,
        starts: StartFlow,
        imports: ImportFlow,
        undo: UndoHistory,
        palette: CommandPalette,
        preferences: Preferences,
    ) -> None:
        """Add every action to the registry, in the order of the menus."""
        actions = [
            *self._files(starts, imports),
            Action(
                "edit.undo", "Undo", undo.undo_latest, "Ctrl+Z", "arrow-counter-clockwise",
                "Edit", "take back revert restore",
            ),
            *self._views(palette, preferences),
            *self._help(),
        ]  # fmt: skip
        self._registry.add(self._window, actions)

    def _files(self, starts: StartFlow, imports: ImportFlow) -> list[Action]:
        return [
            Action(
                "file.new", "New video…", self._begin(starts.new_video, "new video"), "Ctrl+N",
                "plus", "File", "create start storyboard",
            ),
            Action(
                "file.import", "Import files…", self._begin(imports.choose_files, "import files"),
                "Ctrl+O", "download-simple", "File", "open add storyboard manim mp4",
            ),
            Action(
                "file.import_folder", "Import a folder…",
                self._begin(imports.choose_folder, "import a folder"), "Ctrl+Shift+O",
                "folder-plus", "File", "open add project",
            ),
            Action(
                "file.quit", "Quit", self._window.close, "Ctrl+Q", "sign-out", "File",
                "exit close",
            ),
        ]  # fmt: skip

    def _views(self, palette: CommandPalette, preferences: Preferences) -> list[Action]:
        turn = [
            Action(
                f"view.{page.id}", page.title, partial(self._pages.show_page, page.id),
                page.keys, page.glyph, "View", "go to page workspace",
            )
            for page in self._pages.entries()
            if page.in_rail
        ]  # fmt: skip
        schemes = [
            Action(
                f"view.theme_{choice}", f"Use the {name} theme",
                partial(preferences.change, "appearance", "theme", choice), (), glyph, "View",
                "colours appearance mode",
            )
            for choice, name, glyph in THEMES
        ]  # fmt: skip
        return [
            *turn,
            Action(
                "view.palette", "Command palette…", palette.open, ("Ctrl+K", "Ctrl+Shift+P"),
                "magnifying-glass", "View", "search find",
            ),
            Action(
                "view.full", "Full screen", self._toggle_full_screen, "F11", "corners-out", "View"
            ),
            *schemes,
        ]  # fmt: skip

    def _help(self) -> list[Action]:
        return [
            Action(
                "help.keys", "Keyboard shortcuts", self._show_keys, "?", "keyboard", "Help", "keys"
            ),
            Action(
                "help.welcome", "Welcome and samples", partial(self._pages.show_page, "welcome"),
                (), "house", "Help", "start tutorial",
            ),
            Action(
                "help.environment", "Check this computer", self.show_environment, (),
                "heartbeat", "Help", "doctor diagnose isolation",
            ),
            Action(
                "help.about", "About Proofreel", self._show_about, (), "info", "Help", "version"
            ),
        ]  # fmt: skip

    def _begin(self, work: Work, name: str) -> Callable[[], object]:
        return lambda: tasks.start(self, work(), name)

    def _toggle_full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def _show_keys(self) -> None:
        self._open(KeySheet(self._window, self._registry))

    def _show_about(self) -> None:
        self._open(About(self._window))

    def show_environment(self) -> None:
        """Show what this computer can do."""
        page = self._pages.show_page("settings")
        if isinstance(page, EnvironmentPage):
            page.show_environment()

    def _open(self, dialog: Sheet) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
