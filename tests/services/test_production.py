"""Renders with real Manim: what changes is drawn, what does not is not."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.app import open_services
from desktop.config.paths import Paths
from desktop.domain.errors import InvalidInput, RenderFailed
from desktop.domain.events import (
    RenderEnded,
    RenderProgressed,
    RenderStarted,
    SceneFailed,
    SceneFinished,
    VersionAdded,
)
from desktop.domain.library import Project, SourceKind, Video, VideoStatus
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.services.values import SceneState
from tests.services.conftest import Heard

pytestmark = pytest.mark.manim


@pytest.fixture(autouse=True)
async def small_pictures(services: Services) -> None:
    settings = services.settings.current
    rendering = replace(settings.rendering, draft_short_side=240, draft_fps=15)
    await services.settings.save(replace(settings, rendering=rendering))


async def rewrite(services: Services, video: Video, old: str, new: str) -> None:
    document = await services.authoring.open(video.id)
    assert old in document.text
    text = document.text.replace(old, new)
    await services.authoring.save(video.id, text, document.revision, own=True)


async def states(services: Services, video: Video) -> list[SceneState]:
    document = await services.authoring.open(video.id)
    outline = await services.authoring.outline(video.id, document.text)
    return [scene.state for scene in outline.scenes]


async def test_the_first_render_makes_version_one_with_all_its_files(
    services: Services, manim_video: Video
) -> None:
    heard = Heard(services.bus, RenderStarted, SceneFinished, VersionAdded, RenderEnded)
    version = await services.production.render(manim_video.id, Quality.DRAFT)
    assert (version.number, version.frames, version.height) == (1, 12, 240)
    assert [take.title for take in version.scenes] == ["First", "Second"]
    assert [take.first_frame for take in version.scenes] == [0, 6]
    files = services.versions.files(manim_video.id, 1)
    for name in ("video", "poster", "sprite", "sprite_index", "captions", "source", "module"):
        assert Path(getattr(files, name)).exists(), name
    assert heard.of(RenderStarted) == [RenderStarted(manim_video.id, Quality.DRAFT, 2, 0)]
    assert heard.of(VersionAdded) == [VersionAdded(manim_video.id, 1)]
    assert heard.events[-1] == RenderEnded(manim_video.id, 1)
    assert (await services.library.video(manim_video.id)).status is VideoStatus.RENDERED
    assert await states(services, manim_video) == [SceneState.FRESH] * 2


async def test_only_the_edited_scene_is_drawn_again(services: Services, manim_video: Video) -> None:
    first = await services.production.render(manim_video.id, Quality.DRAFT)
    await rewrite(services, manim_video, "Create(Circle())", "Create(Triangle())")
    assert await states(services, manim_video) == [SceneState.FRESH, SceneState.CHANGED]
    heard = Heard(services.bus, RenderStarted)
    second = await services.production.render(manim_video.id, Quality.DRAFT)
    assert heard.events == [RenderStarted(manim_video.id, Quality.DRAFT, 1, 1)]
    assert second.number == 2
    assert second.scenes[0].render_key == first.scenes[0].render_key
    assert second.scenes[0].scene_id == first.scenes[0].scene_id
    assert second.note == "Edited “Second”"


async def test_a_shared_name_renders_only_the_scenes_that_use_it(
    services: Services, manim_video: Video
) -> None:
    await services.production.render(manim_video.id, Quality.DRAFT)
    await rewrite(services, manim_video, "SIDE = 2", "SIDE = 3")
    assert await states(services, manim_video) == [SceneState.CHANGED, SceneState.FRESH]


async def test_nothing_is_drawn_and_no_version_made_when_nothing_changed(
    services: Services, manim_video: Video
) -> None:
    await services.production.render(manim_video.id, Quality.DRAFT)
    heard = Heard(services.bus, RenderStarted, VersionAdded)
    again = await services.production.render(manim_video.id, Quality.DRAFT)
    assert again.number == 1
    assert heard.events == []


async def test_progress_reaches_the_number_of_frames(
    services: Services, manim_video: Video
) -> None:
    heard = Heard(services.bus, RenderProgressed)
    await services.production.render(manim_video.id, Quality.DRAFT)
    last = heard.of(RenderProgressed)[-1]
    assert isinstance(last, RenderProgressed)
    assert (last.frames_done, last.frames_total) == (12, 12)


async def test_a_scene_that_raises_is_named_at_its_line_and_the_other_is_kept(
    services: Services, manim_video: Video
) -> None:
    await rewrite(services, manim_video, "Create(Circle())", "Create(Circel())")
    heard = Heard(services.bus, SceneFailed, SceneFinished)
    with pytest.raises(RenderFailed) as caught:
        await services.production.render(manim_video.id, Quality.DRAFT)
    [problem] = caught.value.problems
    assert problem.line == 13
    assert "Circel" in problem.message
    assert "Circle" in problem.remedy
    assert len(heard.of(SceneFailed)) == len(heard.of(SceneFinished)) == 1
    assert SceneState.FAILED in await states(services, manim_video)
    assert await services.versions.list(manim_video.id) == ()
    await rewrite(services, manim_video, "Create(Circel())", "Create(Circle())")
    started = Heard(services.bus, RenderStarted)
    await services.production.render(manim_video.id, Quality.DRAFT)
    assert started.events == [RenderStarted(manim_video.id, Quality.DRAFT, 1, 1)]


async def test_cancelling_leaves_everything_as_it_was(
    services: Services, paths: Paths, manim_video: Video
) -> None:
    await rewrite(services, manim_video, "run_time=0.4", "run_time=60")
    progressed = asyncio.Event()
    services.bus.subscribe(RenderProgressed, lambda _event: progressed.set())
    heard = Heard(services.bus, RenderEnded)
    render = asyncio.get_running_loop().create_task(
        services.production.render(manim_video.id, Quality.DRAFT)
    )
    await asyncio.wait_for(progressed.wait(), 60)
    services.production.cancel(manim_video.id)
    with pytest.raises(asyncio.CancelledError):
        await render
    assert [event.cancelled for event in heard.events if isinstance(event, RenderEnded)] == [True]
    assert await services.versions.list(manim_video.id) == ()
    assert not services.production.running(manim_video.id)
    assert (await services.library.video(manim_video.id)).status is VideoStatus.CODE_READY
    assert not list(paths.renders.rglob("*.mp4"))


async def test_a_video_is_rendered_once_at_a_time(services: Services, manim_video: Video) -> None:
    first = asyncio.get_running_loop().create_task(
        services.production.render(manim_video.id, Quality.DRAFT)
    )
    await asyncio.sleep(0)
    with pytest.raises(InvalidInput):
        await services.production.render(manim_video.id, Quality.DRAFT)
    assert (await first).number == 1


async def test_one_scene_can_be_drawn_alone_without_a_version(
    services: Services, manim_video: Video
) -> None:
    document = await services.authoring.open(manim_video.id)
    outline = await services.authoring.outline(manim_video.id, document.text)
    film = await services.production.render_scene(
        manim_video.id, outline.scenes[1].id, Quality.DRAFT
    )
    assert film.exists()
    assert await services.versions.list(manim_video.id) == ()


async def test_a_text_with_errors_is_not_rendered(services: Services, project: Project) -> None:
    video = await services.library.create_video(
        project.id, "Bad", SourceKind.STORYBOARD, "## One\n\n```plto\nx\n```\n"
    )
    with pytest.raises(InvalidInput) as caught:
        await services.production.render(video.id, Quality.DRAFT)
    assert caught.value.problems[0].line == 3


async def test_a_text_without_scenes_says_how_to_begin_one(
    services: Services, project: Project
) -> None:
    video = await services.library.create_video(project.id, "No", SourceKind.STORYBOARD, "Hello\n")
    with pytest.raises(InvalidInput) as caught:
        await services.production.render(video.id, Quality.DRAFT)
    assert "##" in caught.value.remedy


async def test_versions_are_there_after_a_restart_and_nothing_is_drawn_again(
    services: Services, paths: Paths, manim_video: Video
) -> None:
    await services.production.render(manim_video.id, Quality.DRAFT)
    async with open_services(paths) as other:
        heard = Heard(other.bus, RenderStarted)
        version = await other.production.render(manim_video.id, Quality.DRAFT)
    assert version.number == 1
    assert heard.events == []


async def test_a_file_with_a_mistake_is_refused_for_the_mistake(
    services: Services, project: Project
) -> None:
    video = await services.library.create_video(
        project.id, "Broken", SourceKind.MANIM, "class A(Scene:\n    pass\n"
    )
    with pytest.raises(InvalidInput, match="The text has an error") as raised:
        await services.production.render(video.id, Quality.DRAFT)
    assert [problem.line for problem in raised.value.problems] == [1]


@pytest.mark.parametrize(
    ("kind", "text", "remedy"),
    [
        (SourceKind.STORYBOARD, "Just a sentence.\n", "## Introduction"),
        (SourceKind.MANIM, "SIDE = 2\n", "derives from Scene"),
    ],
)
async def test_a_text_without_scenes_is_told_how_one_begins(
    services: Services, project: Project, kind: SourceKind, text: str, remedy: str
) -> None:
    video = await services.library.create_video(project.id, "Nothing", kind, text)
    with pytest.raises(InvalidInput, match="no scene") as raised:
        await services.production.render(video.id, Quality.DRAFT)
    assert remedy in raised.value.remedy
