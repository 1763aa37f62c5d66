from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop.domain.library import SourceKind
from desktop.domain.picture import Aspect
from desktop.ui.pages.studio.header import Header
from desktop.ui.theme import Theme
from tests.ui.fakes import NOW, video


@pytest.fixture
def header(theme: Theme) -> Iterator[Header]:
    made = Header()
    made.resize(1200, 56)
    made.show()
    yield made
    made.deleteLater()


async def test_the_video_is_named_with_its_project_kind_and_shape(header: Header) -> None:
    header.show_video(replace(video("Limits"), aspect=Aspect.TALL), "Lectures")
    assert header.title.text() == "Limits"
    assert header.title.accessibleName() == "Video: Limits"
    assert header.facts.text() == "Lectures · Storyboard · Tall 9:16"


async def test_a_video_whose_project_is_gone_is_named_all_the_same(header: Header) -> None:
    header.show_video(video("Limits"), "")
    assert header.facts.text() == "Storyboard · Wide 16:9"


async def test_a_video_in_the_trash_says_so(header: Header) -> None:
    header.show_video(replace(video("Limits"), trashed_at=NOW), "Lectures")
    assert header.facts.text().startswith("In the trash · Lectures")


async def test_a_long_title_leaves_the_buttons_their_room(header: Header) -> None:
    header.show_video(video("A title without an end " * 30), "A project as well " * 30)
    header.grab()
    assert header.draft.width() >= header.draft.sizeHint().width()
    assert header.export.geometry().right() < header.width()


async def test_footage_has_nothing_to_render(header: Header) -> None:
    header.show_video(replace(video("Film"), kind=SourceKind.FOOTAGE), "")
    assert not header.draft.isVisible()
    header.show_video(video("Limits"), "")
    assert header.draft.isVisible()


async def test_rendering_shows_progress_and_cancel(header: Header) -> None:
    wanted: list[str] = []
    header.cancel_wanted.connect(lambda: wanted.append("cancel"))
    header.show_rendering(rendering=True)
    assert header.progress.figures.text() == "Preparing…"
    assert not header.draft.isEnabled()
    assert not header.final.isEnabled()
    header.progress.show_progress(1200, 4800, 95.0)
    assert header.progress.figures.text() == "1,200 of 4,800 frames · 1:35 left"
    header.show_rendering(rendering=True)
    assert header.progress.bar.value() == 1200, "progress is not forgotten half-way"
    header.progress.cancel.click()
    header.show_rendering(rendering=False)
    assert header.progress.isHidden()
    assert header.draft.isEnabled()
    assert wanted == ["cancel"]


async def test_the_next_render_begins_at_nothing(header: Header) -> None:
    header.show_rendering(rendering=True)
    header.progress.show_progress(10, 10, 0.0)
    header.show_rendering(rendering=False)
    header.show_rendering(rendering=True)
    assert header.progress.figures.text() == "Preparing…"
    assert (header.progress.bar.minimum(), header.progress.bar.maximum()) == (0, 0)


async def test_buttons_ask_for_what_they_say(header: Header) -> None:
    wanted: list[str] = []
    header.draft_wanted.connect(lambda: wanted.append("draft"))
    header.final_wanted.connect(lambda: wanted.append("final"))
    header.export_wanted.connect(lambda: wanted.append("export"))
    for made in (header.draft, header.final, header.export):
        made.click()
    assert wanted == ["draft", "final", "export"]
