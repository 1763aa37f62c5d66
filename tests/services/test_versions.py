"""Versions of a video rendered three times: looking back, comparing, going back."""

from dataclasses import replace

import pytest

from desktop.domain.changes import ChangeKind
from desktop.domain.errors import InvalidInput, NotFound
from desktop.domain.library import Project, SourceKind, Video
from desktop.domain.picture import Quality
from desktop.services.services import Services
from tests.services.consenting import allow

pytestmark = pytest.mark.manim

FIRST = """from manim import *


class A(Scene):
    def construct(self):
        self.add(Square())
        self.wait(0.2)


class B(Scene):
    def construct(self):
        self.add(Circle())
        self.wait(0.2)
"""

SECOND = FIRST.replace("Circle()", "Triangle()")


@pytest.fixture
async def video(services: Services, project: Project) -> Video:
    settings = services.settings.current
    rendering = replace(settings.rendering, draft_short_side=240, draft_fps=15)
    await services.settings.save(replace(settings, rendering=rendering))
    made = await services.library.create_video(project.id, "Shapes", SourceKind.MANIM, FIRST)
    await allow(services, made.id)
    await services.production.render(made.id, Quality.DRAFT)
    await put(services, made, SECOND)
    await services.production.render(made.id, Quality.DRAFT)
    return made


async def put(services: Services, video: Video, text: str) -> None:
    document = await services.authoring.open(video.id)
    await services.authoring.save(video.id, text, document.revision, own=True)


async def test_versions_come_newest_first_with_the_text_they_were_made_from(
    services: Services, video: Video
) -> None:
    listed = await services.versions.list(video.id)
    assert [version.number for version in listed] == [2, 1]
    assert all(version.allowed_code for version in listed)
    assert await services.versions.source(video.id, 1) == FIRST
    assert await services.versions.source(video.id, 2) == SECOND


async def test_a_comparison_names_the_scenes_and_the_lines_that_differ(
    services: Services, video: Video
) -> None:
    changes = await services.versions.changes(video.id, 1, 2)
    assert [(change.title, change.kind) for change in changes.scenes] == [
        ("A", ChangeKind.SAME),
        ("B", ChangeKind.EDITED),
    ]
    assert "-        self.add(Circle())" in changes.source_diff
    assert "+        self.add(Triangle())" in changes.source_diff


async def test_a_restored_version_is_the_working_text_and_renders_from_the_store(
    services: Services, video: Video
) -> None:
    undo = await services.versions.restore(video.id, 1)
    assert (await services.authoring.open(video.id)).text == FIRST
    third = await services.production.render(video.id, Quality.DRAFT)
    assert third.number == 3
    before = (await services.versions.list(video.id))[-1]
    assert [take.render_key for take in third.scenes] == [take.render_key for take in before.scenes]
    await undo.revert()
    assert (await services.authoring.open(video.id)).text == SECOND


async def test_one_scene_is_put_back_and_the_rest_stays(services: Services, video: Video) -> None:
    edited = SECOND.replace("Square()", "Dot()")
    await put(services, video, edited)
    version = (await services.versions.list(video.id))[-1]
    await services.versions.restore_scene(video.id, 1, version.scenes[1].scene_id)
    text = (await services.authoring.open(video.id)).text
    assert "Circle()" in text
    assert "Dot()" in text
    assert "Triangle()" not in text


async def test_a_class_that_was_deleted_is_not_put_back_alone(
    services: Services, video: Video
) -> None:
    version = (await services.versions.list(video.id))[0]
    await put(services, video, SECOND.split("\n\n\nclass B")[0] + "\n")
    with pytest.raises(InvalidInput) as caught:
        await services.versions.restore_scene(video.id, 2, version.scenes[1].scene_id)
    assert "whole" in caught.value.remedy


async def test_versions_that_do_not_exist_are_refused(services: Services, video: Video) -> None:
    with pytest.raises(NotFound):
        await services.versions.source(video.id, 9)
    with pytest.raises(NotFound):
        await services.versions.changes(video.id, 1, 9)


async def test_going_back_to_a_version_does_not_bring_back_code_that_was_withdrawn(
    services: Services, video: Video
) -> None:
    await put(services, video, SECOND.replace("Triangle", "Square"))
    for one in await services.consent.allowed():
        await services.consent.withdraw(one)
    await services.versions.restore(video.id, 2)
    assert await services.consent.needed(video.id) is not None
