"""What was allowed is listed, and what is taken back is asked about again."""

from dataclasses import replace
from pathlib import Path

from desktop.services.library import now
from desktop.services.services import Services
from tests.services.conftest import TWO_SCENES
from tests.services.consent.bringing import HELPED, brought, drawn, write
from tests.services.consenting import allow


async def test_consent_that_is_taken_back_is_asked_for_again(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    await allow(services, video_id)
    for one in await services.consent.allowed():
        await services.consent.withdraw(one)
    assert not await drawn(services, video_id)
    assert await services.consent.allowed() == ()


async def test_what_was_allowed_is_listed_with_when_and_where_it_came_from(
    services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    [video_id] = await brought(services, folder, shapes_py=HELPED, helpers_py="side = 1")
    assert await services.consent.allowed() == ()
    before = now()
    await allow(services, video_id)
    found = {one.name: one for one in await services.consent.allowed()}
    assert set(found) == {"", "helpers.py"}
    assert {one.title for one in found.values()} == {"Shapes"}
    assert found[""].origin == str(folder / "shapes.py")
    assert found["helpers.py"].origin == str(folder / "helpers.py")
    assert all(before <= one.when <= now() for one in found.values())
    assert all(one.videos == (video_id,) for one in found.values())


async def test_a_file_beside_a_text_is_taken_back_without_the_text(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    await allow(services, video_id)
    helpers = next(one for one in await services.consent.allowed() if one.name)
    await services.consent.withdraw(helpers)
    question = await services.consent.needed(video_id)
    assert question is not None
    assert [file.name for file in question.files] == ["helpers.py"]
    assert [one.name for one in await services.consent.allowed()] == [""]


async def test_code_that_was_changed_here_is_taken_back_with_what_it_came_from(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    await write(services, video_id, "SIDE = 2", "SIDE = 3")
    assert await drawn(services, video_id)
    [one] = await services.consent.allowed()
    await services.consent.withdraw(one)
    assert not await drawn(services, video_id)


async def test_every_video_that_the_code_came_in_with_is_asked_about_again(
    services: Services, tmp_path: Path
) -> None:
    [first] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, first)
    [second] = await brought(services, tmp_path / "on", again_py=TWO_SCENES + "# again\n")
    assert await drawn(services, second)
    [one] = await services.consent.allowed()
    assert one.videos == (first, second)
    await services.consent.withdraw(one)
    assert [await drawn(services, each) for each in (first, second)] == [False, False]


async def test_what_was_allowed_in_a_video_that_is_gone_is_taken_back_all_the_same(
    services: Services, tmp_path: Path
) -> None:
    [first] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, first)
    [one] = await services.consent.allowed()
    await services.consent.withdraw(replace(one, videos=("nobody",)))
    assert await services.consent.allowed() == ()
    [again] = await brought(services, tmp_path / "on", again_py=TWO_SCENES)
    assert not await drawn(services, again)
