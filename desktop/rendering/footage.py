"""Looking at finished video files that an editor brings along."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from desktop.domain.errors import InvalidInput

ASSUMED_RATE = Fraction(30)
"""Frame rate of files that name none."""


@dataclass(frozen=True, slots=True)
class FootageFacts:
    """What a video file holds."""

    frames: int
    rate: Fraction
    width: int
    height: int
    seconds: float
    codec: str
    size: int
    """Bytes."""
    sha256: str


def inspect(path: Path) -> FootageFacts:
    """Read a video file through to its end.

    Raises InvalidInput when it is not a video, has no pictures, or ends before its index says.
    """
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise InvalidInput(
                    f"{path.name} has no pictures", "It holds sound only.", "Choose a video file."
                )
            stream = container.streams.video[0]
            rate = stream.average_rate or ASSUMED_RATE
            expected = stream.frames
            frames = sum(1 for packet in container.demux(stream) if packet.size)
            next(_first_picture(path))
            facts = (frames, rate, stream.width, stream.height, stream.codec_context.name)
    except (av.error.FFmpegError, StopIteration) as error:
        raise _damaged(path, str(error)) from error
    if expected and frames < expected:
        raise _damaged(path, f"{frames} of {expected} frames are there")
    return _facts(path, facts)


def _first_picture(path: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(path)) as container:
        yield from container.decode(video=0)


def _facts(path: Path, found: tuple[int, Fraction, int, int, str]) -> FootageFacts:
    frames, rate, width, height, codec = found
    if not frames:
        raise _damaged(path, "no frame can be read")
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    seconds = float(frames / rate)
    return FootageFacts(frames, rate, width, height, seconds, codec, path.stat().st_size, sha256)


def _damaged(path: Path, why: str) -> InvalidInput:
    return InvalidInput(
        f"{path.name} is damaged or not a video",
        why,
        "Play it in another program to see whether it is complete, then copy it again.",
    )
