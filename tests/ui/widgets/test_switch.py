import itertools

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui.theme import Theme
from desktop.ui.widgets.switch import Switch


async def test_space_and_clicks_switch(qtbot: QtBot, theme: Theme) -> None:
    heard: list[bool] = []
    switch = Switch("Sound")
    qtbot.addWidget(switch)
    switch.show()
    switch.toggled.connect(heard.append)
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert heard == [True, False]
    assert switch.accessibleName() == "Sound"


async def test_every_state_can_be_seen(qtbot: QtBot, theme: Theme) -> None:
    switch = Switch("Sound")
    qtbot.addWidget(switch)
    pictures = [switch.grab().toImage()]
    switch.setChecked(True)
    pictures.append(switch.grab().toImage())
    switch.setEnabled(False)
    pictures.append(switch.grab().toImage())
    switch.setChecked(False)
    pictures.append(switch.grab().toImage())
    assert all(one != other for one, other in itertools.pairwise(pictures))
