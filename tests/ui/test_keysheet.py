from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.actions import Action, ActionRegistry
from desktop.ui.keysheet import OTHER, KeySheet, grouped


async def test_shortcuts_are_grouped_by_menu_and_can_be_searched(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    registry = ActionRegistry(owner)
    registry.add(
        owner,
        [
            Action("a", "Render draft", int, "Ctrl+Return", menu="Video"),
            Action("b", "Play", int, ("Space", "K")),
            Action("c", "Nothing to press", int, menu="Video"),
        ],
    )
    groups = {name: [one.id for one in actions] for name, actions in grouped(registry).items()}
    assert groups["Video"] == ["a"]
    assert groups[OTHER] == ["b"]
    sheet = KeySheet(owner, registry)
    sheet.search.setText("play")
    hidden = {label.text(): label.isHidden() for label in sheet.findChildren(QLabel)}
    assert not hidden["Play"]
    assert hidden["Render draft"]
