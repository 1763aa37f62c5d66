"""A filter as a button: its name while it is off, the chosen value while it is on."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from desktop.ui.icons import icon
from desktop.ui.tokens import SPACE_1


class Chip(QPushButton):
    """One filter and the menu of its choices."""

    chosen = Signal(object)
    """Carries the value, or None."""

    def __init__(self, name: str, choices: Mapping[Any, str]) -> None:
        super().__init__(name)
        self._name = name
        self._choices = choices
        self._notes: Mapping[Any, str] = {}
        self.value: object = None
        self.setProperty("kind", "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setMinimumWidth(56)
        self.setIcon(icon("caret-down"))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.clicked.connect(self._open)
        self._show()

    def offer(self, choices: Mapping[Any, str], notes: Mapping[Any, str]) -> None:
        """Take other choices; ``notes`` stand at the right of them in the menu."""
        self._choices, self._notes = choices, notes

    def show_value(self, value: object) -> None:
        """Show what is chosen; tells nobody."""
        self.value = value
        self._show()

    def _show(self) -> None:
        on = self.value is not None
        text = self._choices.get(self.value, str(self.value)) if on else self._name
        self.setText(text)
        self.setAccessibleName(f"{self._name}: {text}" if on else f"{self._name}: any")
        self.setToolTip(f"{self._name}: {text}" if on else f"Show only one {self._name.lower()}")
        self.setCheckable(on)
        self.setChecked(on)

    def _open(self) -> None:
        self._show()  # a click has toggled the mark
        menu = self.menu_of_choices()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + SPACE_1)))

    def menu_of_choices(self) -> QMenu:
        """Return a menu with every choice; picking the one in force switches the filter off."""
        menu = QMenu(self)
        menu.addAction(_choice(menu, f"Any {self._name.lower()}", None, self))
        menu.addSeparator()
        for value, text in self._choices.items():
            note = self._notes.get(value)
            menu.addAction(_choice(menu, f"{text}  ({note})" if note else text, value, self))
        if not self._choices:
            menu.addAction(f"No {self._name.lower()} yet").setEnabled(False)
        return menu

    def pick(self, value: object) -> None:
        """Choose a value, as the menu does."""
        self.show_value(value)
        self.chosen.emit(value)


def _choice(menu: QMenu, text: str, value: object, chip: Chip) -> QAction:
    action = QAction(text, menu)
    action.setCheckable(True)
    action.setChecked(chip.value == value)
    action.triggered.connect(lambda *_: chip.pick(value))
    return action
