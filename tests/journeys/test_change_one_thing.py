"""Journey 2: one scene is edited; only that one is drawn, and what changed is shown."""

import asyncio
import time

import pytest
from pytestqt.qtbot import QtBot

from desktop.domain.events import RenderStarted
from desktop.domain.library import SourceKind
from desktop.services.values import SceneState
from desktop.ui.pages.studio.layout import CHANGES, VERSIONS
from tests.journeys.conftest import Person
from tests.services.conftest import Heard

pytestmark = [pytest.mark.manim, pytest.mark.timeout(240)]

STORYBOARD = """---
title: Three thoughts
theme: dark
---

## First

> The first thought.

- One

## Second

> The second thought.

- Two

## Third

> The third thought.

- Three
"""


async def opened(person: Person) -> str:
    project = await person.services.library.create_project("Essays")
    video = await person.services.library.create_video(
        project.id, "Three thoughts", SourceKind.STORYBOARD, STORYBOARD
    )
    await person.opens(video.id)
    return video.id


def states(person: Person) -> list[SceneState]:
    return [row.scene.state for row in person.studio.parts.scenes_model.rows()]


async def test_one_edited_scene_is_one_drawn_scene(person: Person) -> None:
    video_id = await opened(person)
    first = await person.renders()
    person.writes("The second thought.", "A better second thought.")
    await person.sees(lambda: SceneState.CHANGED in states(person))
    assert states(person) == [SceneState.FRESH, SceneState.CHANGED, SceneState.FRESH]
    await person.sees(lambda: person.window.status.saved.text() == "Saved")

    heard = Heard(person.services.bus, RenderStarted)
    second = await person.renders()
    [started] = heard.of(RenderStarted)
    assert isinstance(started, RenderStarted)
    assert (started.scenes, started.reused) == (1, 2)
    assert (second.number, second.note) == (2, "Edited “Second”")
    keys = [take.render_key for take in first.scenes]
    assert [take.render_key for take in second.scenes][::2] == keys[::2]

    studio = person.studio
    assert studio.parts.player.frame == second.scenes[1].first_frame, "where something changed"
    studio.parts.tabs.setCurrentIndex(CHANGES)
    assert studio.parts.changes.chosen() == (1, 2)
    assert studio.parts.changes.summary.text() == "1 scene differs, 2 the same."
    assert "+ > A better second thought." in studio.parts.changes.difference.toPlainText()

    studio.parts.tabs.setCurrentIndex(VERSIONS)
    person.does("studio.older")
    await person.sees(lambda: studio.watching.shown == 1)
    assert studio.parts.restore_bar.isVisible()
    studio.parts.restore.click()
    await person.sees(lambda: "> The second thought." in studio.parts.area.editor.text())
    await person.sees(lambda: states(person)[1] is SceneState.CHANGED)
    person.does("edit.undo")
    await person.sees(lambda: "A better second thought." in studio.parts.area.editor.text())
    document = await person.services.authoring.open(video_id)
    assert "A better second thought." in document.text


async def test_rendering_again_what_is_there_draws_nothing(person: Person) -> None:
    await opened(person)
    await person.renders()
    heard = Heard(person.services.bus, RenderStarted)
    began = time.monotonic()
    person.does("studio.render_draft")
    await person.waits()
    assert time.monotonic() - began < 5
    assert heard.events == []
    assert [toast.message.text() for toast in person.window.toasts.toasts()] == [
        "Nothing changed since version 1"
    ]


async def test_a_mistake_is_named_at_its_line_and_the_others_are_kept(person: Person) -> None:
    await opened(person)
    await person.renders()
    person.writes("- Two", "```manim\nself.play(1 / 0)\n```")
    await person.waits()
    person.does("studio.render_draft")
    await person.sees(person.window.banners.banners)
    await person.waits()
    [banner] = person.window.banners.banners()
    line = person.studio.parts.area.editor.text().splitlines().index("self.play(1 / 0)") + 1
    assert banner.message.button == f"Go to line {line}"
    kept = [SceneState.FRESH, SceneState.FAILED, SceneState.FRESH]
    await person.sees(lambda: states(person) == kept)
    banner.help()
    assert person.studio.parts.area.editor.line() == line
    assert person.studio.watching.newest == 1, "no version of a video that is not whole"

    person.writes("self.play(1 / 0)", "self.wait(0.2)")
    version = await person.renders()
    assert version.number == 2
    await person.sees(lambda: states(person) == [SceneState.FRESH] * 3)


async def test_a_cancelled_render_leaves_everything_as_it_was(person: Person) -> None:
    await opened(person)
    person.does("studio.render_draft")
    await person.sees(lambda: any(row.total for row in person.studio.parts.scenes_model.rows()))
    person.does("studio.cancel")
    await person.sees(lambda: not person.studio.rendering.running)
    await person.waits()
    assert person.studio.watching.newest == 0
    assert not person.window.banners.banners()
    assert (await person.renders()).number == 1


async def test_typing_is_saved_within_a_second_without_a_pause(
    person: Person, qtbot: QtBot
) -> None:
    video_id = await opened(person)
    editor = person.studio.parts.area.editor
    editor.go_to_line(8)
    typed = ""
    began = time.monotonic()
    while time.monotonic() - began < 1.5:
        qtbot.keyClicks(editor.area, "word ")
        typed += "word "
        await asyncio.sleep(0.05)
    stored = (await person.services.authoring.open(video_id)).text
    assert stored.count("word ") > 0.3 * typed.count("word ")
    await person.waits()
    assert (await person.services.authoring.open(video_id)).text == editor.text()
