import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.boxes import clear, column, frame, line, row
from tests.ui.conftest import settle


@pytest.fixture
def labels(qtbot: QtBot) -> list[QLabel]:
    return [QLabel(text) for text in "abc"]


def test_a_row_reads_as_it_looks(qtbot: QtBot, labels: list[QLabel]) -> None:
    box = frame(row(labels[0], 30, labels[1], None, labels[2], spacing=4, margins=(1, 2, 3, 4)))
    qtbot.addWidget(box)
    box.resize(400, 40)
    box.grab()
    first, second, last = (one.geometry() for one in labels)
    assert first.left() == 1
    assert second.left() - first.right() - 1 >= 30
    assert last.right() == 400 - 3 - 1
    assert last.left() - second.right() > 100


def test_a_column_nests_rows(qtbot: QtBot, labels: list[QLabel]) -> None:
    box = frame(column(labels[0], row(labels[1], labels[2])))
    qtbot.addWidget(box)
    box.resize(300, 100)
    box.grab()
    assert labels[1].y() == labels[2].y() > labels[0].y()


def test_a_frame_has_the_surface_the_stylesheet_knows(qtbot: QtBot) -> None:
    card, plain = frame(QHBoxLayout(), "card"), frame(QHBoxLayout())
    for one in (card, plain):
        qtbot.addWidget(one)
    assert card.property("surface") == "card"
    assert plain.property("surface") is None


def test_a_line_is_a_hairline(qtbot: QtBot) -> None:
    widget = line()
    qtbot.addWidget(widget)
    assert widget.maximumHeight() == widget.minimumHeight() == 1


async def test_clearing_deletes_widgets_and_nested_layouts(
    qtbot: QtBot, labels: list[QLabel]
) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    layout = QVBoxLayout(box)
    layout.addWidget(labels[0])
    layout.addLayout(row(labels[1], labels[2], None))
    clear(layout)
    assert layout.count() == 0
    await settle()
    assert not box.findChildren(QLabel)
