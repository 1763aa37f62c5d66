"""The library page: every video of this computer, found in a moment and put in order."""

from desktop.ui.pages.library.page import LibraryPage

__all__ = ["LibraryPage"]
