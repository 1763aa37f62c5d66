import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QListWidget, QStyle
from pytestqt.qtbot import QtBot
from typing_extensions import override

from desktop.ui.pages.studio.painting import paint_ground, paint_hint, paint_thumbnail
from desktop.ui.theme import Theme

AREA = QRect(0, 0, 80, 40)
State = QStyle.StateFlag


def ground(*states: State) -> QImage:
    image = QImage(AREA.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("#777777"))
    painter = QPainter(image)
    state = State.State_None
    for one in states:
        state |= one
    paint_ground(painter, AREA, state)
    painter.end()
    return image


def thumbnail(picture: QPixmap) -> QImage:
    image = QImage(AREA.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("#777777"))
    painter = QPainter(image)
    paint_thumbnail(painter, AREA, picture)
    painter.end()
    return image


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_rows_show_whether_they_are_selected_pointed_at_or_focused(
    theme: Theme, scheme: str
) -> None:
    theme.choose(scheme)
    plain = ground()
    hovered = ground(State.State_MouseOver)
    selected = ground(State.State_Selected)
    focused = ground(State.State_Selected, State.State_HasFocus)
    seen = [plain, hovered, selected, focused]
    assert all(one != other for place, one in enumerate(seen) for other in seen[:place])
    assert ground(State.State_HasFocus) == plain


def test_a_picture_is_shown_whole_and_a_sign_without_one(theme: Theme) -> None:
    picture = QPixmap(90, 160)
    picture.fill(QColor("#ff0000"))
    shown = thumbnail(picture)
    assert shown.pixelColor(AREA.center()) == QColor("#ff0000")
    assert shown.pixelColor(10, 20) != QColor("#ff0000")
    empty = thumbnail(QPixmap())
    colors = {empty.pixelColor(x, 20).name() for x in range(25, 55)}
    assert len(colors) > 1, "a sign is in the middle"


async def test_a_hint_is_painted_only_where_there_is_nothing(theme: Theme, qtbot: QtBot) -> None:
    class Rows(QListWidget):
        words = ""

        @override
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            paint_hint(self, self.words)

    rows = Rows()
    qtbot.addWidget(rows)
    rows.resize(200, 100)
    blank = rows.viewport().grab().toImage()
    Rows.words = "Something will be here."
    assert rows.viewport().grab().toImage() != blank
    Rows.words = ""
    rows.addItem("row")
    filled = rows.viewport().grab().toImage()
    Rows.words = "Something will be here."
    assert rows.viewport().grab().toImage() == filled
