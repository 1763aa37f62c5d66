from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.domain.library import Video
from desktop.services.library import LibraryService
from desktop.ui.pages.library.inspector import SCENES_SHOWN, Inspector, below
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.theme import Theme
from tests.ui.conftest import settle, show_active
from tests.ui.fakes import NOW, video
from tests.ui.pages.library.conftest import quiet
from tests.ui.pages.library.doubles import LibraryDouble

LIMITS = replace(
    video("Limits", "v1"), description="What a limit is", tags=("calculus", "lecture 2"),
    latest_version=3, duration=63,
)  # fmt: skip
SERIES = video("Series", "v2")


@pytest.fixture
async def inspector(library: LibraryDouble, qtbot: QtBot, theme: Theme) -> Inspector:
    made = Inspector(Pictures(cast("LibraryService", library)))
    qtbot.addWidget(made)
    made.resize(284, 800)
    await show_active(made)
    return made


def show(inspector: Inspector, *videos: Video, trashed: bool = False, number: int = 0) -> None:
    inspector.show_videos(videos, trashed=trashed, number=number, project="Calculus")


def deeds(inspector: Inspector) -> list[str]:
    return sorted(one.text() for one in inspector.findChildren(QPushButton) if one.isVisible())


async def test_one_video_is_shown_in_full(inspector: Inspector) -> None:
    show(inspector, LIMITS)
    assert inspector.title.text() == "Limits"
    assert inspector.description.toPlainText() == "What a limit is"
    assert inspector.tags.text() == "calculus, lecture 2"
    facts = {name: value.text() for name, value in inspector.facts.items()}
    assert facts["Status"] == "Empty"
    assert facts["Kind"] == "Storyboard"
    assert facts["Shape"] == "Wide 16:9"
    assert facts["Length"] == "1:03"
    assert facts["Versions"] == "3"
    assert facts["Project"] == "Calculus"
    await quiet(0)


async def test_what_was_not_rendered_says_so(inspector: Inspector) -> None:
    show(inspector, SERIES)
    assert inspector.facts["Length"].text() == "Not rendered yet"
    assert inspector.facts["Versions"].text() == "None yet"


async def test_each_selection_offers_what_can_be_done_with_it(inspector: Inspector) -> None:
    assert deeds(inspector) == []
    show(inspector, LIMITS)
    assert deeds(inspector) == ["Duplicate", "Export", "Move to…", "Open in studio", "Trash"]
    show(inspector, LIMITS, SERIES)
    assert deeds(inspector) == ["Duplicate", "Move to…", "Trash"]
    show(inspector, LIMITS, trashed=True)
    assert deeds(inspector) == ["Delete for good…", "Restore"]
    await quiet(0)


async def test_nothing_leaves_a_hole_among_the_buttons(inspector: Inspector) -> None:
    show(inspector, LIMITS, SERIES)
    await settle()
    inspector.grab()
    width = inspector.width() - 2 * 16
    assert inspector.duplicate.width() == width
    assert inspector.move_to.width() + inspector.trash.width() + 8 == width


async def test_several_videos_are_summed_up(inspector: Inspector) -> None:
    assert inspector.summary.text() == "Select a video to see its details."
    show(inspector, LIMITS, LIMITS)
    assert inspector.summary.text() == "2 videos selected, 2:06 in all"
    show(inspector, SERIES, SERIES)
    assert inspector.summary.text() == "2 videos selected"
    show(inspector, LIMITS, number=1_200)
    assert inspector.summary.text() == "1,200 videos selected"
    show(inspector, trashed=True)
    assert inspector.summary.text() == "Select a video to restore it."
    await quiet(0)


async def test_edits_are_told_with_the_video_they_are_of(
    inspector: Inspector, qtbot: QtBot
) -> None:
    edits: list[tuple[str, object]] = []
    inspector.edited.connect(lambda video_id, changes: edits.append((video_id, changes)))
    show(inspector, LIMITS)
    inspector.edit_title()
    qtbot.keyClicks(inspector.title, "Continuity")
    inspector.tags.setFocus()
    inspector.tags.selectAll()
    qtbot.keyClicks(inspector.tags, "a, b")
    qtbot.keyClick(inspector.tags, Qt.Key.Key_Return)
    assert edits == [("v1", {"title": "Continuity"}), ("v1", {"tags": ("a", "b")})]
    await quiet(0)


async def test_what_was_written_is_kept_when_another_video_is_selected(
    inspector: Inspector, qtbot: QtBot
) -> None:
    edits: list[tuple[str, object]] = []
    inspector.edited.connect(lambda video_id, changes: edits.append((video_id, changes)))
    show(inspector, LIMITS)
    inspector.description.setFocus()
    inspector.description.selectAll()
    qtbot.keyClicks(inspector.description, "new")
    show(inspector, SERIES)
    assert edits == [("v1", {"description": "new"})]
    assert inspector.description.toPlainText() == ""
    await quiet(0)


async def test_a_change_of_the_same_video_does_not_disturb_writing(
    inspector: Inspector, qtbot: QtBot
) -> None:
    show(inspector, LIMITS)
    inspector.edit_title()
    qtbot.keyClicks(inspector.title, "Contin")
    show(inspector, replace(LIMITS, duration=70, updated_at=NOW))
    assert inspector.title.text() == "Contin"
    assert inspector.facts["Length"].text() == "1:10"
    await quiet(0)


async def test_nothing_of_the_trash_can_be_edited(inspector: Inspector) -> None:
    show(inspector, LIMITS, trashed=True)
    assert not inspector.title.isEnabled()
    assert not inspector.description.isEnabled()
    show(inspector, LIMITS)
    assert inspector.title.isEnabled()
    await quiet(0)


async def test_scenes_are_listed_up_to_a_limit(inspector: Inspector) -> None:
    show(inspector, SERIES)
    inspector.show_scenes([f"Scene of {number}" for number in range(SCENES_SHOWN + 5)])
    words = [one.text() for one in inspector.findChildren(QLabel)]
    assert f"Scenes ({SCENES_SHOWN + 5})" in words
    assert "1  Scene of 0" in words
    assert "and 5 more" in words
    inspector.show_scenes(())
    await settle()
    assert "1  Scene of 0" not in [one.text() for one in inspector.findChildren(QLabel)]


async def test_buttons_ask_for_what_they_say(inspector: Inspector) -> None:
    heard: list[str] = []
    show(inspector, SERIES)
    inspector.open_wanted.connect(lambda: heard.append("open"))
    inspector.export_wanted.connect(lambda at: heard.append("export"))
    inspector.duplicate_wanted.connect(lambda: heard.append("duplicate"))
    inspector.move_wanted.connect(lambda at: heard.append("move"))
    inspector.trash_wanted.connect(lambda: heard.append("trash"))
    for deed in (inspector.open, inspector.export, inspector.duplicate, inspector.move_to):
        deed.click()
    inspector.trash.click()
    inspector.poster.opened.emit()
    assert heard == ["open", "export", "duplicate", "move", "trash", "open"]


async def test_menus_open_below_their_button(inspector: Inspector) -> None:
    show(inspector, SERIES)
    at = inspector.export.mapFromGlobal(below(inspector.export))
    assert at.x() == 0
    assert at.y() >= inspector.export.height()


async def test_everything_has_a_name_for_screen_readers(inspector: Inspector) -> None:
    show(inspector, SERIES)
    buttons = inspector.findChildren(QAbstractButton)
    assert all(one.text() or one.accessibleName() for one in buttons)
    fields = (inspector.title, inspector.description, inspector.tags, inspector.poster)
    assert all(field.accessibleName() for field in fields)
