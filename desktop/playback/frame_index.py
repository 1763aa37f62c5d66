"""Which frame is where in a file: made from its packets, without decoding a picture.

A container knows time stamps, people know frame numbers. The packets, sorted by time stamp, are
the only exact translation: it holds for B-frames, 29.97 frames per second and variable rates.
"""

import bisect
import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av

from desktop.domain.errors import InvalidInput, NotFound, StudioError

ASSUMED_RATE = Fraction(30)
"""Frame rate of files that name none."""

TOLERANCE = 1e-6
"""Seconds; the same as in ``domain.picture``, so that both name the same frame."""

MOST_KEPT = 16
"""Indexes kept in memory; ten minutes at 60 frames per second take 2 MB."""

_REMEDY = "Play it in another program to see whether it is complete, then make or copy it again."


@dataclass(frozen=True, slots=True)
class FrameIndex:
    """Time stamp of every frame of one file, in the order they are shown."""

    stamps: tuple[int, ...]
    """Presentation time stamps in units of ``time_base``, ascending, none twice."""
    keys: tuple[int, ...]
    """Numbers of the frames decoding can begin with, ascending."""
    time_base: Fraction
    """Seconds."""
    rate: Fraction
    """Frames per second; the average when it varies."""
    width: int
    """Pixels, as shown: stretched pixels are counted as square ones."""
    height: int
    has_sound: bool = False
    _starts: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _numbers: dict[int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first = self.stamps[0]
        starts = tuple(float((stamp - first) * self.time_base) for stamp in self.stamps)
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_numbers", {stamp: n for n, stamp in enumerate(self.stamps)})

    @property
    def frame_count(self) -> int:
        """How many frames there are; at least 1."""
        return len(self.stamps)

    @property
    def seconds(self) -> float:
        """Length of the video in seconds, the last frame included."""
        return self.end_of(self.frame_count - 1)

    def start_of(self, frame: int) -> float:
        """Return when a frame appears, in seconds from the first frame."""
        return self._starts[frame]

    def end_of(self, frame: int) -> float:
        """Return when a frame disappears, in seconds from the first frame."""
        if frame + 1 < self.frame_count:
            return self._starts[frame + 1]
        return self._starts[frame] + float(1 / self.rate)

    def frame_at(self, seconds: float) -> int:
        """Return the frame on screen at a time; times outside give the first or last frame."""
        return max(0, bisect.bisect_right(self._starts, seconds + TOLERANCE) - 1)

    def number_of(self, stamp: int) -> int | None:
        """Return the frame with a time stamp, None when the index has no such frame."""
        return self._numbers.get(stamp)

    def key_before(self, frame: int) -> int:
        """Return the last frame at or before ``frame`` that decoding can begin with."""
        place = bisect.bisect_right(self.keys, frame)
        return self.keys[max(0, place - 1)]


def read_index(path: str, cancelled: Callable[[], bool] = lambda: False) -> FrameIndex | None:
    """Return the index of a file; None when ``cancelled`` became true meanwhile.

    Raises NotFound when there is no file, InvalidInput when it is no video or cut off.
    """
    name = Path(path).name
    try:
        facts = Path(path).stat()
    except OSError as error:
        raise _gone(name, error) from error
    key = (path, facts.st_size, facts.st_mtime_ns)
    if (kept := _kept.get(key)) is not None:
        return kept
    try:
        index = _read(path, name, cancelled)
    except av.error.InvalidDataError as error:
        raise damaged(name, "It is not a video, or it is damaged.") from error
    except (av.error.FFmpegError, OSError) as error:
        raise damaged(name, f"{error.strerror or error}.") from error
    if index is not None:
        _kept.put(key, index)
    return index


def damaged(name: str, detail: str) -> InvalidInput:
    """Return the error of a file that cannot be played; ``detail`` says why."""
    return InvalidInput(f"{name} cannot be played", detail, _REMEDY)


def _gone(name: str, error: OSError) -> StudioError:
    return NotFound(
        f"{name} cannot be opened",
        error.strerror or str(error),
        "Look whether the file was moved or its disk is away, then open the video again.",
    )


def _read(path: str, name: str, cancelled: Callable[[], bool]) -> FrameIndex | None:
    with av.open(path) as container:
        if not container.streams.video:
            raise InvalidInput(
                f"{name} has no pictures", "It holds sound only.", "Choose a video file."
            )
        stream = container.streams.video[0]
        packets = _packets(container.demux(stream), cancelled)
        if packets is None:
            return None
        _require_all(packets, stream.frames, name)
        return _index(packets, stream, has_sound=bool(container.streams.audio))


@dataclass(frozen=True, slots=True)
class _Packet:
    stamp: int | None
    key: bool
    shown: bool
    """False for what only prepares later frames, such as the part an edit list cuts off."""
    whole: bool


def _packets(
    source: Iterable["av.Packet[av.VideoStream]"], cancelled: Callable[[], bool]
) -> list[_Packet] | None:
    result = []
    for packet in source:
        if cancelled():
            return None
        if packet.size:
            shown, whole = not packet.is_discard, not packet.is_corrupt
            result.append(_Packet(packet.pts, packet.is_keyframe, shown, whole))
    return result


def _require_all(packets: list[_Packet], promised: int, name: str) -> None:
    """Raise InvalidInput when packets are missing, cut short, or without a time."""
    whole = sum(packet.whole for packet in packets)
    if not whole:
        raise damaged(name, "There is no picture in it.")
    if whole < max(promised, len(packets)):
        raise damaged(
            name, f"It ends early: {whole} of {max(promised, len(packets))} frames are there."
        )
    if any(packet.stamp is None for packet in packets):
        raise InvalidInput(
            f"{name} cannot be played frame by frame",
            "Its frames carry no times.",
            "Convert it to MP4 with another program, then open it again.",
        )


def _index(packets: list[_Packet], stream: av.VideoStream, *, has_sound: bool) -> FrameIndex:
    stamps = sorted({p.stamp for p in packets if p.shown and p.stamp is not None})
    key_stamps = {p.stamp for p in packets if p.key}
    keys = [number for number, stamp in enumerate(stamps) if stamp in key_stamps]
    aspect = stream.sample_aspect_ratio or Fraction(1)
    return FrameIndex(
        stamps=tuple(stamps),
        keys=tuple(keys) if keys and keys[0] == 0 else (0, *keys),
        time_base=stream.time_base or Fraction(1, 1000),
        rate=_rate(stamps, stream),
        width=max(1, round(stream.width * aspect)),
        height=stream.height,
        has_sound=has_sound,
    )


def _rate(stamps: list[int], stream: av.VideoStream) -> Fraction:
    """Return the stream's rate, or the measured one when it names none or an absurd one."""
    named = stream.average_rate or stream.base_rate
    if named and named < 1000:
        return Fraction(named)
    gaps = [after - before for before, after in itertools.pairwise(stamps)]
    if gaps and stream.time_base and (middle := sorted(gaps)[len(gaps) // 2]):
        return (1 / (middle * stream.time_base)).limit_denominator(1001)
    return ASSUMED_RATE


class _Kept:
    """The indexes used last, by path, size and time of change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._indexes: OrderedDict[tuple[str, int, int], FrameIndex] = OrderedDict()

    def get(self, key: tuple[str, int, int]) -> FrameIndex | None:
        with self._lock:
            if key in self._indexes:
                self._indexes.move_to_end(key)
            return self._indexes.get(key)

    def put(self, key: tuple[str, int, int], index: FrameIndex) -> None:
        with self._lock:
            self._indexes[key] = index
            while len(self._indexes) > MOST_KEPT:
                self._indexes.popitem(last=False)


_kept = _Kept()
