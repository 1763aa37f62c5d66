from pathlib import Path

import av
import numpy as np
import pytest

from desktop.domain.errors import InvalidInput
from desktop.domain.library import Project, SearchQuery, SourceKind, Video, VideoStatus
from desktop.domain.picture import Aspect
from desktop.services.importing import accepted
from desktop.services.services import Services
from desktop.services.values import ImportAction
from tests.services.conftest import TWO_SCENES

STORYBOARD = """---
title: Cats
description: About cats
tags: [animals]
---

## A cat

![A cat](pictures/cat.png)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as people have them: sources, pictures, renders, rubbish."""
    root = tmp_path / "My talk"
    (root / "pictures").mkdir(parents=True)
    (root / "media").mkdir()
    (root / "cats.md").write_text(STORYBOARD)
    (root / "pictures" / "cat.png").write_bytes(b"\x89PNG")
    (root / "shapes.py").write_text(TWO_SCENES)
    (root / "media" / "old.py").write_text(TWO_SCENES)
    return root


def film(path: Path, frames: int = 12) -> Path:
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = 64, 112, "yuv420p"
        for level in range(frames):
            picture = np.full((112, 64, 3), level * 10, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
    return path


async def test_a_folder_is_previewed_without_anything_happening(
    services: Services, folder: Path
) -> None:
    plan = await services.importing.plan([folder])
    assert {(item.path.name, item.action) for item in plan.items} == {
        ("cats.md", ImportAction.STORYBOARD),
        ("shapes.py", ImportAction.MANIM),
    }
    assert plan.project_title == "My talk"
    assert (await services.library.search(SearchQuery())).total == 0


async def test_what_the_preview_says_is_what_happens(services: Services, folder: Path) -> None:
    plan = await services.importing.plan([folder])
    result = await services.importing.carry_out(plan)
    page = await services.library.search(SearchQuery(order="title"))
    assert [video.title for video in page.videos] == ["Cats", "Shapes"]
    assert [video.scene_count for video in page.videos] == [1, 2]
    cats = page.videos[0]
    assert (cats.description, cats.tags) == ("About cats", ("animals",))
    assert (services.authoring.assets(cats.id) / "pictures" / "cat.png").exists()
    assert result.failures == ()


async def test_an_import_can_be_taken_back_whole(services: Services, folder: Path) -> None:
    result = await services.importing.carry_out(await services.importing.plan([folder]))
    await result.revert()
    assert (await services.library.search(SearchQuery())).total == 0
    assert await services.library.projects() == ()


async def test_only_what_the_person_accepted_goes_in(services: Services, folder: Path) -> None:
    plan = accepted(await services.importing.plan([folder]), [folder / "shapes.py"])
    result = await services.importing.carry_out(plan)
    assert len(result.video_ids) == 1


async def test_a_broken_manim_file_is_imported_with_the_error_at_its_line(
    services: Services, tmp_path: Path
) -> None:
    path = tmp_path / "broken.py"
    path.write_text("from manim import *\n\n\nclass A(Scene):\n    def construct(self:\n")
    plan = await services.importing.plan([path])
    assert plan.items[0].problem.startswith("line 5")
    result = await services.importing.carry_out(plan)
    document = await services.authoring.open(result.video_ids[0])
    outline = await services.authoring.outline(document.video_id, document.text)
    assert outline.problems[0].line == 5


async def test_a_film_becomes_a_video_with_a_first_version(
    services: Services, project: Project, tmp_path: Path
) -> None:
    plan = await services.importing.plan([film(tmp_path / "take one.mp4")])
    result = await services.importing.carry_out(plan, project.id)
    video = await services.library.video(result.video_ids[0])
    assert (video.kind, video.status) == (SourceKind.FOOTAGE, VideoStatus.RENDERED)
    assert video.aspect is Aspect.TALL
    [version] = await services.versions.list(video.id)
    assert (version.frames, version.number) == (12, 1)
    files = services.versions.files(video.id, 1)
    assert Path(files.video).read_bytes() == (tmp_path / "take one.mp4").read_bytes()
    assert Path(files.poster).exists()


@pytest.mark.parametrize("name", ["cut.mp4", "text.mp4", "empty.mov"])
async def test_a_film_that_is_none_is_refused_with_a_reason(
    services: Services, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    whole = film(tmp_path / "whole.mp4").read_bytes()
    path.write_bytes({"cut.mp4": whole[:200], "text.mp4": b"hello" * 99}.get(name, b""))
    [item] = (await services.importing.plan([path])).items
    assert item.action is ImportAction.SKIP
    assert item.problem


async def test_a_text_that_is_not_utf8_is_refused_at_its_line(
    services: Services, tmp_path: Path
) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes("## Eins\n\nGrün\n".encode("latin-1"))
    [item] = (await services.importing.plan([path])).items
    assert item.action is ImportAction.SKIP
    assert "Line 3" in item.problem


async def test_other_files_are_named_and_left_alone(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "notes.docx"
    path.write_bytes(b"PK")
    plan = await services.importing.plan([path])
    assert plan.items[0].problem
    with pytest.raises(InvalidInput):
        await services.importing.carry_out(plan)
    assert await services.library.projects() == ()


async def test_a_file_that_vanishes_after_the_preview_does_not_stop_the_others(
    services: Services, folder: Path
) -> None:
    plan = await services.importing.plan([folder])
    (folder / "cats.md").unlink()
    result = await services.importing.carry_out(plan)
    assert len(result.video_ids) == 1
    assert "cats.md" in result.failures[0]


async def test_pictures_of_the_same_name_do_not_replace_each_other(
    services: Services, manim_video: Video, tmp_path: Path
) -> None:
    for place, data in (("a", b"one"), ("b", b"two")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "my cat.png").write_bytes(data)
    add = services.importing.add_asset
    first = await add(manim_video.id, tmp_path / "a" / "my cat.png")
    second = await add(manim_video.id, tmp_path / "b" / "my cat.png")
    again = await add(manim_video.id, tmp_path / "a" / "my cat.png")
    assert (first, second, again) == ("my-cat.png", "my-cat-2.png", "my-cat.png")
    assets = services.authoring.assets(manim_video.id)
    assert (assets / first).read_bytes() == b"one"


async def test_a_folder_with_too_many_files_says_that_there_are_more(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.services.importing.MOST_FILES", 1)
    assert (await services.importing.plan([folder])).more
    monkeypatch.setattr("desktop.services.importing.MOST_FILES", 3)
    assert not (await services.importing.plan([folder])).more
