import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from desktop.ui import painting
from desktop.ui.theme import text_font
from desktop.ui.tokens import tokens
from tests.ui.canvas import AREA, GROUND, filled, ink, painted

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_picture_of_another_shape_is_shown_whole_on_the_stage() -> None:
    image = painted(lambda p: painting.paint_picture(p, AREA, filled(90, 160)))
    assert image.pixelColor(80, 45) == QColor("#ffffff")
    assert image.pixelColor(20, 45) == tokens().color("stage")
    assert image.pixelColor(0, 0) == GROUND


def test_a_picture_that_fills_the_stage_has_no_dark_edge() -> None:
    image = painted(lambda p: painting.paint_picture(p, AREA, filled(640, 361)))
    edge = [image.pixelColor(x, 0) for x in range(20, 140)]
    edge += [image.pixelColor(0, y) for y in range(20, 70)]
    assert set(map(QColor.name, edge)) == {"#ffffff"}
    corner = [image.pixelColor(x, y).green() for x in range(8) for y in range(8)]
    assert min(corner) > 200


def test_fine_lines_of_a_large_picture_are_averaged_not_lost() -> None:
    striped = filled(1600, 900, "#000000")
    painter = QPainter(striped)
    for x in range(0, 1600, 8):
        painter.fillRect(x, 0, 4, 900, QColor("#ffffff"))
    painter.end()
    image = painted(lambda p: painting.paint_picture(p, AREA, striped))
    shades = [image.pixelColor(x, 45).lightness() for x in range(10, 150)]
    assert max(shades) - min(shades) < 90


def test_a_part_of_a_sheet_is_shown_alone() -> None:
    sheet = filled(320, 90, "#ff0000")
    painter = QPainter(sheet)
    painter.fillRect(160, 0, 160, 90, QColor("#0000ff"))
    painter.end()
    source = QRect(160, 0, 160, 90)
    image = painted(lambda p: painting.paint_picture(p, AREA, sheet, source))
    assert image.pixelColor(80, 45) == QColor("#0000ff")


def test_long_text_ends_before_the_edge() -> None:
    words = QRect(10, 0, 80, 20)
    text = "A title that does not fit at all"

    def paint(painter: QPainter) -> None:
        painting.paint_text(painter, words, text, "text", text_font())

    assert max(ink(painted(paint))) <= words.right()


def test_parts_of_a_series_can_be_told_apart() -> None:
    words = QRect(0, 0, 120, 20)
    one, other = (
        painted(
            lambda p, part=part: painting.paint_title(
                p, words, f"The story of the derivative, part {part}", text_font()
            )
        )
        for part in (3, 12)
    )
    assert one != other
    assert max(ink(one)) <= words.right()


def test_a_title_goes_on_in_a_second_line_and_no_third() -> None:
    words = QRect(0, 0, 120, 48)
    text = "A title that does not fit on one line, nor on two, nor on any number at all"

    def paint(painter: QPainter) -> None:
        painting.paint_two_lines(painter, words, text, "text", text_font())

    image = painted(paint, QSize(120, 90))
    rows = [
        y for y in range(90)
        if any(image.pixelColor(x, y) != GROUND for x in range(image.width()))
    ]  # fmt: skip
    height = QFontMetrics(text_font()).lineSpacing()
    assert height < rows[-1] - rows[0] < 2 * height
    assert rows[-1] < 48
