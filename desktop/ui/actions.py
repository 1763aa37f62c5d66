"""One registry of everything a person can do: menus, palette and key sheet are made from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.ui.icons import icon

MENUS = ("File", "Edit", "View", "Video", "Transfers", "Help")
"""Menus in the order of the menu bar."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do, as it is declared by whoever carries it out."""

    id: str
    """Stable name, ``place.verb``: "studio.render_draft"."""
    text: str
    """What it does, in the imperative: "Render draft"."""
    run: Callable[[], object]
    """Carries it out; a coroutine is started by the caller with ``tasks.start``."""
    shortcut: str | tuple[str, ...] = ()
    """Portable key names ("Ctrl+Return"); works while the owner is visible.

    Text fields keep single keys and their own editing keys for themselves.
    """
    icon: str = ""
    """Name as in ``icons.icon``."""
    menu: str = ""
    """One of ``MENUS``; empty keeps it out of the menu bar, it is still in the palette."""
    hint: str = ""
    """Further words the palette finds it by."""
    checkable: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """All shortcuts as a tuple."""
        return (self.shortcut,) if isinstance(self.shortcut, str) else self.shortcut


class ActionRegistry(QObject):
    """All actions of the window, by id."""

    changed = Signal()
    """Actions were added or have gone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._declared: dict[str, Action] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, owner: QWidget, declared: Sequence[Action]) -> dict[str, QAction]:
        """Make ``declared`` available while ``owner`` is visible; returns Qt's action by id.

        The owner enables, disables and checks the returned actions. Raises ValueError when an
        id is taken by a living action.
        """
        made = {action.id: self._make(owner, action) for action in declared}
        self.changed.emit()
        return made

    def _make(self, owner: QWidget, declared: Action) -> QAction:
        if declared.id in self._actions:
            raise ValueError(f"The action {declared.id} exists already.")
        action = QAction(declared.text, owner)
        action.setObjectName(declared.id)
        action.setCheckable(declared.checkable)
        if declared.icon:
            action.setIcon(icon(declared.icon))
        if declared.keys and declared.keys[0]:
            action.setShortcuts([QKeySequence(key) for key in declared.keys])
        # Qt's window shortcuts fire only while the widget that holds them is visible.
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda *_: declared.run())
        owner.addAction(action)
        self._declared[declared.id] = declared
        self._actions[declared.id] = action
        action.destroyed.connect(lambda: self._forget(declared.id))
        return action

    def _forget(self, action_id: str) -> None:
        self._declared.pop(action_id, None)
        self._actions.pop(action_id, None)

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def declared(self, action_id: str) -> Action:
        """Return the declaration of an action; raises KeyError when there is none."""
        return self._declared[action_id]

    def all(self) -> tuple[tuple[Action, QAction], ...]:
        """Return every living action in the order of registration."""
        return tuple((self._declared[key], self._actions[key]) for key in self._actions)

    def available(self) -> tuple[tuple[Action, QAction], ...]:
        """Return the actions that could be carried out now: visible owner, enabled."""
        return tuple(pair for pair in self.all() if _reachable(pair[1]))

    def of_menu(self, menu: str) -> tuple[tuple[Action, QAction], ...]:
        """Return the actions of one menu in the order of registration."""
        return tuple(pair for pair in self.all() if pair[0].menu == menu)


def _reachable(action: QAction) -> bool:
    owner = action.parent()
    return action.isEnabled() and (not isinstance(owner, QWidget) or owner.isVisible())
