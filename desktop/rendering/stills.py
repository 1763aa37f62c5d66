"""Pictures of a video: poster, thumbnail sheet, and the still of one frame."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import av
from PIL import Image

from desktop.domain.errors import InvalidInput

TILE_WIDTH = 192
"""Pixels; wide enough for a hover preview on a dense screen."""
MOST_TILES = 100
POSTER_WIDTH = 640


def sprite(video: Path, sheet: Path, index: Path, *, tiles: int = MOST_TILES) -> None:
    """Write one JPEG of evenly spread thumbnails and the JSON that says which frames they show.

    The index has ``columns``, ``rows``, ``tile_width``, ``tile_height`` in pixels, and ``frames``,
    the frame number of each tile, row by row. Only key frames are decoded, so a tile may show a
    picture up to one group of pictures early, and its number says which.
    """
    pictures = list(_key_frames(video, tiles))
    if not pictures:
        raise InvalidInput(f"{video.name} has no pictures")
    width, height = pictures[0][1].size
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    canvas = Image.new("RGB", (columns * width, rows * height))
    for place, (_frame, picture) in enumerate(pictures):
        canvas.paste(picture, (place % columns * width, place // columns * height))
    canvas.save(sheet, quality=82)
    document = {
        "columns": columns,
        "rows": rows,
        "tile_width": width,
        "tile_height": height,
        "frames": [frame for frame, _picture in pictures],
    }
    index.write_text(json.dumps(document), "utf-8")


def poster(video: Path, target: Path) -> None:
    """Write a JPEG of the key frame nearest to a third of the video."""
    pictures = list(_key_frames(video, 3, width=POSTER_WIDTH))
    if not pictures:
        raise InvalidInput(f"{video.name} has no pictures")
    pictures[len(pictures) // 3][1].save(target, quality=88)


def still(video: Path, frame: int, target: Path) -> None:
    """Write exactly frame ``frame``, 0-based, in full size; the suffix names the format.

    Raises InvalidInput when the video has fewer frames.
    """
    times = [pts for pts, _key in _packets(video)]
    if 0 <= frame < len(times):
        with av.open(str(video)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            container.seek(times[frame], stream=stream)
            for picture in container.decode(stream):
                if picture.pts is not None and picture.pts >= times[frame]:
                    _image(picture).save(target)
                    return
    raise InvalidInput(
        f"{video.name} has no frame {frame}", remedy="Choose a frame inside the video."
    )


def _key_frames(
    video: Path, most: int, *, width: int = TILE_WIDTH
) -> Iterator[tuple[int, Image.Image]]:
    """Yield (frame number, scaled picture) of at most ``most`` evenly spread key frames."""
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        numbers = _key_frame_numbers(video)
        step = max(1, math.ceil(len(numbers) / most))
        stream.codec_context.skip_frame = "NONKEY"
        height = max(2, round(stream.height * width / stream.width / 2) * 2)
        for place, picture in enumerate(container.decode(stream)):
            if place % step == 0 and place < len(numbers):
                yield (
                    numbers[place],
                    _image(picture).resize((width, height), Image.Resampling.BILINEAR),
                )


def _image(picture: av.VideoFrame) -> Image.Image:
    """Return the frame as an RGB picture in its own size."""
    return Image.fromarray(picture.to_ndarray(format="rgb24"))


def _key_frame_numbers(video: Path) -> list[int]:
    """Return the 0-based frame number of each key frame, in order of presentation."""
    return [number for number, (_pts, key) in enumerate(_packets(video)) if key]


def _packets(video: Path) -> list[tuple[int, bool]]:
    """Return (time stamp, whether a key frame) of every frame, in order of presentation."""
    with av.open(str(video)) as container:
        return sorted(
            (packet.pts, packet.is_keyframe)
            for packet in container.demux(video=0)
            if packet.pts is not None
        )
