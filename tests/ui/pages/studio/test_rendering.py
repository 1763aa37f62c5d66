"""Renders go through the real production service; only the drawing itself is a stand-in."""

import asyncio

import pytest

from desktop.config.paths import Paths
from desktop.domain import events
from desktop.domain.errors import InvalidInput, Problem, RenderFailed, StudioError, Unavailable
from desktop.domain.library import SourceKind, Video
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.ui.pages.studio import StudioPage
from tests.ui.pages.studio.conftest import TEXT, Maker, overwrite, quiet, shown, until
from tests.ui.pages.studio.doubles import FilmRenderer, Shell


def words(page: StudioPage) -> list[str]:
    return [row.words for row in page.parts.scenes_model.rows()]


def failure(line: int = 2) -> RenderFailed:
    problem = Problem("name 'Nope' is not defined.", line)
    return RenderFailed("“Square” could not be rendered", "It is.", "", (problem,))


async def gate(renderer: FilmRenderer, *titles: str) -> asyncio.Event:
    event = asyncio.Event()
    renderer.gates = dict.fromkeys(titles, event)
    return event


async def test_what_is_in_the_editor_is_rendered(
    page: StudioPage, services: Services, video: Video
) -> None:
    await shown(page, video)
    page.parts.area.editor.replace(TEXT + "\n## More\n\n- x\n")
    page.rendering.render(Quality.DRAFT)
    await quiet()
    made = (await services.versions.list(video.id))[0]
    assert [one.title for one in made.scenes] == ["Circle", "Square", "Both", "More"]
    assert made.quality is Quality.DRAFT


async def test_progress_is_shown_from_the_first_moment_to_the_end(
    page: StudioPage, renderer: FilmRenderer, video: Video
) -> None:
    await shown(page, video)
    opened = await gate(renderer, "Circle", "Square", "Both")
    header = page.parts.header
    assert header.progress.isHidden()
    header.draft.click()
    assert not header.progress.isHidden()
    assert header.progress.figures.text() == "Preparing…"
    assert not header.draft.isEnabled()
    await until(lambda: words(page) == ["Rendering 50 %"] * 3)
    await until(lambda: header.progress.figures.text() == "18 of 36 frames")
    assert (header.progress.bar.value(), header.progress.bar.maximum()) == (18, 36)
    opened.set()
    await quiet()
    assert header.progress.isHidden()
    assert header.draft.isEnabled()
    await until(lambda: words(page) == ["Up to date"] * 3)


async def test_cancelling_ends_it_and_keeps_what_is_complete(
    page: StudioPage, services: Services, renderer: FilmRenderer, shell: Shell, video: Video
) -> None:
    await shown(page, video)
    await gate(renderer, "Square")
    page.rendering.render(Quality.DRAFT)
    await until(lambda: len(renderer.drawn) == 2)
    page.parts.header.progress.cancel.click()
    await quiet()
    assert page.parts.header.progress.isHidden()
    assert words(page) == ["New"] * 3
    assert shell.errors == []
    assert await services.versions.list(video.id) == ()
    renderer.gates.clear()
    page.rendering.render(Quality.DRAFT)
    await quiet()
    assert sorted(renderer.drawn) == ["Both", "Circle", "Square"]


async def test_a_failure_leads_to_its_line(
    page: StudioPage, renderer: FilmRenderer, shell: Shell, video: Video
) -> None:
    await shown(page, video)
    renderer.failures["Square"] = failure()
    page.rendering.render(Quality.DRAFT)
    await quiet()
    line = TEXT.split("\n").index("## Square") + 1
    assert shell.buttons == [f"Go to line {line}"]
    await until(lambda: words(page)[1] == "Failed")
    assert [one.line for one in page.parts.area.problems.problems] == [line]
    act = shell.acts[0]
    assert act is not None
    act()
    assert page.parts.area.editor.line() == line


async def test_errors_in_the_text_lead_to_their_line(
    page: StudioPage, make: Maker, shell: Shell
) -> None:
    text = TEXT.replace("- side", "```chrat\na: 1\n```")
    await shown(page, await make.video(text))
    page.rendering.render(Quality.DRAFT)
    await quiet()
    assert isinstance(shell.errors[0], InvalidInput)
    assert shell.buttons == [f"Go to line {text.split(chr(10)).index('```chrat') + 1}"]


async def test_troubles_of_the_machine_have_no_line(
    page: StudioPage, renderer: FilmRenderer, shell: Shell, video: Video
) -> None:
    await shown(page, video)
    renderer.failures["Square"] = Unavailable("The disk is full", remedy="Free some space.")
    page.rendering.render(Quality.DRAFT)
    await quiet()
    assert shell.buttons == [""]
    assert isinstance(shell.errors[0], Unavailable)


async def test_a_text_without_scenes_is_explained(
    page: StudioPage, make: Maker, shell: Shell
) -> None:
    await shown(page, await make.video(""))
    page.rendering.render(Quality.DRAFT)
    await quiet()
    assert [str(one) for one in shell.errors] == [
        "There is no scene to render Start one with a line such as “## Introduction”."
    ]


# Another video is open by then


async def test_a_failure_of_a_video_that_was_left_names_it_and_opens_it(
    page: StudioPage, make: Maker, renderer: FilmRenderer, shell: Shell, video: Video
) -> None:
    other = await make.video("## Other\n\n- x\n", title="Other")
    await shown(page, video)
    opened = await gate(renderer, "Square")
    renderer.failures["Square"] = failure()
    page.rendering.render(Quality.DRAFT)
    await until(lambda: len(renderer.drawn) == 2)
    await shown_during_render(page, other)
    assert page.parts.header.progress.isHidden()
    opened.set()
    await quiet()
    assert isinstance(shell.errors[0], StudioError)
    assert shell.errors[0].title == "Areas: “Square” could not be rendered"
    assert shell.buttons == ["Open the video"]
    assert page.parts.area.editor.line() == 1
    act = shell.acts[0]
    assert act is not None
    act()
    await until(lambda: page.session.video_id == video.id)
    await quiet()


async def test_the_line_of_a_failure_is_not_looked_for_in_another_video(
    page: StudioPage, make: Maker, renderer: FilmRenderer, shell: Shell, video: Video
) -> None:
    other = await make.video("## Other\n" + "\n- x\n" * 20, title="Other")
    await shown(page, video)
    renderer.failures["Square"] = failure()
    page.rendering.render(Quality.DRAFT)
    await quiet()
    await shown(page, other)
    act = shell.acts[0]
    assert act is not None
    act()
    assert page.parts.area.editor.line() == 1
    await until(lambda: page.session.video_id == video.id)
    await quiet()


async def shown_during_render(page: StudioPage, video: Video) -> None:
    page.open_video(video.id)
    await until(lambda: page.session.video_id == video.id and page.parts.scenes_model.rows())


async def test_a_version_of_a_video_that_was_left_is_not_shown_here(
    page: StudioPage, make: Maker, renderer: FilmRenderer, video: Video
) -> None:
    other = await make.video("## Other\n\n- x\n", title="Other")
    await shown(page, video)
    opened = await gate(renderer, "Square")
    page.rendering.render(Quality.DRAFT)
    await until(lambda: len(renderer.drawn) == 2)
    await shown_during_render(page, other)
    opened.set()
    await quiet()
    assert page.watching.shown == 0
    assert page.watching.versions == ()
    assert words(page) == ["New"]
    await shown(page, video)
    assert page.watching.shown == 1


async def test_a_video_that_is_being_rendered_shows_so_when_it_is_opened_again(
    page: StudioPage, make: Maker, renderer: FilmRenderer, video: Video
) -> None:
    other = await make.video("## Other\n\n- x\n", title="Other")
    await shown(page, video)
    opened = await gate(renderer, "Square")
    page.rendering.render(Quality.DRAFT)
    await until(lambda: len(renderer.drawn) == 2)
    await shown_during_render(page, other)
    await shown_during_render(page, video)
    assert not page.parts.header.progress.isHidden()
    assert not page.parts.header.draft.isEnabled()
    opened.set()
    await quiet()
    assert page.parts.header.progress.isHidden()


async def test_events_of_other_videos_change_nothing(
    page: StudioPage, services: Services, video: Video
) -> None:
    await shown(page, video)
    scene_id = page.parts.scenes_model.rows()[0].scene.id
    for event in (
        events.RenderStarted("other", Quality.DRAFT, 3, 0),
        events.SceneProgressed("other", scene_id, 1, 2),
        events.RenderProgressed("other", 1, 2, None),
    ):
        services.bus.publish(event)
    await quiet()
    assert words(page) == ["New"] * 3
    assert page.parts.header.progress.isHidden()


# One scene


async def test_one_scene_is_drawn_and_shown_without_a_version(
    page: StudioPage, services: Services, renderer: FilmRenderer, video: Video
) -> None:
    await shown(page, video)
    scene = page.parts.scenes_model.rows()[1].scene
    page.rendering.render_scene(scene.id)
    await quiet()
    assert renderer.drawn == ["Square"]
    assert await services.versions.list(video.id) == ()
    await until(lambda: page.parts.player.viewer.path.endswith("scene.mp4"))
    await until(lambda: page.parts.scenes_model.rows()[1].scene.poster)


async def test_a_render_after_one_of_a_single_scene_waits_for_all(
    page: StudioPage, services: Services, renderer: FilmRenderer, video: Video
) -> None:
    await shown(page, video)
    page.rendering.render_scene(page.parts.scenes_model.rows()[1].scene.id)
    await quiet()
    await gate(renderer, "Circle")
    services.bus.publish(events.RenderStarted(video.id, Quality.DRAFT, 3, 0))
    assert words(page) == ["Waiting"] * 3
    services.bus.publish(events.RenderEnded(video.id, None))
    await quiet()


async def test_without_a_scene_nothing_is_drawn(page: StudioPage, video: Video) -> None:
    await shown(page, video)
    page.actions_by_id["studio.render_scene"].trigger()
    assert not page.rendering.running
    assert page.parts.header.progress.isHidden()


# What keeps it from beginning


async def test_nothing_changed_is_said(page: StudioPage, shell: Shell, video: Video) -> None:
    await shown(page, video)
    page.rendering.render(Quality.DRAFT)
    await quiet()
    page.rendering.render(Quality.DRAFT)
    await quiet()
    assert shell.notes == ["Nothing changed since version 1"]


async def test_a_second_press_does_not_begin_a_second_render(
    page: StudioPage, renderer: FilmRenderer, shell: Shell, video: Video
) -> None:
    await shown(page, video)
    opened = await gate(renderer, "Circle")
    page.rendering.render(Quality.DRAFT)
    await until(lambda: page.rendering.running)
    page.rendering.render(Quality.FINAL)
    page.rendering.render_scene(page.parts.scenes_model.rows()[0].scene.id)
    opened.set()
    await quiet()
    assert shell.errors == []
    assert [one.quality for one in page.watching.versions] == [Quality.DRAFT]


async def test_a_clash_is_decided_before_anything_is_drawn(
    page: StudioPage, services: Services, renderer: FilmRenderer, video: Video
) -> None:
    await shown(page, video)
    page.session.clashed.disconnect()
    asked: list[bool] = []
    page.session.clashed.connect(lambda: asked.append(True))
    page.parts.area.editor.replace(TEXT + "mine\n")
    await overwrite(services, video.id, TEXT + "theirs\n")
    page.rendering.render(Quality.DRAFT)
    await quiet()
    assert asked
    assert renderer.drawn == []
    assert page.parts.header.progress.isHidden()


async def test_a_full_disk_keeps_the_render_from_beginning(
    page: StudioPage,
    services: Services,
    renderer: FilmRenderer,
    shell: Shell,
    video: Video,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def save(*_: object, **_named: object) -> int:
        raise Unavailable("The disk is full")

    await shown(page, video)
    monkeypatch.setattr(services.authoring, "save", save)
    page.parts.area.editor.replace(TEXT + "more\n")
    page.rendering.render(Quality.DRAFT)
    await quiet()
    assert renderer.drawn == []
    assert page.parts.header.progress.isHidden()
    assert [str(one) for one in shell.errors] == ["The disk is full"]
    assert page.parts.area.editor.text().endswith("more\n")


async def test_footage_is_not_rendered(page: StudioPage, make: Maker) -> None:
    await shown(page, await make.video("", SourceKind.FOOTAGE))
    page.rendering.render(Quality.DRAFT)
    assert not page.parts.header.draft.isVisible()
    assert not page.actions_by_id["studio.render_draft"].isEnabled()
    assert not page.rendering.running


async def test_a_page_that_goes_during_a_render_leaves_nothing(
    services: Services, shell: Shell, renderer: FilmRenderer, video: Video, paths: Paths
) -> None:
    page = StudioPage(services, shell)
    page.setParent(shell)
    await shown(page, video)
    await gate(renderer, "Circle")
    page.rendering.render(Quality.DRAFT)
    await until(lambda: page.rendering.running)
    await page.finish()
    page.deleteLater()
    await quiet()
    assert not services.production.running(video.id)
