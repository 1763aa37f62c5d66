"""Objects are called what the design says, and no scene overwrites another."""

import pytest

from desktop.domain.object_keys import code_key, key_problem, video_key


def test_the_joined_video_is_scene_zero() -> None:
    assert video_key("p1", "v1", 7) == "videos/p1/v1/chunk_000_v7.mp4"
    assert video_key("p1", "v1", 7, scene=12) == "videos/p1/v1/chunk_012_v7.mp4"


def test_code_of_a_version_and_of_each_scene_have_keys_of_their_own() -> None:
    """The seed put the code of every scene under one key, where the last overwrote the others."""
    keys = [code_key("p1", "v1", 3, scene) for scene in range(1, 40)]
    assert len({*keys, code_key("p1", "v1", 3)}) == 40
    assert code_key("p1", "v1", 3) == "code/p1/v1/v1_v3.py"
    assert keys[4] == "code/p1/v1/v1_v3_scene_005.py"


def test_versions_have_keys_of_their_own() -> None:
    assert video_key("p1", "v1", 1) != video_key("p1", "v1", 11)
    assert code_key("p1", "v1", 1) != code_key("p1", "v1", 11)


@pytest.mark.parametrize(
    "key",
    ["", "folder/", "a/../b", "./a", "a\nb", "a\x00b", "é" * 513, "\udcff.mp4"],
)
def test_a_key_that_no_service_takes_has_a_problem(key: str) -> None:
    assert key_problem(key).endswith(".")


@pytest.mark.parametrize("key", ["a", "é" * 512, "a b/ü…/c.mp4", "..a/b..", "a//b"])
def test_a_key_that_services_take_has_none(key: str) -> None:
    assert key_problem(key) == ""
