from pathlib import Path

import pytest

from desktop.app import open_services
from desktop.config.paths import Paths
from desktop.domain.errors import InvalidInput, NotFound
from desktop.domain.events import LibraryChanged
from desktop.domain.library import Project, SearchQuery, SourceKind, Video, VideoStatus
from desktop.services.services import Services
from tests.services.conftest import Heard


async def titles(services: Services, text: str = "", *, trashed: bool = False) -> list[str]:
    page = await services.library.search(SearchQuery(text=text, order="title", trashed=trashed))
    return [video.title for video in page.videos]


async def test_a_project_keeps_its_tidied_title(services: Services) -> None:
    made = await services.library.create_project("  Linear   algebra ")
    assert (await services.library.project(made.id)).title == "Linear algebra"


async def test_a_title_of_blanks_is_refused_with_a_remedy(services: Services) -> None:
    with pytest.raises(InvalidInput) as caught:
        await services.library.create_project("   ")
    assert caught.value.remedy


async def test_a_video_starts_ready_when_it_has_a_text_and_created_when_it_has_none(
    services: Services, project: Project
) -> None:
    library = services.library
    written = await library.create_video(project.id, "A", SourceKind.STORYBOARD, "## One\n")
    blank = await library.create_video(project.id, "B", SourceKind.STORYBOARD, "")
    assert (written.status, blank.status) == (VideoStatus.CODE_READY, VideoStatus.CREATED)
    assert (await services.authoring.open(written.id)).text == "## One\n"


async def test_videos_are_found_by_their_text_code_and_tags(
    services: Services, project: Project
) -> None:
    library = services.library
    video = await library.create_video(
        project.id, "Circles", SourceKind.STORYBOARD, "## Start\n\nThe hypotenuse is longest\n"
    )
    await library.edit_video(video.id, tags=("school", " school ", ""))
    assert await titles(services, "hypoten") == ["Circles"]
    assert await titles(services, "school") == ["Circles"]
    assert await titles(services, "nowhere") == []
    assert await library.tags() == (("school", 1),)


async def test_every_change_of_a_video_can_be_taken_back(
    services: Services, manim_video: Video
) -> None:
    undo = await services.library.edit_video(
        manim_video.id, title="Forms", description="New", tags=("a",)
    )
    await undo.revert()
    again = await services.library.video(manim_video.id)
    assert (again.title, again.description, again.tags) == ("Shapes", "", ())


async def test_renaming_a_project_can_be_taken_back(services: Services, project: Project) -> None:
    undo = await services.library.rename_project(project.id, "Topology")
    assert "Topology" in undo.label
    await undo.revert()
    assert (await services.library.project(project.id)).title == "Geometry"


async def test_trash_takes_videos_out_of_sight_and_gives_them_back(
    services: Services, manim_video: Video
) -> None:
    undo = await services.library.trash_videos([manim_video.id])
    assert await titles(services) == []
    assert await titles(services, trashed=True) == ["Shapes"]
    await undo.revert()
    assert await titles(services) == ["Shapes"]


async def test_a_trashed_project_comes_back_with_its_videos(
    services: Services, project: Project, manim_video: Video
) -> None:
    undo = await services.library.trash_project(project.id)
    assert "1 video" in undo.label
    assert await services.library.projects() == ()
    await undo.revert()
    assert [known.title for known in await services.library.projects()] == ["Geometry"]
    assert await titles(services) == ["Shapes"]


async def test_undoing_a_project_leaves_videos_that_were_in_the_trash_before(
    services: Services, project: Project, manim_video: Video
) -> None:
    await services.library.trash_videos([manim_video.id])
    undo = await services.library.trash_project(project.id)
    await undo.revert()
    assert await titles(services) == []


async def test_emptying_the_trash_deletes_rows_and_files(
    services: Services, paths: Paths, manim_video: Video
) -> None:
    assets = services.authoring.assets(manim_video.id)
    assets.mkdir(parents=True, exist_ok=True)
    (assets / "cat.png").write_bytes(b"x")
    await services.library.trash_videos([manim_video.id])
    assert await services.library.empty_trash() == 1
    with pytest.raises(NotFound):
        await services.library.video(manim_video.id)
    assert not list(paths.data.rglob("cat.png"))


async def test_a_copy_has_the_text_and_the_pictures_of_the_original(
    services: Services, manim_video: Video
) -> None:
    assets = services.authoring.assets(manim_video.id)
    (assets / "pictures").mkdir(parents=True)
    (assets / "pictures" / "cat.png").write_bytes(b"meow")
    copy = await services.library.duplicate_video(manim_video.id)
    original = await services.authoring.open(manim_video.id)
    assert (await services.authoring.open(copy.id)).text == original.text
    copied = services.authoring.assets(copy.id) / "pictures" / "cat.png"
    assert copied.read_bytes() == b"meow"
    assert copy.title == "Shapes (copy)"


async def test_changes_are_announced_with_the_videos_they_concern(
    services: Services, manim_video: Video
) -> None:
    heard = Heard(services.bus, LibraryChanged)
    await services.library.edit_video(manim_video.id, title="Forms")
    assert heard.events == [LibraryChanged((manim_video.id,))]


async def test_a_second_process_on_the_same_library_sees_and_is_seen(
    services: Services, paths: Paths, project: Project
) -> None:
    async with open_services(paths) as other:
        await other.library.create_video(project.id, "From outside", SourceKind.STORYBOARD, "")
    assert await titles(services) == ["From outside"]


async def test_an_undamaged_library_has_nothing_to_report(services: Services) -> None:
    assert services.library.damage() is None


async def test_a_damaged_library_is_put_together_again_and_says_so(
    tmp_path: Path, paths: Paths
) -> None:
    async with open_services(paths) as first:
        await first.library.create_project("Kept")
    data = bytearray(paths.database.read_bytes())
    data[100:2000] = b"\xff" * 1900
    paths.database.write_bytes(bytes(data))
    async with open_services(paths) as second:
        damage = second.library.damage()
        assert damage is not None
        kept = [path for path in paths.data.iterdir() if path.name in damage.detail]
        assert kept, "the damaged file is set aside under the name the message gives"
