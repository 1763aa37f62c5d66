"""What a person writes into allowed code is allowed; what else changes in it is asked about."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.errors import NotAllowed
from desktop.domain.library import Project, SourceKind
from desktop.services.services import Services
from tests.services.conftest import TWO_SCENES
from tests.services.consent.bringing import HELPED, brought, drawn, write
from tests.services.consenting import allow


async def test_what_the_person_writes_into_allowed_code_is_not_asked_about(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    for side in "3456":
        await write(services, video_id, f"SIDE = {int(side) - 1}", f"SIDE = {side}")
    assert await drawn(services, video_id)


async def test_writing_into_code_that_nobody_allowed_does_not_allow_it(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await write(services, video_id, "SIDE = 2", "SIDE = 3")
    assert not await drawn(services, video_id)


async def test_what_changed_after_the_question_is_not_allowed_by_the_answer(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    question = await services.consent.needed(video_id)
    assert question is not None
    document = await services.authoring.open(video_id)
    await services.authoring.save(video_id, document.text + "import os\n", document.revision)
    await services.consent.give(question)
    assert not await drawn(services, video_id)


async def test_a_text_that_another_program_changed_is_asked_about_again(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    document = await services.authoring.open(video_id)
    await services.authoring.save(video_id, document.text + "import os\n", document.revision)
    assert not await drawn(services, video_id)


async def test_a_module_that_changes_on_the_disk_is_asked_about_again(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    await allow(services, video_id)
    assert await drawn(services, video_id)
    module = services.authoring.assets(video_id) / "helpers.py"
    module.write_text("side = 1  # one\n")
    assert await drawn(services, video_id)
    module.write_text("side = __import__('os').getpid()")
    assert not await drawn(services, video_id)
    question = await services.consent.needed(video_id)
    assert question is not None
    assert [file.name for file in question.files] == ["helpers.py"]


async def test_a_module_that_changed_between_reading_and_asking_does_not_run(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    await allow(services, video_id)
    document = await services.authoring.open(video_id)
    reading, _ids, _newest = await services.authoring.read(video_id, document.text)
    await services.consent.check(document, reading)
    other = replace(reading, files_run=("0" * 64,))
    with pytest.raises(NotAllowed, match="changed just now"):
        await services.consent.check(document, other)


async def test_a_module_of_a_text_written_here_is_asked_about(
    services: Services, project: Project, tmp_path: Path
) -> None:
    video = await services.library.create_video(
        project.id, "Mine", SourceKind.MANIM, HELPED, own=True
    )
    folder = services.authoring.assets(video.id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "helpers.py").write_text("side = 1")
    assert not await drawn(services, video.id)
    await allow(services, video.id)
    assert await drawn(services, video.id)
