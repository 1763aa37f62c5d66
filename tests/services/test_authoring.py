import pytest

from desktop.domain.errors import Conflict, NotFound, Severity
from desktop.domain.events import SourceSaved
from desktop.domain.library import Project, SourceKind, Video
from desktop.domain.picture import Aspect
from desktop.services.services import Services
from desktop.services.values import SceneState
from tests.services.conftest import TWO_SCENES, Heard

STORYBOARD = """---
title: Limits
aspect: 9:16
---

## The idea

- Closer and closer

## The proof

> Take any small number.

$$ \\frac{1}{n} < \\epsilon $$
"""


@pytest.fixture
async def storyboard(services: Services, project: Project) -> Video:
    return await services.library.create_video(
        project.id, "Limits", SourceKind.STORYBOARD, STORYBOARD
    )


async def test_what_was_saved_is_what_is_opened(services: Services, storyboard: Video) -> None:
    before = await services.authoring.open(storyboard.id)
    revision = await services.authoring.save(storyboard.id, "## Other\n", before.revision)
    after = await services.authoring.open(storyboard.id)
    assert (after.text, after.revision) == ("## Other\n", revision)
    assert revision > before.revision


async def test_nobody_overwrites_what_somebody_else_saved_in_between(
    services: Services, storyboard: Video
) -> None:
    mine = await services.authoring.open(storyboard.id)
    await services.authoring.save(storyboard.id, "theirs", mine.revision)
    with pytest.raises(Conflict):
        await services.authoring.save(storyboard.id, "mine", mine.revision)
    assert (await services.authoring.open(storyboard.id)).text == "theirs"


async def test_saving_is_announced_with_the_new_revision(
    services: Services, storyboard: Video
) -> None:
    heard = Heard(services.bus, SourceSaved)
    document = await services.authoring.open(storyboard.id)
    revision = await services.authoring.save(storyboard.id, "x", document.revision)
    assert heard.events == [SourceSaved(storyboard.id, revision)]


async def test_a_video_that_is_gone_cannot_be_opened(services: Services) -> None:
    with pytest.raises(NotFound):
        await services.authoring.open("01J00000000000000000000000")


async def test_the_outline_tells_scenes_their_lines_and_the_shape(
    services: Services, storyboard: Video
) -> None:
    outline = await services.authoring.outline(storyboard.id, STORYBOARD)
    assert outline.title == "Limits"
    assert outline.aspect is Aspect.TALL
    assert [(scene.title, scene.line) for scene in outline.scenes] == [
        ("The idea", 6),
        ("The proof", 10),
    ]
    assert {scene.state for scene in outline.scenes} == {SceneState.NEW}
    assert all("class" in scene.code for scene in outline.scenes)


async def test_a_broken_scene_is_marked_and_the_others_stay_usable(
    services: Services, storyboard: Video
) -> None:
    text = STORYBOARD.replace("- Closer and closer", "```plto\nf(x) = x\n```")
    outline = await services.authoring.outline(storyboard.id, text)
    assert [scene.state for scene in outline.scenes] == [SceneState.BROKEN, SceneState.NEW]
    [problem] = [found for found in outline.problems if found.severity is Severity.ERROR]
    assert problem.line == 8


async def test_a_missing_picture_is_named_at_its_scene(
    services: Services, storyboard: Video
) -> None:
    text = STORYBOARD.replace("- Closer and closer", "![A cat](cat.png)")
    outline = await services.authoring.outline(storyboard.id, text)
    assert outline.scenes[0].state is SceneState.BROKEN
    assert any("cat.png" in str(problem) for problem in outline.problems)


async def test_scenes_keep_their_identity_through_an_edit_of_their_text(
    services: Services, storyboard: Video
) -> None:
    reading, ids, _ = await services.authoring.read(storyboard.id, STORYBOARD)
    await services.authoring.remember(storyboard.id, ids, reading)
    edited = STORYBOARD.replace("The idea", "The picture").replace("small", "tiny")
    outline = await services.authoring.outline(storyboard.id, edited)
    assert tuple(scene.id for scene in outline.scenes) == ids


async def test_scenes_that_change_places_take_their_identity_with_them(
    services: Services, manim_video: Video
) -> None:
    reading, ids, _ = await services.authoring.read(manim_video.id, TWO_SCENES)
    await services.authoring.remember(manim_video.id, ids, reading)
    head, first, second = TWO_SCENES.split("\n\n\n", 2)
    swapped = "\n\n\n".join((head, second.rstrip(), first + "\n"))
    outline = await services.authoring.outline(manim_video.id, swapped)
    assert tuple(scene.id for scene in outline.scenes) == ids[::-1]
    assert [scene.title for scene in outline.scenes] == ["Second", "First"]


async def test_text_that_is_nonsense_is_read_without_an_exception(
    services: Services, storyboard: Video
) -> None:
    outline = await services.authoring.outline(storyboard.id, "\x00\x01 ``` ## \ufffd\n---\n")
    assert outline.scenes == ()


async def test_a_scene_that_was_never_rendered_keeps_its_id_while_it_is_being_written(
    services: Services, manim_video: Video
) -> None:
    first = await services.authoring.outline(manim_video.id, TWO_SCENES)
    typed = TWO_SCENES.replace("Square(SIDE)", "Square(SIDE, color=RED)")
    second = await services.authoring.outline(manim_video.id, typed)
    assert [scene.id for scene in first.scenes] == [scene.id for scene in second.scenes]


async def test_scenes_keep_their_ids_through_a_line_that_is_half_written(
    services: Services, manim_video: Video
) -> None:
    first = await services.authoring.outline(manim_video.id, TWO_SCENES)
    half = await services.authoring.outline(manim_video.id, TWO_SCENES + "\nclass Third(Sce")
    assert half.scenes == ()
    again = await services.authoring.outline(manim_video.id, TWO_SCENES)
    assert [scene.id for scene in first.scenes] == [scene.id for scene in again.scenes]
