"""Videos come back as they were put in, and what is searched for follows every change."""

import sqlite3
from dataclasses import replace

import pytest

from desktop.domain.errors import NotFound
from desktop.domain.library import SearchQuery, SourceKind, Video, VideoStatus
from desktop.domain.picture import Aspect
from desktop.storage import projects, scenes, search, sources, versions, videos
from desktop.storage.transaction import Transaction
from tests.storage.builders import START, a_project, a_version, a_video, later

FULL = a_video(
    "full",
    title="Öl & “Wasser” 水",
    kind=SourceKind.MANIM,
    description="two\nlines",
    tags=("Zeta", "alpha", "with, comma", 'with "quote"'),
    aspect=Aspect.TALL,
    status=VideoStatus.RENDERED,
    latest_version=3,
    scene_count=5,
    duration=12.25,
    updated_at=later(3),
)


def found(tx: Transaction, text: str) -> list[str]:
    return [video.id for video in search.search(tx, SearchQuery(text=text)).videos]


def test_a_video_comes_back_with_every_field(tx: Transaction) -> None:
    videos.insert(tx, FULL)
    assert videos.get(tx, "full") == FULL


def test_every_field_but_the_trash_can_be_changed(tx: Transaction) -> None:
    projects.insert(tx, a_project("p2"))
    videos.insert(tx, a_video("full"))
    videos.update(tx, replace(FULL, project_id="p2", trashed_at=START))
    assert videos.get(tx, "full") == replace(FULL, project_id="p2")


def test_a_video_that_is_gone_says_so(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        videos.get(tx, "nobody")
    with pytest.raises(NotFound):
        videos.update(tx, a_video("nobody"))
    with pytest.raises(NotFound):
        videos.touch(tx, "nobody", START)


def test_a_video_needs_a_project_that_exists(tx: Transaction) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        videos.insert(tx, a_video(project_id="nowhere"))


def test_a_change_moves_a_video_to_the_front(tx: Transaction) -> None:
    for identity in ("a", "b", "c"):
        videos.insert(tx, a_video(identity))
    videos.touch(tx, "a", later(5))
    assert [video.id for video in videos.of_project(tx, "p1")] == ["a", "c", "b"]


def test_a_change_without_a_new_time_stays_in_its_place(tx: Transaction) -> None:
    for identity in ("a", "b"):
        videos.insert(tx, a_video(identity))
    videos.update(tx, replace(videos.get(tx, "a"), status=VideoStatus.RENDERING))
    assert [video.id for video in videos.of_project(tx, "p1")] == ["b", "a"]
    assert [video.id for video in videos.with_status(tx, VideoStatus.RENDERING)] == ["a"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (a_video(title="Whales"), a_video(title="Dolphins")),
        (a_video(description="about whales"), a_video(description="about dolphins")),
        (a_video(tags=("whales",)), a_video(tags=("dolphins",))),
    ],
)
def test_search_follows_a_change(tx: Transaction, before: Video, after: Video) -> None:
    videos.insert(tx, before)
    assert found(tx, "whales") == ["v1"]
    videos.update(tx, after)
    assert (found(tx, "whales"), found(tx, "dolphins")) == ([], ["v1"])


def test_tags_are_counted_over_live_videos(tx: Transaction) -> None:
    videos.insert(tx, a_video("a", tags=("maths", "easy")))
    videos.insert(tx, a_video("b", tags=("maths",)))
    videos.insert(tx, a_video("c", tags=("easy", "gone")))
    videos.trash(tx, ["c"], START)
    assert search.tags(tx) == (("maths", 2), ("easy", 1))
    videos.update(tx, replace(videos.get(tx, "b"), tags=()))
    assert search.tags(tx) == (("easy", 1), ("maths", 1))


def test_the_trash_takes_and_gives_back(tx: Transaction) -> None:
    for identity in ("a", "b"):
        videos.insert(tx, a_video(identity, title="Whales"))
    assert videos.trash(tx, ["a", "nobody"], later(1)) == ("a",)
    assert videos.trash(tx, ["a", "b"], later(2)) == ("b",)
    assert videos.trashed_ids(tx) == ("a", "b")
    assert found(tx, "whales") == []
    videos.restore(tx, ["a"])
    assert found(tx, "whales") == ["a"]
    assert videos.get(tx, "a").trashed_at is None
    assert [video.id for video in videos.of_project(tx, "p1", trashed=True)] == ["b"]


def test_restoring_a_video_restores_its_project_but_not_its_neighbours(tx: Transaction) -> None:
    videos.insert(tx, a_video("a"))
    videos.insert(tx, a_video("b"))
    projects.trash(tx, "p1", later(1))
    videos.restore(tx, ["a"])
    assert projects.get(tx, "p1").trashed_at is None
    assert videos.trashed_ids(tx) == ("b",)


def test_purging_leaves_no_row_behind(tx: Transaction) -> None:
    videos.insert(tx, FULL)
    sources.save(tx, "full", "text", 0, START)
    scenes.remember(tx, "full", [scenes.KnownScene("s", "t", "C", "text", "sha")])
    versions.insert(tx, a_version(4, "full"))
    videos.purge(tx, ["full", "nobody"])
    for table in ("videos", "video_tags", "sources", "scenes", "versions", "takes", "search"):
        assert tx.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
