"""The menu bar, made from the registry of actions."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from desktop.ui.actions import MENUS, ActionRegistry


def fill_menus(bar: QMenuBar, registry: ActionRegistry) -> None:
    """Put into each menu the actions of visible pages; menus without any are left out.

    Only those of visible pages: Qt takes an action in a menu bar for reachable, so its shortcut
    would work on pages it does not belong to.
    """
    for old in bar.findChildren(QMenu):
        old.clear()
        old.deleteLater()
    bar.clear()
    for name in MENUS:
        actions = [action for _, action in registry.of_menu(name) if _shown(action)]
        if actions:
            menu = QMenu(name, bar)
            _add(menu, actions)
            bar.addMenu(menu)


def _add(menu: QMenu, actions: list[QAction]) -> None:
    owner = actions[0].parent()
    for action in actions:
        if action.parent() is not owner:
            menu.addSeparator()
            owner = action.parent()
        menu.addAction(action)


def _shown(action: QAction) -> bool:
    owner = action.parent()
    return not isinstance(owner, QWidget) or owner.isVisibleTo(owner.window())
