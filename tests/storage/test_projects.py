"""Projects hold videos; the trash takes them along and gives the same ones back."""

import pytest

from desktop.domain.errors import NotFound
from desktop.storage import projects, videos
from desktop.storage.transaction import Transaction
from tests.storage.builders import START, a_project, a_video, later


def test_a_project_comes_back_as_it_was_put_in(tx: Transaction) -> None:
    project = a_project(
        "p2", title="Ägypten “quoted”", description="line\nline", updated_at=later(1)
    )
    projects.insert(tx, project)
    assert projects.get(tx, "p2") == project


def test_a_project_that_is_not_there_says_so(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        projects.get(tx, "nobody")
    with pytest.raises(NotFound):
        projects.update(tx, a_project("nobody"))
    with pytest.raises(NotFound):
        projects.trash(tx, "nobody", START)


def test_projects_are_listed_by_title_whatever_the_case(tx: Transaction) -> None:
    for identity, title in (("a", "zeta"), ("b", "Alpha"), ("c", "beta")):
        projects.insert(tx, a_project(identity, title=title))
    assert [project.title for project in projects.listed(tx)] == ["Alpha", "beta", "Course", "zeta"]


def test_renaming_keeps_the_trash_out_of_it(tx: Transaction) -> None:
    projects.update(tx, a_project(title="New", trashed_at=START))
    assert projects.get(tx, "p1") == a_project(title="New")


def test_a_trashed_project_takes_its_videos_along_and_brings_them_back(tx: Transaction) -> None:
    videos.insert(tx, a_video("v1"))
    videos.insert(tx, a_video("v2"))
    assert set(projects.trash(tx, "p1", later(1))) == {"v1", "v2"}
    assert projects.listed(tx) == ()
    assert [project.id for project in projects.listed(tx, trashed=True)] == ["p1"]
    assert set(projects.restore(tx, "p1")) == {"v1", "v2"}
    assert [project.id for project in projects.listed(tx)] == ["p1"]
    assert videos.trashed_ids(tx) == ()


def test_a_video_that_was_trashed_before_its_project_stays_in_the_trash(tx: Transaction) -> None:
    videos.insert(tx, a_video("early"))
    videos.insert(tx, a_video("with-it"))
    videos.trash(tx, ["early"], later(1))
    projects.trash(tx, "p1", later(2))
    assert projects.restore(tx, "p1") == ("with-it",)
    assert videos.trashed_ids(tx) == ("early",)


def test_trashing_a_project_twice_does_not_lose_its_videos(tx: Transaction) -> None:
    videos.insert(tx, a_video("v1"))
    projects.trash(tx, "p1", later(1))
    assert projects.trash(tx, "p1", later(2)) == ()
    assert projects.restore(tx, "p1") == ("v1",)


def test_restoring_a_live_project_changes_nothing(tx: Transaction) -> None:
    videos.insert(tx, a_video("v1"))
    assert projects.restore(tx, "p1") == ()


def test_only_live_videos_are_counted(tx: Transaction) -> None:
    projects.insert(tx, a_project("p2"))
    projects.insert(tx, a_project("empty"))
    for identity, project_id in (("a", "p1"), ("b", "p1"), ("c", "p2")):
        videos.insert(tx, a_video(identity, project_id=project_id))
    videos.trash(tx, ["b"], START)
    assert projects.counts(tx) == {"p1": 1, "p2": 1}


def test_a_purged_project_is_gone(tx: Transaction) -> None:
    projects.purge(tx, "p1")
    assert projects.listed(tx) == ()


def test_a_project_with_videos_is_not_purged_from_under_them(tx: Transaction) -> None:
    videos.insert(tx, a_video("v1"))
    projects.purge(tx, "p1")
    assert projects.get(tx, "p1").id == videos.get(tx, "v1").project_id
