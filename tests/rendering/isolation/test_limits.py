"""Limits go by the size and length of a scene unless a person has chosen them."""

import pytest

from desktop.domain.picture import Quality, RenderProfile
from desktop.rendering.isolation import Limits, lengthened, limits_for
from desktop.rendering.isolation.limits import GIB, LONGEST_CPU_SECONDS, MIB


def limits(width: int, height: int, **chosen: float) -> Limits:
    profile = RenderProfile(Quality.DRAFT, width, height, 30, 26, "ultrafast")
    return limits_for(profile, **chosen)  # type: ignore[arg-type]  # bytes are whole


@pytest.mark.parametrize(
    ("width", "height", "memory", "cpu", "folder", "size"),
    [
        (854, 480, 1536 * MIB, 60, GIB, "480p"),
        (1280, 720, 1536 * MIB, 60, GIB, "720p"),
        (1920, 1080, 2 * GIB, 300, GIB, "1080p"),
        (1080, 1920, 2 * GIB, 300, GIB, "1080p"),
        (3840, 2160, 4 * GIB, 1800, 4 * GIB, "2160p"),
    ],
)
def test_larger_pictures_may_take_more(
    width: int, height: int, memory: int, cpu: int, folder: int, size: str
) -> None:
    given = limits(width, height)
    assert (given.memory, given.cpu_seconds, given.folder_bytes) == (memory, cpu, folder)
    assert given.wall_seconds == 3 * cpu
    assert given.size == size


def test_what_a_person_has_chosen_counts() -> None:
    given = limits(1920, 1080, memory=7 * GIB, wall_seconds=90.0)
    assert (given.memory, given.wall_seconds, given.cpu_seconds) == (7 * GIB, 90.0, 180)


def test_longer_scenes_may_take_longer_up_to_a_limit() -> None:
    usual = limits(854, 480)
    assert lengthened(usual, 4.0) == usual
    assert lengthened(usual, 30.0).cpu_seconds == 180
    assert lengthened(usual, 30.0).wall_seconds == 540
    assert lengthened(usual, 1e6).cpu_seconds == LONGEST_CPU_SECONDS
    assert lengthened(usual, 30.0).memory == usual.memory


def test_no_claim_of_a_scene_shortens_its_time() -> None:
    large = limits(3840, 2160)
    assert lengthened(large, 1e6) == large
    assert lengthened(large, -5.0) == large
