import dataclasses

import pytest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.config.settings import option
from desktop.ui.widgets.editors import Editor, editor_for
from desktop.ui.widgets.switch import Switch


@dataclasses.dataclass
class Options:
    flag: bool = option(False, "Flag")
    count: int = option(3, "Count", limits=(1, 9))
    share: float = option(0.5, "Share", limits=(0, 1))
    way: str = option("auto", "Way", choices=("auto", "off"))
    name: str = option("me", "Name")


CASES = [
    ("flag", Switch, True),
    ("count", QSpinBox, 7),
    ("share", QDoubleSpinBox, 0.8),
    ("way", QComboBox, "off"),
    ("name", QLineEdit, "you"),
]


def made(name: str, heard: list[object]) -> Editor:
    field = next(field for field in dataclasses.fields(Options) if field.name == name)
    return editor_for(field, field.default, heard.append)


@pytest.mark.parametrize(("name", "kind", "value"), CASES)
def test_each_type_has_its_control(
    qtbot: QtBot, name: str, kind: type[QWidget], value: object
) -> None:
    editor = made(name, [])
    qtbot.addWidget(editor.widget)
    assert isinstance(editor.widget, kind)
    assert editor.widget.accessibleName() == name.capitalize()


@pytest.mark.parametrize(("name", "kind", "value"), CASES[:4])
def test_a_change_is_told(qtbot: QtBot, name: str, kind: type[QWidget], value: object) -> None:
    heard: list[object] = []
    editor = made(name, heard)
    qtbot.addWidget(editor.widget)
    editor.write(value)
    assert heard == [value]
    assert editor.read() == value


@pytest.mark.parametrize(("name", "kind", "value"), CASES)
def test_showing_a_value_is_not_a_change(
    qtbot: QtBot, name: str, kind: type[QWidget], value: object
) -> None:
    heard: list[object] = []
    editor = made(name, heard)
    qtbot.addWidget(editor.widget)
    editor.show(value)
    assert editor.read() == value
    assert not heard
