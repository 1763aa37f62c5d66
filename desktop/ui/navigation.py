"""The pages of the window: each is built when it is shown the first time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page that can be shown."""

    id: str
    title: str
    build: Callable[[], QWidget]
    """Makes the page; heavy imports belong in here, so that the window opens at once."""
    glyph: str = ""
    keys: str = ""
    in_rail: bool = True
    at_end: bool = False
    """At the bottom of the rail."""


@runtime_checkable
class VideoPage(Protocol):
    """A page that shows one video."""

    @property
    def video_id(self) -> str:
        """Id of the video that is shown; empty when there is none."""

    def open_video(self, video_id: str) -> None:
        """Show a video instead of the one shown now."""


@runtime_checkable
class SavingPage(Protocol):
    """A page with work that must not be lost."""

    async def save(self) -> None:
        """Save what is not saved yet; raises when that is not possible."""


@runtime_checkable
class FinishingPage(Protocol):
    """A page that has something to bring to an end before the window closes."""

    async def finish(self) -> None:
        """End what runs; the window waits a few seconds for it and closes in any case."""


@runtime_checkable
class FilesPage(Protocol):
    """A page that does something of its own with files dropped on it: it uploads them."""

    def take_files(self, paths: list[Path]) -> None:
        """Take over files and folders that were dropped on the page."""


@runtime_checkable
class EnvironmentPage(Protocol):
    """A page that shows the state of this computer."""

    def show_environment(self) -> None:
        """Bring the state of this computer into view."""


class Pages(QStackedWidget):
    """Shows one page at a time."""

    turned = Signal(str)
    """Id of the page that is shown now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, PageEntry] = {}
        self._built: dict[str, QWidget] = {}
        self.current_id = ""

    def add(self, entry: PageEntry) -> None:
        """Make a page known."""
        self._entries[entry.id] = entry

    def entries(self) -> tuple[PageEntry, ...]:
        """Return all known pages in order."""
        return tuple(self._entries.values())

    def __contains__(self, page_id: object) -> bool:
        return page_id in self._entries

    def page(self, page_id: str) -> QWidget:
        """Return a page, built now if need be; raises KeyError for an unknown id."""
        if page_id not in self._built:
            page = self._entries[page_id].build()
            self._built[page_id] = page
            self.addWidget(page)
        return self._built[page_id]

    def show_page(self, page_id: str) -> QWidget:
        """Turn to a page; raises KeyError for an unknown id."""
        page = self.page(page_id)
        self.current_id = page_id
        self.setCurrentWidget(page)
        self.turned.emit(page_id)
        return page

    def title(self) -> str:
        """Return the title of the page that is shown."""
        return self._entries[self.current_id].title if self.current_id else ""

    def built(self) -> tuple[QWidget, ...]:
        """Return the pages built so far."""
        return tuple(self._built.values())
