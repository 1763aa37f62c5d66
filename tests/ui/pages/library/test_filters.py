import asyncio

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.domain.library import SearchQuery, SourceKind, VideoStatus
from desktop.domain.picture import Aspect
from desktop.ui.pages.library.filters import PAUSE_MS, TAGS_SHOWN, FilterBar, Filters
from tests.ui.conftest import show_active
from tests.ui.pages.library.conftest import until


class Heard:
    """A bar and how often it asked."""

    def __init__(self, bar: FilterBar) -> None:
        self.bar = bar
        self.queries: list[SearchQuery] = []
        bar.changed.connect(lambda: self.queries.append(bar.filters.query(None, trashed=False)))


@pytest.fixture
async def heard(qtbot: QtBot) -> Heard:
    bar = FilterBar()
    qtbot.addWidget(bar)
    bar.resize(900, 120)
    await show_active(bar)
    return Heard(bar)


@pytest.fixture
def bar(heard: Heard) -> FilterBar:
    return heard.bar


async def test_typing_asks_once_when_it_rests(heard: Heard, qtbot: QtBot) -> None:
    qtbot.keyClicks(heard.bar.search, "limit")
    assert not heard.queries
    await until(lambda: heard.queries)
    await asyncio.sleep(2 * PAUSE_MS / 1000)
    assert [query.text for query in heard.queries] == ["limit"]


async def test_the_best_match_comes_first_while_something_is_looked_for(
    heard: Heard, qtbot: QtBot
) -> None:
    qtbot.keyClicks(heard.bar.search, "limit")
    await until(lambda: heard.queries)
    assert heard.queries[-1].order == "relevance"
    assert heard.bar.order.text() == "Best match"
    heard.bar.search.clear()
    await until(lambda: len(heard.queries) == 2)
    assert (heard.queries[-1].text, heard.queries[-1].order) == ("", "updated")


async def test_an_order_chosen_while_searching_stays(heard: Heard, qtbot: QtBot) -> None:
    qtbot.keyClicks(heard.bar.search, "limit")
    await until(lambda: heard.queries)
    heard.bar.choose_order("title")
    qtbot.keyClicks(heard.bar.search, "s")
    await until(lambda: heard.queries[-1].text == "limits")
    assert heard.queries[-1].order == "title"


async def test_a_space_at_the_end_says_that_the_word_is_complete(
    heard: Heard, qtbot: QtBot
) -> None:
    qtbot.keyClicks(heard.bar.search, "  sum ")
    await until(lambda: heard.queries)
    assert heard.queries[-1].text == "sum "


async def test_blanks_look_for_nothing(bar: FilterBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.search, "   ")
    await asyncio.sleep(2 * PAUSE_MS / 1000)
    assert not bar.filters.narrow
    assert bar.filters.query(None, trashed=False) == SearchQuery()


async def test_every_chip_narrows(heard: Heard) -> None:
    bar = heard.bar
    bar.offer_tags((("calculus", 4), ("algebra", 1)))
    bar.status.pick(VideoStatus.FAILED)
    bar.kind.pick(SourceKind.MANIM)
    bar.shape.pick(Aspect.TALL)
    bar.tag.pick("calculus")
    assert heard.queries[-1] == SearchQuery(
        status=VideoStatus.FAILED, kind=SourceKind.MANIM, aspect=Aspect.TALL, tag="calculus"
    )
    assert len(heard.queries) == 4
    bar.status.pick(None)
    assert heard.queries[-1].status is None


async def test_the_same_choice_does_not_ask_again(heard: Heard) -> None:
    heard.bar.status.pick(VideoStatus.FAILED)
    heard.bar.status.pick(VideoStatus.FAILED)
    heard.bar.choose_order("updated")
    assert len(heard.queries) == 1


async def test_everything_can_be_cleared_at_once(heard: Heard, qtbot: QtBot) -> None:
    bar = heard.bar
    assert not bar.clear.isVisible()
    bar.status.pick(VideoStatus.FAILED)
    qtbot.keyClicks(bar.search, "limit")
    await until(lambda: heard.queries[-1].text)
    assert bar.clear.isVisible()
    bar.clear.click()
    assert bar.filters == Filters()
    assert bar.search.text() == ""
    assert not bar.clear.isVisible()
    asked = len(heard.queries)
    await asyncio.sleep(2 * PAUSE_MS / 1000)
    assert len(heard.queries) == asked


async def test_a_cleared_field_has_no_cross_any_more(heard: Heard, qtbot: QtBot) -> None:
    def right_end() -> QImage:
        field = heard.bar.search
        return field.grab(QRect(field.width() - 40, 0, 40, field.height())).toImage()

    heard.bar.search.setFocus()
    empty = right_end()
    qtbot.keyClicks(heard.bar.search, "limit")
    await until(lambda: right_end() != empty)
    heard.bar.clear_all()
    await until(lambda: right_end() == empty)


async def test_the_orders_fit_what_is_done(bar: FilterBar, qtbot: QtBot) -> None:
    menu = bar.menu_of_orders()
    assert [one.text() for one in menu.actions()] == ["Last changed", "Newest", "Title", "Longest"]
    assert [one.text() for one in menu.actions() if one.isChecked()] == ["Last changed"]
    menu.actions()[2].trigger()
    assert bar.filters.order == "title"
    menu.deleteLater()
    qtbot.keyClicks(bar.search, "limit")
    await until(lambda: bar.filters.text)
    menu = bar.menu_of_orders()
    assert menu.actions()[0].text() == "Best match"
    menu.deleteLater()


async def test_the_field_keeps_its_width_whatever_the_order(bar: FilterBar) -> None:
    widths = set()
    for order in ("relevance", "updated", "title", "duration"):
        bar.choose_order(order)
        bar.grab()
        widths.add(bar.search.width())
    assert len(widths) == 1


async def test_escape_empties_the_field_and_arrows_leave_it(bar: FilterBar, qtbot: QtBot) -> None:
    left: list[int] = []
    bar.left.connect(lambda: left.append(1))
    qtbot.keyClicks(bar.search, "limit")
    qtbot.keyClick(bar.search, Qt.Key.Key_Escape)
    assert bar.search.text() == ""
    qtbot.keyClick(bar.search, Qt.Key.Key_Down)
    qtbot.keyClick(bar.search, Qt.Key.Key_Return)
    assert left == [1, 1]
    await asyncio.sleep(2 * PAUSE_MS / 1000)


async def test_only_the_tags_used_most_are_offered(bar: FilterBar) -> None:
    bar.offer_tags([(f"tag {number}", 900 - number) for number in range(60)])
    menu = bar.tag.menu_of_choices()
    texts = [one.text() for one in menu.actions() if not one.isSeparator()]
    assert texts[:2] == ["Any tag", "tag 0  (900)"]
    assert len(texts) == 1 + TAGS_SHOWN
    menu.deleteLater()


async def test_a_long_title_does_not_widen_the_window(bar: FilterBar) -> None:
    narrow = bar.minimumSizeHint().width()
    bar.show_place(
        "A project with a very long title indeed, of which only some is seen", "3 videos"
    )
    assert bar.minimumSizeHint().width() - narrow < 60


async def test_every_control_has_a_name(bar: FilterBar) -> None:
    controls = (bar.search, bar.order, bar.status, bar.kind, bar.shape, bar.tag)
    names = [one.accessibleName() for one in (*controls, bar.grid, bar.table, bar.inspector)]
    assert all(names)
    assert len(set(names)) == len(names)
