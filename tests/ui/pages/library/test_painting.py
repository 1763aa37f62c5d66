import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from desktop.ui.pages.library import painting
from desktop.ui.theme import text_font
from desktop.ui.tokens import CAPTION
from tests.ui.canvas import AREA, ink, painted
from tests.ui.fakes import video

pytestmark = pytest.mark.usefixtures("qapp")


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
