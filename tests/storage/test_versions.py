"""Versions are added and never changed."""

from dataclasses import replace
from fractions import Fraction

import pytest

from desktop.domain.errors import Conflict, NotFound
from desktop.domain.picture import Quality
from desktop.storage import versions, videos
from desktop.storage.transaction import Transaction
from tests.storage.builders import START, a_take, a_version, a_video, later


@pytest.fixture(autouse=True)
def _video(tx: Transaction) -> None:
    videos.insert(tx, a_video("v1"))


def test_a_version_comes_back_with_its_scenes_in_order(tx: Transaction) -> None:
    version = a_version(
        quality=Quality.FINAL,
        rate=Fraction(30000, 1001),
        note="Edited “scene 3”",
        isolation="landlock",
        restored_from=2,
        allowed_code=True,
        scenes=(a_take("z"), a_take("a", first_frame=60, simplified=True)),
    )
    versions.insert(tx, version)
    assert versions.get(tx, "v1", 1) == version


def test_versions_are_listed_newest_first(tx: Transaction) -> None:
    for number in (1, 3, 2):
        versions.insert(tx, a_version(number))
    assert [version.number for version in versions.listed(tx, "v1")] == [3, 2, 1]
    assert versions.next_number(tx, "v1") == 4


def test_the_first_version_is_number_1(tx: Transaction) -> None:
    assert versions.next_number(tx, "v1") == 1


def test_a_video_shows_its_newest_version(tx: Transaction) -> None:
    newest = a_version(2, frames=150, scenes=(a_take("a"), a_take("b")))
    versions.insert(tx, newest)
    video = videos.get(tx, "v1")
    assert (video.latest_version, video.scene_count, video.duration) == (2, 2, 5.0)
    assert video.updated_at == newest.created_at


def test_an_older_version_that_arrives_late_is_not_shown(tx: Transaction) -> None:
    versions.insert(tx, a_version(2))
    before = videos.get(tx, "v1")
    versions.insert(tx, a_version(1, frames=999))
    assert videos.get(tx, "v1") == before


def test_a_version_does_not_turn_the_clock_of_its_video_back(tx: Transaction) -> None:
    videos.touch(tx, "v1", later(99))
    versions.insert(tx, a_version(1))
    assert videos.get(tx, "v1").updated_at == later(99)


def test_adding_a_version_twice_changes_nothing(tx: Transaction) -> None:
    version = a_version()
    versions.insert(tx, version)
    versions.insert(tx, replace(version, note="changed"))
    assert versions.listed(tx, "v1") == (version,)


def test_a_number_that_is_taken_is_not_given_again(tx: Transaction) -> None:
    first = a_version(1)
    versions.insert(tx, first)
    with pytest.raises(Conflict) as caught:
        versions.insert(tx, a_version(1))
    assert caught.value.remedy
    assert versions.listed(tx, "v1") == (first,)


def test_numbers_are_counted_per_video(tx: Transaction) -> None:
    videos.insert(tx, a_video("v2"))
    versions.insert(tx, a_version(1, "v1"))
    versions.insert(tx, a_version(1, "v2"))
    assert versions.next_number(tx, "v2") == 2


def test_what_is_not_there_says_so(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        versions.get(tx, "v1", 7)
    with pytest.raises(NotFound):
        versions.insert(tx, a_version(1, "nobody"))


def test_render_keys_of_newest_versions_are_told_apart(tx: Transaction) -> None:
    for number in (1, 2, 3):
        takes = (a_take("s", render_key=f"key {number}"), a_take("t", render_key="same"))
        versions.insert(tx, a_version(number, scenes=takes))
    assert versions.render_keys(tx) == {"key 1", "key 2", "key 3", "same"}
    assert versions.render_keys(tx, newest=2) == {"key 2", "key 3", "same"}


def test_trashing_a_video_keeps_its_versions(tx: Transaction) -> None:
    version = a_version()
    versions.insert(tx, version)
    videos.trash(tx, ["v1"], START)
    videos.restore(tx, ["v1"])
    assert versions.listed(tx, "v1") == (version,)
