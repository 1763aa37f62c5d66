from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from desktop.ui.pages.library import painting
from desktop.ui.theme import text_font
from desktop.ui.tokens import CAPTION, tokens
from tests.ui.fakes import video

AREA = QRect(0, 0, 160, 90)
GROUND = QColor("#00ff00")

pytestmark = pytest.mark.usefixtures("qapp")


def painted(paint: Callable[[QPainter], None], size: QSize | None = None) -> QImage:
    image = QImage(size or AREA.size(), QImage.Format.Format_ARGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def filled(width: int, height: int, color: str = "#ffffff") -> QPixmap:
    pixmap = QPixmap(width, height)
    pixmap.fill(QColor(color))
    return pixmap


def ink(image: QImage) -> set[int]:
    """Return the columns something was painted in."""
    return {
        x for x in range(image.width())
        if any(image.pixelColor(x, y) != GROUND for y in range(image.height()))
    }  # fmt: skip


def test_found_words_are_told_from_the_others() -> None:
    assert painting.snippet_runs("a «slope»\nand «rise».") == (
        ("a ", False), ("slope", True), (" and ", False), ("rise", True), (".", False),
    )  # fmt: skip
    assert painting.snippet_runs("") == ()


def test_the_found_word_is_seen_however_far_to_the_right_it_is() -> None:
    room = 140
    runs = painting.snippet_runs("A long way before anything, and then the «slope» of a line")
    lead, word, *_ = painting._from_found(runs, room)
    taken = QFontMetrics(text_font(CAPTION)).horizontalAdvance(lead[0] + word[0])
    assert word == ("slope", True)
    assert lead[0].startswith("…")
    assert taken < room


def test_a_line_with_room_is_left_as_it_is() -> None:
    runs = painting.snippet_runs("the «slope» of a line")
    assert painting._from_found(runs, 400) == runs
    found_first = painting.snippet_runs("«slope» of a line")
    assert painting._from_found(found_first, 60) == found_first


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


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_badge_is_readable_on_any_picture(qapp: QApplication, scheme: str) -> None:
    corner = QPointF(4, 4)
    for ground in (Qt.GlobalColor.white, Qt.GlobalColor.black):
        pixmap = QPixmap(AREA.size())
        pixmap.fill(ground)
        painter = QPainter(pixmap)
        painting.paint_badge(painter, corner, "Failed", dot="danger")
        painter.end()
        image = pixmap.toImage()
        shades = [image.pixelColor(x, 14).lightness() for x in range(24, 56)]
        assert max(shades) - min(shades) > 120


def test_a_badge_at_the_right_ends_at_its_corner() -> None:
    image = painted(lambda p: painting.paint_badge(p, QPointF(150, 10), "12:03", right=True))
    assert 147 <= max(ink(image)) <= 150


def test_the_position_grows_with_the_share() -> None:
    accent = [
        sum(
            painted(lambda p, share=share: painting.paint_position(p, AREA, share))
            .pixelColor(x, 88).lightness() > 90
            for x in range(160)
        )
        for share in (0.25, 0.75)
    ]  # fmt: skip
    assert accent == [40, 120]


def test_a_video_without_a_picture_has_the_sign_of_its_kind() -> None:
    image = painted(lambda p: painting.paint_nothing(p, AREA, video("Limits")))
    assert 60 < min(ink(image)) < 80 < max(ink(image)) < 100
