from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from desktop.domain.errors import InvalidInput, NotFound, StudioError
from desktop.domain.picture import frames_to_seconds, seconds_to_frame
from desktop.playback.frame_index import FrameIndex, read_index
from tests.playback.conftest import FILMS
from tests.playback.films import Film, write


def index_of(path: Path) -> FrameIndex:
    index = read_index(str(path))
    assert index is not None
    return index


@pytest.mark.parametrize("name", FILMS)
def test_every_frame_is_counted(films: dict[str, Path], name: str) -> None:
    index = index_of(films[name])
    film = FILMS[name][1]
    assert index.frame_count == film.frames
    assert (index.width, index.height) == (film.width, film.height)
    assert index.keys[0] == 0
    assert index.has_sound == film.sound


@pytest.mark.parametrize("name", ["plain", "b_frames", "ntsc", "long_gop", "one_frame"])
def test_an_even_rate_agrees_with_the_arithmetic_of_the_domain(
    films: dict[str, Path], name: str
) -> None:
    index = index_of(films[name])
    assert index.rate == FILMS[name][1].rate
    for frame in range(index.frame_count):
        assert index.start_of(frame) == pytest.approx(frames_to_seconds(frame, index.rate))
        assert index.frame_at(index.start_of(frame)) == frame
        assert seconds_to_frame(index.start_of(frame), index.rate) == frame


def test_variable_rates_keep_their_own_times(films: dict[str, Path]) -> None:
    index = index_of(films["variable"])
    stamps = FILMS["variable"][1].stamps
    for frame, stamp in enumerate(stamps):
        seconds = (stamp - stamps[0]) / 1000
        assert index.start_of(frame) == pytest.approx(seconds, abs=0.0011)
        assert index.frame_at(index.start_of(frame)) == frame
        assert index.frame_at(index.end_of(frame) - 0.0001) == frame


def test_times_outside_the_film_give_its_ends(films: dict[str, Path]) -> None:
    index = index_of(films["plain"])
    assert index.frame_at(-3) == 0
    assert index.frame_at(1e6) == 119
    assert index.seconds == pytest.approx(4.0)


def test_decoding_begins_at_the_key_frame_before(films: dict[str, Path]) -> None:
    index = index_of(films["plain"])
    assert index.keys == (0, 30, 60, 90)
    assert [index.key_before(frame) for frame in (0, 29, 30, 119)] == [0, 0, 30, 90]


def test_an_index_is_read_once_until_the_file_changes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", Film(frames=10))
    first = index_of(path)
    assert index_of(path) is first
    write(path, Film(frames=12))
    assert index_of(path).frame_count == 12


@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
def test_a_film_that_was_cut_off_is_refused_with_a_remedy(tmp_path: Path, share: float) -> None:
    path = write(tmp_path / "whole.mp4", Film(options={"bf": "2"}))
    front = tmp_path / "front.mp4"
    with (
        av.open(str(path)) as source,
        av.open(str(front), "w", options={"movflags": "+faststart"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    data = front.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InvalidInput) as caught:
        read_index(str(cut))
    assert caught.value.remedy
    assert "cut.mp4" in caught.value.title


def test_a_film_without_its_table_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", Film())
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(StudioError) as caught:
        read_index(str(path))
    assert caught.value.remedy


@pytest.mark.parametrize("content", [b"", b"# A storyboard\n", bytes(range(256)) * 40])
def test_what_is_no_film_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.mp4"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        read_index(str(path))
    assert caught.value.remedy


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "song.m4a"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(InvalidInput, match="no pictures"):
        read_index(str(path))


def test_a_file_that_has_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"away\.mp4") as caught:
        read_index(str(tmp_path / "away.mp4"))
    assert caught.value.remedy


def test_reading_stops_when_nobody_waits_for_it(tmp_path: Path) -> None:
    path = write(tmp_path / "b.mp4", Film(rate=Fraction(25)))
    assert read_index(str(path), lambda: True) is None
