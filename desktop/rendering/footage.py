"""Looking at finished video files that an editor brings along."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from desktop.domain.errors import InvalidInput

ASSUMED_RATE = Fraction(30)
"""Frame rate of files that name none."""

UNEVEN = 0.02
"""Share by which the named rate may miss the real one before the real one is taken."""

MISSING_SECONDS = 0.1
MISSING_FRAMES = 3
"""How much earlier than announced a file may end: containers round, and players do not mind."""


@dataclass(frozen=True, slots=True)
class FootageFacts:
    """What a video file holds."""

    frames: int
    rate: Fraction
    """Frames per second; the average where they are uneven."""
    width: int
    height: int
    seconds: float
    codec: str
    size: int
    """Bytes."""
    sha256: str


@dataclass(slots=True)
class _Reel:
    """What reading a file to its end has shown so far; times in seconds."""

    frames: int = 0
    begins: Fraction | None = None
    last: Fraction = Fraction(0)
    """When the last picture appears."""
    ends: Fraction = Fraction(0)
    """When the last stream ends, of whatever kind."""

    def add(self, packet: "av.Packet[av.VideoStream]", *, picture: bool) -> None:
        base = packet.time_base or Fraction(1)
        time = Fraction(packet.pts if packet.pts is not None else packet.dts or 0) * base
        self.ends = max(self.ends, time + (packet.duration or 0) * base)
        if picture and packet.size:
            self.frames += 1
            self.begins = time if self.begins is None else min(self.begins, time)
            self.last = max(self.last, time)


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
            _decode_one(path)
            return _facts(path, container, _read(container))
    except (av.error.FFmpegError, OSError, StopIteration) as error:
        raise _damaged(path, getattr(error, "strerror", "") or str(error)) from error


def _decode_one(path: Path) -> None:
    with av.open(str(path)) as container:
        next(container.decode(video=0))


def _read(container: av.container.InputContainer) -> _Reel:
    stream = container.streams.video[0]
    reel = _Reel()
    for packet in container.demux():
        if packet.size:
            reel.add(packet, picture=packet.stream is stream)  # type: ignore[arg-type]  # any kind
    return reel


def _facts(path: Path, container: av.container.InputContainer, reel: _Reel) -> FootageFacts:
    stream = container.streams.video[0]
    named = stream.average_rate or ASSUMED_RATE
    if not reel.frames:
        raise _damaged(path, "no frame can be read")
    if reel.frames < stream.frames:
        raise _damaged(path, f"{reel.frames} of {stream.frames} frames are there")
    _refuse_early_end(path, container, reel, named)
    seconds, rate = _pace(reel, named)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    codec = stream.codec_context.name
    size = path.stat().st_size
    return FootageFacts(
        reel.frames, rate, stream.width, stream.height, seconds, codec, size, sha256
    )


def _refuse_early_end(
    path: Path, container: av.container.InputContainer, reel: _Reel, rate: Fraction
) -> None:
    """Compare the end with the announced length, for containers that do not count frames."""
    if container.streams.video[0].frames or not container.duration:
        return
    announced = container.duration / av.time_base
    ends = float(max(reel.ends, reel.last + 1 / rate)) - (container.start_time or 0) / av.time_base
    if ends < announced - MISSING_SECONDS - float(MISSING_FRAMES / rate):
        raise _damaged(path, f"it ends after {ends:.1f} of {announced:.1f} seconds")


def _pace(reel: _Reel, named: Fraction) -> tuple[float, Fraction]:
    """Return (length in seconds, frames per second); the last frame lasts one of the named."""
    even = reel.frames / named
    span = reel.last - (reel.begins or 0)
    if reel.frames < 2 or abs(span / (reel.frames - 1) * named - 1) <= UNEVEN:
        return float(even), named
    rate = Fraction(reel.frames - 1) / span if span else named
    return float(reel.frames / rate), rate.limit_denominator(1001)


def _damaged(path: Path, why: str) -> InvalidInput:
    return InvalidInput(
        f"{path.name} is damaged or not a video",
        why,
        "Play it in another program to see whether it is complete, then copy it again.",
    )
