"""Frame N of a file, exactly: go to the key frame at or before it and decode forward.

Not a thread itself; ``player`` runs one decoder on a thread of its own. FFmpeg's seeking lands
on key frames and its decoders hold pictures back, so no result is trusted by its order: every
picture is known by its time stamp.
"""

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
from av.codec.context import ThreadType
from av.video.reformatter import Colorspace, VideoReformatter

from desktop.playback.frame_index import FrameIndex, damaged

KEPT_BYTES = 96 * 1024 * 1024
"""Memory for decoded frames, so that stepping back does not decode again."""

MOST_KEPT = 240
"""Frames kept at most; small pictures would fill the memory with thousands."""

NEAR = 8
"""Frames that are decoded on to rather than jumped to: a jump empties the decoder."""

HD_HEIGHT = 720
"""Untagged pictures of this height or more are in the colours of HD television."""

UNTAGGED = 2
"""FFmpeg's number for pictures that do not say which colours they are in."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame as pixels."""

    frame: int
    """0-based number."""
    pixels: memoryview
    """Rows of blue, green, red, alpha bytes; ``stride`` bytes each."""
    width: int
    height: int
    stride: int


class FrameDecoder:
    """Decodes any frame of one file; use it from one thread, and close it there."""

    def __init__(
        self, path: str, index: FrameIndex, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self._index = index
        self._cancelled = cancelled
        self._path = path
        self._reformatter = VideoReformatter()
        self._frames = _FrameCache()
        self._skip_below: int | None = None
        self._container: av.container.InputContainer | None = None
        self._open()

    def _open(self) -> None:
        """Stand at the beginning of the file, whatever happened before."""
        if self._container is not None:
            self._container.close()
        self._container = av.open(self._path)
        self._stream = self._container.streams.video[0]
        self._stream.codec_context.thread_type = ThreadType.AUTO
        self._stream.codec_context.thread_count = 2
        self._skipping = False
        self._begin(0, landed=0)

    def _begin(self, frame: int, *, landed: int | None = None) -> None:
        """Decode on from where the container stands, which should be at ``frame``.

        ``landed`` is the key frame it really stands at, None when that is to be found out.
        """
        self._coming: Iterator[tuple[int, av.VideoFrame]] | None = self._decoded()
        self._last = frame - 1
        self._landed = landed

    def close(self) -> None:
        """Let go of the file."""
        self._coming = None
        self._frames.clear()
        if self._container is not None:
            self._container.close()

    def picture(self, frame: int, size: Size | None = None) -> Picture | None:
        """Return frame ``frame`` scaled to ``size`` in pixels, or in its own size.

        None when ``cancelled`` became true meanwhile. Raises InvalidInput when the file is so
        damaged that nothing can be decoded there.
        """
        decoded = self._frames.get(frame)
        if decoded is None:
            decoded = self._decode(frame)
        return None if decoded is None else self._convert(frame, decoded, size)

    def _convert(self, frame: int, decoded: av.VideoFrame, size: Size | None) -> Picture:
        width, height = size or (decoded.width, decoded.height)
        untagged = decoded.colorspace == UNTAGGED and decoded.height >= HD_HEIGHT
        shown = self._reformatter.reformat(
            decoded,
            width,
            height,
            "bgra",
            src_colorspace=Colorspace.ITU709 if untagged else None,
            threads=1,  # several cost more than they save at these sizes
        )
        plane = shown.planes[0]
        return Picture(frame, memoryview(plane), shown.width, shown.height, plane.line_size)

    def _decode(self, frame: int) -> av.VideoFrame | None:
        key = self._index.key_before(frame)
        if self._coming is None or frame <= self._last or key > self._last + NEAR:
            self._seek(key)
        found = self._advance(frame)
        # FFmpeg may land behind the frame: some containers have no table of their frames.
        while found is None and key > 0 and not self._cancelled():
            key = self._index.key_before(key - 1)
            self._seek(key)
            found = self._advance(frame)
        if found is None and not self._cancelled():
            self._open()
            found = self._advance(frame)
        if found is None and not self._cancelled():
            found = self._nearest(frame)
            self._frames.put(frame, found)
        return None if self._cancelled() else found

    def _nearest(self, frame: int) -> av.VideoFrame:
        if (nearest := self._frames.latest()) is None:
            raise damaged(Path(self._path).name, f"Frame {frame} cannot be decoded.")
        return nearest

    def _seek(self, key: int) -> None:
        assert self._container is not None
        self._container.seek(self._index.stamps[key], stream=self._stream, backward=True)
        self._begin(key)

    def _advance(self, frame: int) -> av.VideoFrame | None:
        """Decode forward to ``frame``; where it is damaged, return its nearest neighbour."""
        assert self._coming is not None
        self._skip_below = self._skip_limit(frame)
        before: av.VideoFrame | None = None
        for number, decoded in self._coming:
            self._last = number
            self._frames.put(number, decoded)
            if number >= frame:
                late = self._landed is None or self._landed > frame
                return None if late else decoded
            before = decoded
        self._coming = None
        return before

    def _skip_limit(self, frame: int) -> int | None:
        """Return the time stamp below which frames nobody refers to need not be decoded.

        Those just before ``frame`` are decoded all the same: stepping back wants them.
        """
        near = frame - self._frames.room // 2
        return self._index.stamps[near] if near > self._last + 1 else None

    def _decoded(self) -> Iterator[tuple[int, av.VideoFrame]]:
        """Yield (number, picture) from where the container stands, in the order of showing."""
        assert self._container is not None
        for packet in self._container.demux(self._stream):
            if self._cancelled():
                return
            self._note_landing(packet)
            self._choose_skipping(packet)
            # A packet that cannot be decoded costs its frame, not the rest of the film.
            with contextlib.suppress(av.error.InvalidDataError):
                for decoded in packet.decode():
                    number = self._number(decoded)
                    if number is not None:
                        yield number, decoded

    def _number(self, decoded: av.VideoFrame) -> int | None:
        """Return the frame number; None before the landing: such frames lack references."""
        if decoded.pts is None or self._landed is None:
            return None
        number = self._index.number_of(decoded.pts)
        return None if number is None or number < self._landed else number

    def _note_landing(self, packet: "av.Packet[av.VideoStream]") -> None:
        if self._landed is None and packet.is_keyframe and packet.pts is not None:
            self._landed = self._index.number_of(packet.pts)

    def _choose_skipping(self, packet: "av.Packet[av.VideoStream]") -> None:
        limit, stamp = self._skip_below, packet.pts
        skip = limit is not None and stamp is not None and stamp < limit
        codec = self._stream.codec_context
        if skip != self._skipping:
            codec.skip_frame = "NONREF" if skip else "DEFAULT"
            self._skipping = skip


class _FrameCache:
    """The frames decoded last, in as many bytes as are allowed."""

    def __init__(self) -> None:
        self.room = 30
        """How many frames fit."""
        self._frames: OrderedDict[int, av.VideoFrame] = OrderedDict()

    def get(self, number: int) -> av.VideoFrame | None:
        if number in self._frames:
            self._frames.move_to_end(number)
        return self._frames.get(number)

    def put(self, number: int, decoded: av.VideoFrame) -> None:
        size = sum(plane.buffer_size for plane in decoded.planes)
        self.room = max(4, min(MOST_KEPT, KEPT_BYTES // max(1, size)))
        self._frames[number] = decoded
        self._frames.move_to_end(number)
        while len(self._frames) > self.room:
            self._frames.popitem(last=False)

    def latest(self) -> av.VideoFrame | None:
        return next(reversed(self._frames.values()), None)

    def clear(self) -> None:
        self._frames.clear()
