"""What an editor brings along is measured, or refused in words."""

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from desktop.domain.errors import InvalidInput
from desktop.domain.picture import Quality, RenderProfile
from desktop.rendering.footage import inspect
from tests.rendering.scenes import PROFILE, video


def test_a_video_is_measured(tmp_path: Path) -> None:
    path = video(tmp_path / "clip.mp4", 45)
    facts = inspect(path)
    assert (facts.frames, facts.rate, facts.width, facts.height) == (45, 15, 256, 144)
    assert facts.seconds == 3.0
    assert facts.codec == "h264"
    assert facts.size == path.stat().st_size
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_sound_does_not_count_as_frames(tmp_path: Path) -> None:
    assert inspect(video(tmp_path / "clip.mp4", 30, sound=2.0)).frames == 30


def test_pictures_with_b_frames_are_counted(tmp_path: Path) -> None:
    final = RenderProfile(Quality.FINAL, 256, 144, 30, 18, "medium")
    assert inspect(video(tmp_path / "clip.mp4", 40, profile=final)).frames == 40


def encode(path: Path, format_: str, codec: str, times: list[int], rate: int = 30) -> Path:
    """Write noise with a frame at each of ``times``, in units of 1/``rate`` s."""
    noise = np.random.default_rng(3)
    with av.open(str(path), "w", format=format_) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"  # type: ignore[union-attr, arg-type]  # a video stream
        stream.time_base = Fraction(1, rate)
        for moment in times:
            pixels = noise.integers(0, 255, (48, 64, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = moment, Fraction(1, rate)
            container.mux(stream.encode(frame))  # type: ignore[union-attr, arg-type]  # a video stream
        container.mux(stream.encode(None))  # type: ignore[union-attr, arg-type]  # a video stream
    return path


@pytest.mark.parametrize(
    ("name", "format_", "codec"),
    [("a.mkv", "matroska", "libx264"), ("a.webm", "webm", "libvpx"), ("a.avi", "avi", "mpeg4")],
)
def test_other_containers_are_read(tmp_path: Path, name: str, format_: str, codec: str) -> None:
    facts = inspect(encode(tmp_path / name, format_, codec, list(range(30))))
    assert (facts.frames, facts.width, facts.height) == (30, 64, 48)
    assert abs(facts.seconds - 1) < 0.1


def test_uneven_frame_times_give_the_right_length(tmp_path: Path) -> None:
    times = [0, 1, 2, 10, 11, 30, 31, 32, 58, 59]
    facts = inspect(encode(tmp_path / "clip.mp4", "mp4", "libx264", times))
    assert facts.frames == 10
    assert abs(facts.seconds - 2.0) < 0.25


@pytest.mark.parametrize("share", [0.1, 0.5, 0.93])
@pytest.mark.parametrize(("name", "format_"), [("a.mp4", "mp4"), ("a.mkv", "matroska")])
def test_a_file_cut_short_is_refused(tmp_path: Path, name: str, format_: str, share: float) -> None:
    whole = encode(tmp_path / name, format_, "libx264", list(range(120)))
    whole.write_bytes(whole.read_bytes()[: round(whole.stat().st_size * share)])
    with pytest.raises(InvalidInput, match="damaged"):
        inspect(whole)


def test_a_fast_start_file_cut_short_is_refused(tmp_path: Path) -> None:
    from desktop.rendering.join import join
    from tests.rendering.scenes import take

    path = Path(join([take(tmp_path / "0", 60)], tmp_path / "video.mp4").path)
    path.write_bytes(path.read_bytes()[: round(path.stat().st_size * 0.9)])
    with pytest.raises(InvalidInput, match="damaged"):
        inspect(path)


@pytest.mark.parametrize(
    "content", [b"", b"not a video", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, bytes(range(256)) * 20]
)
def test_what_is_not_a_video_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        inspect(path)
    assert caught.value.title == "clip.mp4 is damaged or not a video"
    assert caught.value.remedy


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "voice.m4a"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 2 * 4096), np.int16), format="s16", layout="stereo"
        )
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(InvalidInput, match="has no pictures"):
        inspect(path)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        inspect(tmp_path / "gone.mp4")


def test_a_folder_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        inspect(tmp_path)


def test_the_profile_of_tests_is_a_draft() -> None:
    assert PROFILE.quality is Quality.DRAFT
