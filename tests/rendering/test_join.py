"""Takes joined without encoding again: every frame there, in order, with sound where it belongs."""

import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.picture import Quality, RenderProfile
from desktop.rendering.join import join
from tests.rendering.scenes import PROFILE, greys, take

FINAL = RenderProfile(Quality.FINAL, 256, 144, 30, 18, "medium")
"""With B-frames, whose packets are not in the order of their pictures."""


@pytest.mark.parametrize("profile", [PROFILE, FINAL])
def test_frames_add_up_and_keep_their_order(tmp_path: Path, profile: RenderProfile) -> None:
    lengths = [7, 1, 20, 2, 33]
    starts = [0, 7, 8, 28, 30]
    takes = [
        take(tmp_path / f"{number}", length, profile=profile, first=start)
        for number, (length, start) in enumerate(zip(lengths, starts, strict=True))
    ]
    joined = join(takes, tmp_path / "video.mp4")
    assert joined.first_frames == tuple(starts)
    assert joined.frames == 63
    assert (joined.width, joined.height, joined.rate) == (256, 144, profile.fps)
    assert greys(joined.path) == [number % 30 for number in range(63)]
    assert joined.size == Path(joined.path).stat().st_size
    assert [path.name for path in tmp_path.glob("*.*")] == ["video.mp4"]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lengths=st.lists(st.integers(1, 12), min_size=1, max_size=5), final=st.booleans())
def test_any_lengths_join(tmp_path: Path, lengths: list[int], final: bool) -> None:
    profile = FINAL if final else PROFILE
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    takes = [
        take(tmp_path / f"{number}", length, profile=profile, first=start)
        for number, (length, start) in enumerate(zip(lengths, starts, strict=True))
    ]
    joined = join(takes, tmp_path / "video.mp4")
    assert greys(joined.path) == [number % 30 for number in range(sum(lengths))]


def test_pictures_follow_each_other_at_even_times(tmp_path: Path) -> None:
    takes = [take(tmp_path / f"{number}", 11, profile=FINAL) for number in range(4)]
    joined = join(takes, tmp_path / "video.mp4")
    with av.open(joined.path) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == 30
        assert stream.frames == 44
        times = [(frame.pts or 0) * (frame.time_base or 1) for frame in container.decode(stream)]
    assert {b - a for a, b in itertools.pairwise(times)} == {Fraction(1, 30)}
    assert times[0] == 0


def test_one_take_alone_is_a_video(tmp_path: Path) -> None:
    assert greys(join([take(tmp_path / "0", 5)], tmp_path / "video.mp4").path) == [0, 1, 2, 3, 4]


def loudness(path: str, rate: int = 48_000) -> np.ndarray:
    """Return how loud each tenth of a second is, from 0 to 1."""
    with av.open(path) as container:
        samples = np.concatenate(
            [np.abs(frame.to_ndarray()[0]) for frame in container.decode(audio=0)]
        )
    tenth = rate // 10
    return samples[: len(samples) // tenth * tenth].reshape(-1, tenth).max(axis=1)


def test_takes_without_sound_get_silence_of_their_length(tmp_path: Path) -> None:
    takes = [
        take(tmp_path / "0", 15),
        take(tmp_path / "1", 15, sound=0.5),
        take(tmp_path / "2", 15, sound=3.0),
        take(tmp_path / "3", 15),
    ]
    joined = join(takes, tmp_path / "video.mp4")
    assert greys(joined.path) == [*range(15)] * 4
    loud = loudness(joined.path)
    assert abs(len(loud) - 40) <= 1
    assert loud[:9].max() < 0.02
    assert loud[11:14].min() > 0.2
    assert loud[17:19].max() < 0.02
    assert loud[22:29].min() > 0.2, "sound longer than its picture is cut, not shorter"
    assert loud[32:].max() < 0.02


def test_sound_and_picture_lie_side_by_side_in_the_file(tmp_path: Path) -> None:
    takes = [take(tmp_path / f"{number}", 60, sound=4.0) for number in range(4)]
    joined = join(takes, tmp_path / "video.mp4")
    with av.open(joined.path) as container:
        places: dict[str, list[tuple[int, float]]] = {"video": [], "audio": []}
        for packet in container.demux():
            if packet.pts is not None and packet.pos is not None:
                moment = float(packet.pts * packet.time_base)
                places[packet.stream.type].append((packet.pos, moment))
    assert len(places["audio"]) > 700
    for place, moment in places["video"]:
        before = [when for where, when in places["audio"] if where < place]
        assert abs(max(before, default=0.0) - moment) < 1.5


def test_a_video_without_sound_gets_no_sound_track(tmp_path: Path) -> None:
    joined = join([take(tmp_path / "0", 3), take(tmp_path / "1", 3)], tmp_path / "video.mp4")
    with av.open(joined.path) as container:
        assert not container.streams.audio


@pytest.mark.parametrize(
    "other",
    [
        RenderProfile(Quality.DRAFT, 128, 144, 15, 26, "ultrafast"),
        RenderProfile(Quality.DRAFT, 256, 72, 15, 26, "ultrafast"),
        RenderProfile(Quality.DRAFT, 256, 144, 30, 26, "ultrafast"),
    ],
)
def test_takes_of_different_shapes_are_refused(tmp_path: Path, other: RenderProfile) -> None:
    takes = [take(tmp_path / "0", 3), take(tmp_path / "1", 3, profile=other)]
    with pytest.raises(ValueError, match="different shapes"):
        join(takes, tmp_path / "video.mp4")
    assert not list(tmp_path.glob("*.mp4"))


def test_nothing_cannot_be_joined(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing"):
        join([], tmp_path / "video.mp4")


def test_a_damaged_take_leaves_an_older_video_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "video.mp4"
    join([take(tmp_path / "0", 3)], target)
    before = target.read_bytes()
    broken = take(tmp_path / "1", 3)
    Path(broken.video).write_bytes(b"not a video")
    with pytest.raises(av.error.FFmpegError):
        join([take(tmp_path / "2", 3), replace(broken)], target)
    assert target.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_the_same_takes_give_the_same_file(tmp_path: Path) -> None:
    takes = [take(tmp_path / "0", 8), take(tmp_path / "1", 8, sound=0.5)]
    one, two = (join(takes, tmp_path / f"{name}.mp4") for name in ("one", "two"))
    assert one.sha256 == two.sha256
