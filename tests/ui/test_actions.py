import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.actions import Action, ActionRegistry
from desktop.ui.menus import fill_menus
from tests.ui.conftest import settle, show_active


class Places(QWidget):
    """A window with two pages of which one is visible."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = QStackedWidget()
        self.one, self.two = QWidget(), QWidget()
        self.field = QLineEdit(self.one)
        self.stack.addWidget(self.one)
        self.stack.addWidget(self.two)
        QVBoxLayout(self).addWidget(self.stack)


@pytest.fixture
async def places(qtbot: QtBot) -> Places:
    window = Places()
    qtbot.addWidget(window)
    await show_active(window)
    return window


async def test_shortcuts_work_only_while_their_page_is_shown(places: Places, qtbot: QtBot) -> None:
    registry, done = ActionRegistry(places), list[str]()
    registry.add(places.one, [Action("one.go", "One", lambda: done.append("one"), "F5")])
    registry.add(places.two, [Action("two.go", "Two", lambda: done.append("two"), "F5")])
    qtbot.keyClick(places, Qt.Key.Key_F5)
    places.stack.setCurrentWidget(places.two)
    qtbot.keyClick(places, Qt.Key.Key_F5)
    assert done == ["one", "two"]


async def test_single_keys_belong_to_a_text_field_that_has_the_focus(
    places: Places, qtbot: QtBot
) -> None:
    registry, done = ActionRegistry(places), list[str]()
    registry.add(places.one, [Action("one.mark", "Mark", lambda: done.append("mark"), "M")])
    places.field.setFocus()
    qtbot.keyClick(places.field, Qt.Key.Key_M)
    assert places.field.text() == "m"
    assert not done


async def test_only_what_can_be_done_now_is_available(places: Places) -> None:
    registry = ActionRegistry(places)
    made = registry.add(places.one, [Action("a", "A", int), Action("b", "B", int)])
    registry.add(places.two, [Action("c", "C", int)])
    made["b"].setEnabled(False)
    assert [declared.id for declared, _ in registry.available()] == ["a"]


async def test_an_id_is_given_once(places: Places) -> None:
    registry = ActionRegistry(places)
    registry.add(places.one, [Action("a", "A", int)])
    with pytest.raises(ValueError, match="exists already"):
        registry.add(places.two, [Action("a", "A", int)])


async def test_actions_go_with_their_page(places: Places) -> None:
    registry = ActionRegistry(places)
    registry.add(places.two, [Action("a", "A", int)])
    places.two.deleteLater()
    await settle()
    assert not registry.all()


async def test_menus_hold_the_actions_of_visible_pages(places: Places, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QMenuBar

    registry, bar = ActionRegistry(places), QMenuBar()
    qtbot.addWidget(bar)
    registry.add(places.one, [Action("a", "Render", int, menu="Video")])
    registry.add(places.two, [Action("b", "Trash", int, menu="Edit")])
    fill_menus(bar, registry)
    assert [action.text() for action in bar.actions()] == ["Video"]
    places.stack.setCurrentWidget(places.two)
    fill_menus(bar, registry)
    assert [action.text() for action in bar.actions()] == ["Edit"]
