from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.buttons import button, tool_button


def test_a_button_does_what_it_says(qtbot: QtBot) -> None:
    heard: list[int] = []
    one = button("Render", lambda: heard.append(1), kind="primary", glyph="play")
    qtbot.addWidget(one)
    one.click()
    assert heard == [1]
    assert one.property("kind") == "primary"
    assert not one.icon().isNull()


def test_a_button_is_not_pressed_by_return_elsewhere(qtbot: QtBot) -> None:
    one = button("Cancel")
    qtbot.addWidget(one)
    assert not one.autoDefault()
    assert one.property("kind") is None


def test_an_icon_button_is_named_and_says_its_keys(qtbot: QtBot) -> None:
    heard: list[int] = []
    one = tool_button("rows", "Show a table", lambda: heard.append(1), keys="Ctrl+2")
    qtbot.addWidget(one)
    one.click()
    assert heard == [1]
    assert one.accessibleName() == "Show a table"
    assert one.toolTip().startswith("Show a table  ")
    assert one.toolTip().endswith("2")
    assert tool_button("rows", "Show a table").toolTip() == "Show a table"


def test_an_icon_button_is_reached_with_tab_and_leaves_the_focus_to_others(qtbot: QtBot) -> None:
    one = tool_button("rows", "Show a table")
    qtbot.addWidget(one)
    assert one.focusPolicy() == Qt.FocusPolicy.TabFocus
