"""What can be done in the editor from the keyboard; menus, palette and key sheet list it."""

from functools import partial
from typing import Protocol

from desktop.ui.actions import Action


class Editing(Protocol):
    """The editor as its actions see it."""

    def open_find(self) -> None:
        """Open the bar to find."""

    def open_replace(self) -> None:
        """Open the bar to replace."""

    def find_next(self, direction: int) -> None:
        """Select the next or previous match."""

    def go_to_problem(self, direction: int) -> None:
        """Go to the next or previous problem."""

    def toggle_comment(self) -> None:
        """Comment lines out, or in again."""

    def resize_text(self, steps: int) -> None:
        """Make the text larger or smaller; 0 gives back the usual size."""


def editor_actions(editor: Editing) -> tuple[Action, ...]:
    """Return every action of an editor."""
    return (*_finding(editor), *_reading(editor))


def _finding(editor: Editing) -> tuple[Action, ...]:
    step = editor.find_next
    return (
        Action(
            "editor.find", "Find…", editor.open_find, "Ctrl+F", "magnifying-glass", "Edit", "search"
        ),
        Action("editor.find_next", "Find next", partial(step, 1), "F3", menu="Edit"),
        Action("editor.find_previous", "Find previous", partial(step, -1), "Shift+F3", menu="Edit"),
        Action(
            "editor.replace",
            "Replace…",
            editor.open_replace,
            "Ctrl+H",
            menu="Edit",
            hint="substitute change",
        ),
    )


def _reading(editor: Editing) -> tuple[Action, ...]:
    problem, resize = editor.go_to_problem, editor.resize_text
    return (
        Action(
            "editor.next_problem",
            "Next problem",
            partial(problem, 1),
            "F8",
            "warning-circle",
            "Edit",
            "error warning mistake",
        ),
        Action(
            "editor.previous_problem",
            "Previous problem",
            partial(problem, -1),
            "Shift+F8",
            "",
            "Edit",
        ),
        Action("editor.comment", "Comment out or in", editor.toggle_comment, "Ctrl+/", "", "Edit"),
        Action(
            "editor.larger", "Larger text", partial(resize, 1), ("Ctrl+=", "Ctrl++"), "", "Edit"
        ),
        Action("editor.smaller", "Smaller text", partial(resize, -1), "Ctrl+-", "", "Edit"),
        Action("editor.usual_size", "Usual text size", partial(resize, 0), "Ctrl+0", "", "Edit"),
    )
