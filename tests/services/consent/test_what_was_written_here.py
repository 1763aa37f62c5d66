"""What was written here, has no code or came with the program is never asked about."""

from pathlib import Path

import pytest

from desktop.config.paths import resource_dir
from desktop.domain.library import Project, SourceKind
from desktop.services.services import Services
from tests.services.conftest import TWO_SCENES
from tests.services.consent.bringing import WRITTEN, brought, drawn, write
from tests.services.consenting import allow


@pytest.mark.parametrize("kind", [SourceKind.MANIM, SourceKind.STORYBOARD])
async def test_what_was_written_here_is_never_asked_about(
    services: Services, project: Project, kind: SourceKind
) -> None:
    text = TWO_SCENES if kind is SourceKind.MANIM else WRITTEN
    video = await services.library.create_video(project.id, "Mine", kind, text, own=True)
    assert await services.consent.needed(video.id) is None
    assert await drawn(services, video.id)
    copy = await services.library.duplicate_video(video.id)
    assert await drawn(services, copy.id)


async def test_a_storyboard_without_code_runs_and_may_get_code_here(
    services: Services, tmp_path: Path
) -> None:
    text = "## One\n\n- a point\n"
    [video_id] = await brought(services, tmp_path / "in", talk_md=text)
    assert await drawn(services, video_id)
    await write(services, video_id, "- a point", "```manim\nself.wait(1)\n```")
    assert await drawn(services, video_id)


async def test_a_storyboard_with_code_is_asked_about_and_its_words_do_not_count(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "a", talk_md=WRITTEN)
    assert not await drawn(services, video_id)
    await allow(services, video_id)
    assert await drawn(services, video_id)
    [again] = await brought(services, tmp_path / "b", talk_md=WRITTEN.replace("Spoken", "Said"))
    assert await drawn(services, again)
    [other] = await brought(services, tmp_path / "c", talk_md=WRITTEN.replace("0.2", "0.3"))
    assert not await drawn(services, other)


async def test_the_samples_run_and_are_known_by_their_code_not_their_name(
    services: Services, tmp_path: Path
) -> None:
    sample = (resource_dir() / "samples" / "pythagoras" / "storyboard.md").read_text("utf-8")
    for video in await services.samples.videos():
        assert await services.consent.needed(video.id) is None
    [same] = await brought(services, tmp_path / "a", anything_md=sample)
    assert await drawn(services, same)
    forged = sample.replace("```manim\n", "```manim\nimport os\n")
    assert forged != sample
    [fake] = await brought(services, tmp_path / "pythagoras", storyboard_md=forged)
    assert not await drawn(services, fake)
