"""What the window offers to its pages."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import StudioError
from desktop.services.undo import Undo
from desktop.ui.actions import Action
from desktop.ui.bridge import EventBridge
from desktop.ui.theme import Theme


class Shell(Protocol):
    """The window as its pages see it; ``main_window.MainWindow`` is the real one."""

    @property
    def bridge(self) -> EventBridge:
        """Events of the core as signals."""

    @property
    def theme(self) -> Theme:
        """Colours and sizes; ``theme.changed`` tells when they change."""

    def show_undo(self, undo: Undo) -> None:
        """Say what was done and offer the way back, as a notice and on Ctrl+Z."""

    def present_error(
        self,
        error: Exception,
        *,
        button: str = "",
        act: Callable[[], object] | None = None,
    ) -> None:
        """Show an error; ``button`` names and ``act`` does what helps, such as "Retry"."""

    def settle_error(self, error: StudioError) -> None:
        """Take back what was shown about an error that is over."""

    def notify(self, text: str) -> None:
        """Say something for a few seconds; nothing needs to be done about it."""

    def register_actions(self, owner: QWidget, actions: Sequence[Action]) -> dict[str, QAction]:
        """Put actions into menus, palette and key sheet while ``owner`` is visible."""

    def open_video(self, video_id: str) -> None:
        """Show a video in the studio."""

    def set_status(self, text: str) -> None:
        """Show where the open text stands ("Saved") in the status bar; empty clears it."""
