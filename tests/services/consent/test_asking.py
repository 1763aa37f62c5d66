"""Code from elsewhere runs after a person has allowed it, and is asked about once."""

from pathlib import Path

import pytest

from desktop.app import open_services
from desktop.config.paths import Paths
from desktop.domain.errors import NotAllowed
from desktop.domain.events import RenderEnded, RenderStarted
from desktop.domain.library import Project, SourceKind, VideoStatus
from desktop.domain.picture import Quality
from desktop.rendering.jobs import SceneJob
from desktop.services.consent import ConsentQuestion
from desktop.services.services import Services
from tests.services.conftest import TWO_SCENES, Heard
from tests.services.consent.bringing import HELPED, WRITTEN, brought, drawn, write
from tests.services.consenting import allow


async def test_an_imported_manim_file_does_not_run_before_it_is_allowed(
    services: Services, ran: list[SceneJob], tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    heard = Heard(services.bus, RenderStarted, RenderEnded)
    with pytest.raises(NotAllowed) as refused:
        await services.production.render(video_id, Quality.DRAFT)
    assert "Shapes" in refused.value.title
    assert refused.value.remedy
    assert ran == []
    assert heard.of(RenderStarted) == []
    assert heard.of(RenderEnded) == [
        RenderEnded(video_id, None, cancelled=True, message=refused.value.title)
    ]
    assert (await services.library.video(video_id)).status is VideoStatus.CODE_READY
    await allow(services, video_id)
    assert await drawn(services, video_id)
    assert len(ran) == 2


async def test_nothing_that_is_done_with_an_imported_file_runs_it(
    services: Services, ran: list[SceneJob], tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    document = await services.authoring.open(video_id)
    outline = await services.authoring.outline(video_id, document.text)
    await services.library.duplicate_video(video_id)
    await services.exporting.folder(video_id, tmp_path / "out")
    for work in (
        services.production.render(video_id, Quality.FINAL),
        services.production.render_scene(video_id, outline.scenes[0].id, Quality.DRAFT),
    ):
        with pytest.raises(NotAllowed):
            await work
    assert await services.consent.needed(video_id) is not None
    assert ran == []


async def test_the_question_names_all_there_is_to_know(services: Services, tmp_path: Path) -> None:
    text = TWO_SCENES.replace(
        "SIDE = 2", "import os\nimport helpers\n\nos.system('ls')\nSIDE = helpers.side"
    )
    [video_id] = await brought(services, tmp_path / "in", shapes_py=text, helpers_py="eval('1')")
    question = await services.consent.needed(video_id)
    assert isinstance(question, ConsentQuestion)
    [video] = question.videos
    assert (video.video_id, video.title) == (video_id, "Shapes")
    assert video.scenes == ("First", "Second")
    own, helper = video.files
    assert (own.name, own.code) == ("", text)
    assert (helper.name, helper.code) == ("helpers.py", "eval('1')")
    assert question.imports == ("helpers", "manim", "os")
    assert [one.line for one in own.findings] == [6]
    assert "(os.system)" in own.findings[0].message
    assert [one.line for one in helper.findings] == [1]
    assert question.protection.detail == "Full sandbox"


async def test_it_is_asked_once_also_after_a_restart_and_in_another_process(
    services: Services, paths: Paths, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    async with open_services(paths) as other:
        assert await other.consent.needed(video_id) is None
        assert await drawn(other, video_id)


async def test_the_same_code_is_known_when_it_comes_again(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "a", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    spaced = TWO_SCENES.replace("SIDE = 2", "SIDE  =  2  # units")
    [again] = await brought(services, tmp_path / "b", renamed_py=spaced)
    assert await drawn(services, again)


async def test_changed_code_that_comes_again_is_asked_about(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "a", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    [again] = await brought(services, tmp_path / "b", shapes_py=TWO_SCENES.replace("2", "3"))
    assert not await drawn(services, again)
    assert await drawn(services, video_id)


async def test_several_files_are_one_question(services: Services, tmp_path: Path) -> None:
    ids = await brought(
        services, tmp_path / "in",
        a_py=TWO_SCENES, b_py=TWO_SCENES.replace("2", "3"), c_md=WRITTEN, d_md="## One\n\n- x\n",
    )  # fmt: skip
    question = await services.consent.needed(*ids)
    assert question is not None
    assert len(question.videos) == len(question.files) == 3
    await services.consent.give(question)
    assert await services.consent.needed(*ids) is None
    assert [await drawn(services, one) for one in ids] == [True] * 4


async def test_a_library_that_was_lost_asks_only_about_what_was_never_allowed(
    paths: Paths, tmp_path: Path
) -> None:
    async with open_services(paths) as services:
        [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
        await allow(services, video_id)
    for file in paths.data.glob("library.db*"):
        file.unlink()
    async with open_services(paths) as services:
        [again] = await brought(services, tmp_path / "in")
        assert await drawn(services, again)
        [other] = await brought(services, tmp_path / "on", other_py=TWO_SCENES.replace("2", "4"))
        assert not await drawn(services, other)


async def test_it_is_known_of_each_text_whether_it_runs_code_that_was_allowed(
    services: Services, project: Project, tmp_path: Path
) -> None:
    [brought_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    own = await services.library.create_video(project.id, "Own", SourceKind.MANIM, TWO_SCENES)

    async def runs_allowed(video_id: str) -> bool:
        document = await services.authoring.open(video_id)
        reading, _ids, _newest = await services.authoring.read(video_id, document.text)
        return await services.consent.runs_allowed(document, reading)

    assert [await runs_allowed(one) for one in (brought_id, own.id)] == [False, False]
    await allow(services, brought_id)
    assert [await runs_allowed(one) for one in (brought_id, own.id)] == [True, False]
    await write(services, brought_id, "SIDE = 2", "SIDE = 3")
    assert await runs_allowed(brought_id)
