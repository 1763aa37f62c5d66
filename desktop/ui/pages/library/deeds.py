"""The actions of the library page as menus, palette and key sheet know them."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop.ui.actions import Action

Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the page does for each action."""

    search: Act
    show_grid: Act
    show_list: Act
    details: Act
    open: Act
    rename: Act
    duplicate: Act
    move: Act
    export: Act
    trash: Act
    restore: Act
    delete: Act
    empty_trash: Act
    new_project: Act
    rename_project: Act
    trash_project: Act
    clear: Act
    show_all: Act
    show_trash: Act


def actions(do: Deeds) -> tuple[Action, ...]:
    """Declare every action of the page, in the order of the menus."""
    return (*_finding(do), *_videos(do), *_projects(do))


def _finding(do: Deeds) -> tuple[Action, ...]:
    return (
        Action("library.search", "Search the library", do.search, ("Ctrl+F", "Ctrl+L"),
               "magnifying-glass", "Edit", "find filter"),
        Action("library.clear_filters", "Clear filters", do.clear, (), "funnel", "Edit",
               "reset search"),
        Action("library.grid", "Show posters", do.show_grid, "Ctrl+1", "squares-four", "View",
               "grid wall thumbnails", checkable=True),
        Action("library.list", "Show a table", do.show_list, "Ctrl+2", "rows", "View",
               "list rows columns", checkable=True),
        Action("library.details", "Show details", do.details, "Ctrl+I", "info", "View",
               "inspector info sidebar", checkable=True),
        Action("library.show_all", "Show all videos", do.show_all, (), "stack", "View"),
        Action("library.show_trash", "Show the trash", do.show_trash, (), "trash", "View",
               "deleted bin"),
    )  # fmt: skip


def _videos(do: Deeds) -> tuple[Action, ...]:
    return (
        Action("library.open", "Open in studio", do.open, (), "monitor-play", "Video", "edit"),
        Action("library.export", "Export…", do.export, "Ctrl+E", "export", "Video",
               "mp4 gif stills manim save"),
        Action("library.rename", "Rename", do.rename, "F2", "pencil-simple", "Video", "title"),
        Action("library.duplicate", "Duplicate", do.duplicate, "Ctrl+D", "copy", "Video", "copy"),
        Action("library.move", "Move to project…", do.move, "Ctrl+M", "folder-simple", "Video"),
        Action("library.trash", "Move to trash", do.trash, "Del", "trash", "Video",
               "delete remove"),
        Action("library.restore", "Restore from trash", do.restore, (),
               "arrow-counter-clockwise", "Video", "undelete"),
        Action("library.delete", "Delete for good…", do.delete, (), "trash", "Video", "purge"),
    )  # fmt: skip


def _projects(do: Deeds) -> tuple[Action, ...]:
    return (
        Action("library.new_project", "New project…", do.new_project, "Ctrl+Shift+N",
               "folder-plus", "File", "folder create"),
        Action("library.rename_project", "Rename project…", do.rename_project, (),
               "pencil-simple", "File", "folder title"),
        Action("library.trash_project", "Move project to trash", do.trash_project, (), "trash",
               "File", "folder delete remove"),
        Action("library.empty_trash", "Empty trash…", do.empty_trash, (), "trash", "File",
               "delete purge"),
    )  # fmt: skip
