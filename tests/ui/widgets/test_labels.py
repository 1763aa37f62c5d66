import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.labels import ElidedLabel, key_cap, label, native_keys


def test_text_is_never_taken_for_markup(qtbot: QtBot) -> None:
    for one in (label("<b>x</b>"), ElidedLabel("<b>x</b>")):
        qtbot.addWidget(one)
        assert one.textFormat() == Qt.TextFormat.PlainText


def test_a_label_has_its_rank(qtbot: QtBot) -> None:
    one = label("Limits", "title", wrap=True)
    qtbot.addWidget(one)
    assert one.property("role") == "title"
    assert one.wordWrap()


@pytest.mark.parametrize(("width", "whole"), [(400, True), (60, False)])
def test_a_text_without_room_is_told_by_its_tooltip(qtbot: QtBot, width: int, whole: bool) -> None:
    one = ElidedLabel("A title that needs some room")
    qtbot.addWidget(one)
    one.resize(width, 24)
    one.grab()
    assert one.toolTip() == ("" if whole else "A title that needs some room")


def test_an_elided_label_does_not_widen_its_window(qtbot: QtBot) -> None:
    one = ElidedLabel("A title that needs some room" * 9)
    qtbot.addWidget(one)
    assert one.minimumSizeHint().width() < 40
    assert one.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding


def test_keys_are_written_as_this_system_writes_them(qtbot: QtBot) -> None:
    cap = key_cap("Ctrl+K")
    qtbot.addWidget(cap)
    assert cap.text() == native_keys("Ctrl+K")
    assert cap.text().endswith("K")
    assert native_keys("") == ""
