import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.toasts import MOST, ToastArea
from tests.ui.conftest import settle


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


async def test_a_notice_is_shown_above_the_page(host: QWidget) -> None:
    area = ToastArea(host)
    area.show_toast("Exported")
    assert area.isVisible()
    assert host.rect().contains(area.geometry())


async def test_it_stays_in_the_middle_when_the_window_grows(host: QWidget) -> None:
    area = ToastArea(host)
    area.show_toast("Exported")
    host.resize(1200, 700)
    await settle()
    assert abs(area.geometry().center().x() - 600) <= 1


async def test_what_it_offers_is_done_once_and_the_notice_goes(host: QWidget) -> None:
    area, done = ToastArea(host), list[str]()
    toast = area.show_toast("Moved", "Undo", lambda: done.append("undo"))
    toast.accept()
    await settle()
    assert done == ["undo"]
    assert not area.toasts()
    await settle()
    assert not area.isVisible()


async def test_older_notices_give_way(host: QWidget) -> None:
    area = ToastArea(host)
    for number in range(MOST + 2):
        area.show_toast(f"Notice {number}")
    await settle()
    shown = [toast.message.text() for toast in area.toasts()]
    assert shown == ["Notice 2", "Notice 3", "Notice 4"]


async def test_a_notice_waits_while_the_pointer_is_on_it(host: QWidget) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent, QPointF
    from PySide6.QtGui import QEnterEvent

    toast = ToastArea(host).show_toast("Exported")
    QCoreApplication.sendEvent(toast, QEnterEvent(QPointF(), QPointF(), QPointF()))
    assert not toast._timer.isActive()
    QCoreApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert toast._timer.isActive()
