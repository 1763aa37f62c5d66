"""Journey 1: no account, nothing set up; a sample becomes scenes, then a video that plays."""

import pytest

from desktop.domain.library import VideoStatus
from desktop.services.values import SceneState
from tests.journeys.conftest import Person

pytestmark = [pytest.mark.manim, pytest.mark.timeout(240)]


async def test_a_sample_becomes_scenes_one_after_the_other_and_then_a_video(person: Person) -> None:
    assert person.window.pages.current_id == "welcome"
    welcome = person.window.pages.page("welcome")
    cards = {card.sample.title: card for card in welcome._cards}  # type: ignore[attr-defined]  # the welcome page
    assert len(cards) == 5
    cards["A number that contains itself"].click()

    studio = person.studio
    await person.sees(lambda: studio.session.outline)
    scenes = studio.parts.scenes_model
    titles = [row.scene.title for row in scenes.rows()]
    assert titles[0] == "Hook"
    await person.sees(lambda: any(row.rendering for row in scenes.rows()))
    assert studio.parts.header.progress.isVisible()
    assert not studio.parts.header.draft.isEnabled(), "one render at a time"

    await person.sees(lambda: studio.parts.player.viewer.path)
    assert studio.watching.newest == 0, "the first scene is shown before the video is complete"
    drawn = [row for row in scenes.rows() if row.scene.poster]
    assert 0 < len(drawn) < len(titles)

    await person.sees(lambda: studio.watching.shown == 1)
    await person.sees(lambda: studio.parts.player.viewer.frame_count)
    await person.waits()
    assert all(row.scene.state is SceneState.FRESH for row in scenes.rows())
    version = studio.watching.version(1)
    assert version is not None
    assert [take.title for take in version.scenes] == titles
    assert (version.width, version.height) == (240, 426), "upright, as the storyboard says"
    assert studio.parts.player.viewer.frame_count == version.frames
    video = await person.services.library.video(studio.session.video_id)
    assert (video.status, video.latest_version) == (VideoStatus.RENDERED, 1)

    before = studio.parts.player.frame
    person.does("player.play")
    await person.sees(lambda: studio.parts.player.frame > before + 5)
    person.does("player.play")
    assert not studio.parts.player.viewer.playing


async def test_the_next_start_opens_where_the_last_one_ended(person: Person) -> None:
    project = await person.services.samples.install()
    assert project.title == "Samples"
    videos = await person.services.samples.videos()
    await person.opens(videos[0].id)
    person.window._layout.save(person.window, "studio", videos[0].id)
    assert person.window._layout.video_id == videos[0].id
    assert person.services.settings.current.general.first_run_done
