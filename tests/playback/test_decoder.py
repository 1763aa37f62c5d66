"""Every frame that is asked for is the frame that comes, told from the bars burnt into it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.domain.errors import InvalidInput
from desktop.playback.decoder import FrameDecoder, Picture
from desktop.playback.frame_index import FrameIndex, read_index
from tests.playback.conftest import FILMS
from tests.playback.films import number_in


@contextmanager
def opened(path: Path) -> Iterator[tuple[FrameDecoder, FrameIndex]]:
    index = read_index(str(path))
    assert index is not None
    decoder = FrameDecoder(str(path), index)
    try:
        yield decoder, index
    finally:
        decoder.close()


def shown(picture: Picture | None) -> int:
    assert picture is not None
    return number_in(picture.pixels, picture.width, picture.height, picture.stride)


@pytest.mark.parametrize("name", FILMS)
def test_no_random_seek_shows_a_wrong_frame(films: dict[str, Path], name: str) -> None:
    rng = random.Random(name)
    with opened(films[name]) as (decoder, index):
        asked = [rng.randrange(index.frame_count) for _ in range(60)]
        wrong = [frame for frame in asked if shown(decoder.picture(frame)) != frame]
    assert not wrong


@pytest.mark.parametrize("name", FILMS)
def test_short_hops_back_and_forth_stay_exact(films: dict[str, Path], name: str) -> None:
    rng = random.Random(name)
    with opened(films[name]) as (decoder, index):
        frame, wrong = index.frame_count // 2, []
        for _ in range(120):
            frame = max(0, min(frame + rng.randint(-12, 12), index.frame_count - 1))
            if shown(decoder.picture(frame)) != frame:
                wrong.append(frame)
    assert not wrong


@pytest.mark.parametrize("name", FILMS)
def test_every_frame_comes_once_in_order(films: dict[str, Path], name: str) -> None:
    with opened(films[name]) as (decoder, index):
        seen = [shown(decoder.picture(frame)) for frame in range(index.frame_count)]
        backward = [shown(decoder.picture(frame)) for frame in reversed(range(index.frame_count))]
    assert seen == list(range(FILMS[name][1].frames))
    assert backward == seen[::-1]


def test_pictures_come_in_the_size_of_the_screen(films: dict[str, Path]) -> None:
    with opened(films["plain"]) as (decoder, _):
        picture = decoder.picture(77, (161, 91))
        assert picture is not None
        assert (picture.width, picture.height) == (161, 91)
        assert shown(picture) == 77
        assert shown(decoder.picture(77)) == 77


def test_a_damaged_stretch_costs_its_frames_and_not_the_film(
    films: dict[str, Path], tmp_path: Path
) -> None:
    data = bytearray(films["long_gop"].read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    path = tmp_path / "hurt.mp4"
    path.write_bytes(data)
    with opened(path) as (decoder, index):
        pictures = [decoder.picture(frame) for frame in range(index.frame_count)]
        assert all(picture is not None for picture in pictures)
        assert shown(decoder.picture(0)) == 0
        assert shown(decoder.picture(index.frame_count - 1)) == index.frame_count - 1


def test_a_film_that_decodes_to_nothing_says_so(films: dict[str, Path], tmp_path: Path) -> None:
    data = bytearray(films["one_frame"].read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4 if data.index(b"moov") > start else len(data)
    data[start:end] = bytes(end - start)
    path = tmp_path / "nothing.mp4"
    path.write_bytes(data)
    with opened(path) as (decoder, _), pytest.raises(InvalidInput) as caught:
        decoder.picture(0)
    assert caught.value.remedy


def test_work_that_nobody_waits_for_stops(films: dict[str, Path]) -> None:
    path = str(films["long_gop"])
    index = read_index(path)
    assert index is not None
    decoder = FrameDecoder(path, index, lambda: True)
    assert decoder.picture(200) is None
    decoder.close()
