from collections.abc import Iterator

import pytest

from desktop.ui.pages.studio.layout import CHANGES, INFO, VERSIONS, Parts
from desktop.ui.theme import Theme


@pytest.fixture
def parts(theme: Theme) -> Iterator[Parts]:
    made = Parts()
    made.show()
    yield made
    made.deleteLater()


@pytest.mark.parametrize(("width", "height"), [(1204, 700), (1840, 1100), (900, 600)])
async def test_nothing_is_squeezed_out_of_sight(parts: Parts, width: int, height: int) -> None:
    parts.resize(width, height)
    parts.grab()
    assert parts.left.width() >= 190
    assert parts.area.width() >= 280
    assert parts.player.width() >= 360
    assert parts.stack.height() > 100
    assert parts.columns.width() <= max(width, parts.minimumSizeHint().width())


async def test_text_and_film_share_the_room_that_is_gained(parts: Parts) -> None:
    parts.resize(1204, 700)
    parts.grab()
    before = parts.left.width(), parts.area.width(), parts.player.width()
    parts.resize(1804, 700)
    parts.grab()
    assert parts.left.width() == before[0]
    assert parts.area.width() > before[1] + 150
    assert parts.player.width() > before[2] + 150


async def test_tabs_are_where_their_numbers_say(parts: Parts) -> None:
    texts = [parts.tabs.tabText(place) for place in (VERSIONS, CHANGES, INFO)]
    assert texts == ["Versions", "What changed", "Info"]
    assert parts.restore_bar.isHidden()


async def test_the_bar_over_the_scenes_keeps_its_height_without_its_button(parts: Parts) -> None:
    parts.resize(1204, 700)
    parts.grab()
    before = parts.scenes.y()
    parts.add_scene.hide()
    parts.grab()
    assert parts.scenes.y() == before
