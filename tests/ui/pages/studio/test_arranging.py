import asyncio

import pytest

from desktop.domain.library import SourceKind, Video
from desktop.domain.lines import line_count
from desktop.services.services import Services
from desktop.ui.pages.studio import StudioPage
from desktop.ui.pages.studio.arranging import NEW_SCENE
from tests.ui.pages.studio.conftest import MANIM, TEXT, Maker, quiet, shown
from tests.ui.pages.studio.doubles import Shell

AWKWARD = (
    "---\ntitle: Odd\n---\nbefore\x0cit all \u2028 here\n\n\n## Zoë 🎬\n\n> ünïcode\t \n\n\n\n"
    "<!-- kept -->\n## Next to it\n- a\n## And this\n- b\n\n\n\n## Last\n- no line end"
)


async def use(page: StudioPage, make: Maker, text: str) -> Video:
    video = await make.video(text)
    await shown(page, video)
    return video


def ids(page: StudioPage) -> list[str]:
    return [row.scene.id for row in page.parts.scenes_model.rows()]


def titles(page: StudioPage) -> list[str]:
    return [row.scene.title for row in page.parts.scenes_model.rows()]


async def saved(page: StudioPage) -> None:
    await page.session.save()
    await page.session.read_outline()
    await quiet()


async def test_a_new_scene_comes_after_the_one_the_cursor_is_in(
    page: StudioPage, make: Maker
) -> None:
    await use(page, make, TEXT)
    editor = page.parts.area.editor
    editor.go_to_line(7)
    await page.arranging.add()
    assert editor.text() == TEXT.replace("\n## Square", f"\n{NEW_SCENE}\n## Square")
    assert editor.text().split("\n")[editor.line() - 1] == "## New scene"
    await saved(page)
    assert titles(page) == ["Circle", "New scene", "Square", "Both"]


async def test_a_new_scene_above_all_others_comes_first(page: StudioPage, make: Maker) -> None:
    await use(page, make, TEXT)
    page.parts.area.editor.go_to_line(1)
    await page.arranging.add()
    await saved(page)
    assert titles(page) == ["New scene", "Circle", "Square", "Both"]


@pytest.mark.parametrize("text", ["", "---\ntitle: X\n---\n", "no scene here", "x\n\n"])
async def test_a_text_without_scenes_gets_its_first(
    page: StudioPage, make: Maker, text: str
) -> None:
    await use(page, make, text)
    await page.arranging.add()
    assert page.parts.area.editor.text().endswith(NEW_SCENE)
    assert page.parts.area.editor.text().startswith(text)
    await saved(page)
    assert titles(page) == ["New scene"]


@pytest.mark.parametrize("direction", [-1, 1])
async def test_a_scene_moves_with_the_cursor(page: StudioPage, make: Maker, direction: int) -> None:
    await use(page, make, TEXT)
    editor = page.parts.area.editor
    editor.go_to_line(13)  # "> A square is not."
    before = editor.text().split("\n")[12]
    await page.arranging.move(direction)
    assert editor.text().split("\n")[editor.line() - 1] == before
    await saved(page)
    assert titles(page).index("Square") == 1 + direction
    assert sorted(editor.text().split("\n")) == sorted(TEXT.split("\n"))


async def test_moving_there_and_back_keeps_every_byte(page: StudioPage, make: Maker) -> None:
    await use(page, make, AWKWARD)
    editor = page.parts.area.editor
    assert titles(page) == ["Zoë 🎬", "Next to it", "And this", "Last"]
    editor.go_to_line(7)
    for direction in (1, 1, 1, -1, -1, -1):
        await page.arranging.move(direction)
    assert editor.text() == AWKWARD


async def test_a_key_held_down_moves_one_place_after_the_other(
    page: StudioPage, make: Maker
) -> None:
    await use(page, make, TEXT)
    page.parts.area.editor.go_to_line(7)
    page.actions_by_id["studio.scene_down"].trigger()
    page.actions_by_id["studio.scene_down"].trigger()
    page.actions_by_id["studio.scene_down"].trigger()
    await quiet()
    await saved(page)
    assert titles(page) == ["Square", "Both", "Circle"]


async def test_lines_written_a_moment_ago_are_counted(page: StudioPage, make: Maker) -> None:
    await use(page, make, TEXT)
    editor = page.parts.area.editor
    editor.replace(TEXT.replace("- radius", "- radius\n- one\n- two\n- three"))
    editor.go_to_line(14)  # in the second scene only since a moment ago
    await page.arranging.move(1)
    await saved(page)
    assert titles(page) == ["Circle", "Both", "Square"]
    assert "- radius\n- one\n- two\n- three\n" in editor.text()


async def test_the_first_cannot_move_up_nor_the_last_down(page: StudioPage, make: Maker) -> None:
    await use(page, make, TEXT)
    editor = page.parts.area.editor
    for line, direction in ((5, -1), (line_count(TEXT), 1), (1, 1)):
        editor.go_to_line(line)
        await page.arranging.move(direction)
        assert editor.text() == TEXT


async def test_a_copy_comes_after_its_scene(page: StudioPage, make: Maker) -> None:
    await use(page, make, TEXT)
    square = "## Square\n\n> A square is not.\n\n- side\n\n"
    await page.arranging.duplicate(ids(page)[1])
    assert page.parts.area.editor.text() == TEXT.replace(square, square + square)
    await saved(page)
    assert titles(page) == ["Circle", "Square", "Square", "Both"]


async def test_a_copy_of_the_last_scene_begins_a_line(page: StudioPage, make: Maker) -> None:
    await use(page, make, AWKWARD)
    await page.arranging.duplicate(ids(page)[3])
    assert page.parts.area.editor.text() == AWKWARD + "\n\n## Last\n- no line end\n"


@pytest.mark.parametrize("place", range(4))
async def test_removing_and_undoing_keeps_every_byte(
    page: StudioPage, make: Maker, place: int
) -> None:
    await use(page, make, AWKWARD)
    gone = titles(page)[place]
    left = [one for one in titles(page) if one != gone]
    undo = await page.arranging.remove(ids(page)[place])
    await saved(page)
    assert titles(page) == left
    assert undo is not None
    assert gone in undo.label
    await undo.revert()
    assert page.parts.area.editor.text() == AWKWARD


@pytest.mark.parametrize("place", range(3))
async def test_undo_finds_the_place_although_the_text_has_changed_since(
    page: StudioPage, make: Maker, place: int
) -> None:
    await use(page, make, TEXT)
    order = titles(page)
    undo = await page.arranging.remove(ids(page)[place])
    await saved(page)
    editor = page.parts.area.editor
    editor.replace(editor.text().replace("title: Areas", "title: Areas\ntheme: light"))
    assert undo is not None
    await undo.revert()
    await saved(page)
    assert titles(page) == order
    assert "theme: light" in editor.text()


async def test_undo_puts_a_scene_back_into_its_own_video(
    page: StudioPage, make: Maker, services: Services
) -> None:
    video = await use(page, make, TEXT)
    undo = await page.arranging.remove(ids(page)[1])
    other = await make.video("## Other\n", title="Other")
    await shown(page, other)
    assert undo is not None
    await undo.revert()
    assert page.parts.area.editor.text() == "## Other\n"
    assert await make.text(video.id) == TEXT


async def test_after_undo_in_the_text_the_notice_does_not_put_it_back_twice(
    page: StudioPage, make: Maker
) -> None:
    await use(page, make, TEXT)
    undo = await page.arranging.remove(ids(page)[1])
    page.parts.area.editor.area.undo()
    assert page.parts.area.editor.text() == TEXT
    assert undo is not None
    await undo.revert()
    assert page.parts.area.editor.text() == TEXT


async def test_acts_wait_for_each_other(page: StudioPage, make: Maker) -> None:
    await use(page, make, TEXT)
    page.parts.area.editor.go_to_line(7)
    first = ids(page)[0]
    async with asyncio.TaskGroup() as group:
        group.create_task(page.arranging.move(1))
        group.create_task(page.arranging.duplicate(first))
        group.create_task(page.arranging.remove(ids(page)[2]))
    await saved(page)
    assert titles(page) == ["Square", "Circle", "Circle"]


async def test_scenes_of_manim_files_stay_where_they_are(page: StudioPage, make: Maker) -> None:
    await shown(page, await make.video(MANIM, SourceKind.MANIM))
    page.parts.area.editor.go_to_line(5)
    await page.arranging.add()
    await page.arranging.move(1)
    assert await page.arranging.remove(ids(page)[0]) is None
    assert page.parts.area.editor.text() == MANIM
    assert not page.actions_by_id["studio.add_scene"].isEnabled()


async def test_removing_offers_the_way_back(page: StudioPage, make: Maker, shell: Shell) -> None:
    await use(page, make, TEXT)
    page.parts.scenes.removal_wanted.emit(ids(page)[0])
    await quiet()
    assert [undo.label for undo in shell.undos] == ["Removed the scene “Circle”"]
