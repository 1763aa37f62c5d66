from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from desktop.domain.library import Video, VideoStatus
from desktop.services.library import LibraryService
from desktop.ui.models.videos import PROJECT_ROLE, SNIPPET_ROLE, VIDEO_ROLE
from desktop.ui.pages.library.card import CardDelegate, cell_height
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.theme import Theme
from tests.ui.fakes import video
from tests.ui.pages.library.conftest import quiet
from tests.ui.pages.library.doubles import LibraryDouble, paint_posters

RENDERED = replace(
    video("Limits from both sides", "v0"), latest_version=1, duration=63,
    status=VideoStatus.RENDERED,
)  # fmt: skip
CELL = QRect(0, 0, 224, 210)
WORDS_TOP = 145


@pytest.fixture
async def pictures(library: LibraryDouble) -> Pictures:
    paint_posters(library.folder)
    return Pictures(cast("LibraryService", library))


@pytest.fixture
async def card(pictures: Pictures, theme: Theme) -> AsyncIterator[CardDelegate]:
    yield CardDelegate(pictures, pictures)
    await quiet(0)


def index_of(shown: Video | None, project: str = "", snippet: str = "") -> QModelIndex:
    model = QStandardItemModel()
    item = QStandardItem()
    item.setData(shown, VIDEO_ROLE)
    item.setData(project, PROJECT_ROLE)
    item.setData(snippet, SNIPPET_ROLE)
    model.appendRow(item)
    index = model.index(0, 0)
    index.kept = model  # type: ignore[attr-defined]  # an index does not keep its model alive
    return index


def painted(card: CardDelegate, index: QModelIndex, *states: QStyle.StateFlag) -> QImage:
    image = QImage(CELL.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    option = QStyleOptionViewItem()
    option.rect = CELL
    for state in states:
        option.state |= state
    painter = QPainter(image)
    card.paint(painter, option, index)
    painter.end()
    return image


def words(image: QImage) -> QImage:
    return image.copy(0, WORDS_TOP, CELL.width(), CELL.height() - WORDS_TOP)


async def ready(card: CardDelegate, pictures: Pictures, shown: Video) -> None:
    pictures.poster(shown)
    pictures.sheet(shown)
    await quiet(0)


async def test_a_card_shows_its_poster_once_it_is_here(
    card: CardDelegate, pictures: Pictures
) -> None:
    before = painted(card, index_of(RENDERED))
    await quiet(0)
    after = painted(card, index_of(RENDERED))
    stage = card.stage(CELL)
    assert before.copy(stage) != after.copy(stage)
    assert words(before) == words(after)


async def test_the_pointer_shows_another_moment_of_one_card(
    card: CardDelegate, pictures: Pictures
) -> None:
    await ready(card, pictures, RENDERED)
    still = painted(card, index_of(RENDERED))
    card.scrubbed, card.share = 0, 0.1
    early = painted(card, index_of(RENDERED))
    card.share = 0.9
    late = painted(card, index_of(RENDERED))
    assert still != early != late
    card.scrubbed = 1
    assert painted(card, index_of(RENDERED)) == still


async def test_a_video_without_thumbnails_keeps_its_poster(
    card: CardDelegate, pictures: Pictures, library: LibraryDouble
) -> None:
    (library.folder / "sprite.jpg").unlink()
    await ready(card, pictures, RENDERED)
    still = painted(card, index_of(RENDERED))
    card.scrubbed, card.share = 0, 0.5
    assert painted(card, index_of(RENDERED)) == still


async def test_what_is_not_as_it_should_be_has_a_badge(
    card: CardDelegate, pictures: Pictures
) -> None:
    await ready(card, pictures, RENDERED)
    corner = QRect(12, 12, 80, 26)
    good = painted(card, index_of(RENDERED)).copy(corner)
    failed = replace(RENDERED, status=VideoStatus.FAILED)
    assert painted(card, index_of(failed)).copy(corner) != good


async def test_a_card_that_is_still_being_read_has_outlines(card: CardDelegate) -> None:
    assert painted(card, index_of(None)) != painted(card, index_of(RENDERED))


@pytest.mark.parametrize(
    "state",
    [
        QStyle.StateFlag.State_Selected,
        QStyle.StateFlag.State_MouseOver,
        QStyle.StateFlag.State_HasFocus,
    ],
)
async def test_every_state_can_be_seen(card: CardDelegate, state: QStyle.StateFlag) -> None:
    assert painted(card, index_of(RENDERED), state) != painted(card, index_of(RENDERED))


async def test_a_long_project_leaves_the_date_to_be_read(card: CardDelegate) -> None:
    right = QRect(150, 166, 66, 18)
    long = "Linear algebra for engineers: lectures and exercises"
    one = painted(card, index_of(RENDERED, long)).copy(right)
    other = painted(card, index_of(RENDERED, long.replace("lectures", "courses"))).copy(right)
    older = replace(RENDERED, updated_at=RENDERED.updated_at.replace(year=2024))
    assert one == other
    assert painted(card, index_of(older, long)).copy(right) != one


async def test_the_project_is_left_out_where_all_are_of_one(card: CardDelegate) -> None:
    without = painted(card, index_of(RENDERED))
    card.names_project = False
    assert painted(card, index_of(RENDERED, "Calculus")) == without


async def test_found_words_are_below_the_title(card: CardDelegate) -> None:
    found = painted(card, index_of(RENDERED, "", "the «slope» of a line"))
    assert words(found) != words(painted(card, index_of(RENDERED)))
    assert cell_height(224, snippets=True) > cell_height(224, snippets=False)


async def test_the_picture_is_of_the_shape_of_a_screen(card: CardDelegate) -> None:
    stage = card.stage(QRect(10, 10, 300, cell_height(300, snippets=False)))
    assert abs(stage.width() / stage.height() - 16 / 9) < 0.02
    assert stage.left() > 10


async def test_the_full_title_is_told_over_the_words_only(
    card: CardDelegate, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = QListView()
    qtbot.addWidget(view)
    told: list[QPoint] = []

    def tell(self: object, event: QHelpEvent, *_: object) -> bool:
        told.append(event.pos())
        return True

    monkeypatch.setattr(QStyledItemDelegate, "helpEvent", tell)
    option = QStyleOptionViewItem()
    option.rect = CELL
    for at in (QPoint(60, 60), QPoint(60, WORDS_TOP + 8)):
        event = QHelpEvent(QEvent.Type.ToolTip, at, at)
        card.helpEvent(event, view, option, index_of(RENDERED))
    assert told == [QPoint(60, WORDS_TOP + 8)]
