"""Writing a scene as one continuous stream.

Manim's own writer encodes each animation into a file of its own and joins them, so that its cache
can reuse them; here the scene as a whole is what is reused. One stream saves the joins, the hashing
of every animation, and the key frame that each piece begins with.
"""

import queue
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from manim.scene.scene_file_writer import SceneFileWriter
from PIL import Image
from typing_extensions import override

POSTER_WIDTH = 640
QUEUED_FRAMES = 8
"""Frames drawn ahead of the encoder; each is 8 MB at 1080p."""


class FrameEncoder:
    """Encodes frames on a thread of its own; PyAV lets go of the interpreter while it works."""

    def __init__(self, target: Path, profile: dict[str, Any], poster_frame: int) -> None:
        self.frames = 0
        self.poster: np.ndarray | None = None
        self._poster_frame = poster_frame
        self._error: BaseException | None = None
        self._queue: queue.Queue[tuple[np.ndarray, int] | None] = queue.Queue(QUEUED_FRAMES)
        self._container = av.open(str(target), "w", format="mp4")
        self._stream = _video_stream(self._container, profile)
        self._pts = 0
        self._time_base = Fraction(1, profile["fps"])
        self._thread = threading.Thread(target=self._work, name="encoder", daemon=True)
        self._thread.start()

    def write(self, pixels: np.ndarray, repeat: int) -> None:
        """Queue one RGBA picture to be shown ``repeat`` times; raises what the encoder raised."""
        if self._error is not None:
            raise self._error
        if repeat > 0:
            if self.frames <= self._poster_frame or self.poster is None:
                self.poster = pixels
            self.frames += repeat
            self._queue.put((pixels, repeat))

    def finish(self) -> None:
        """Encode what is queued and close the file."""
        self._queue.put(None)
        self._thread.join()
        try:
            if self._error is None:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._error is None:
                try:
                    self._encode(*item)
                except BaseException as error:  # noqa: BLE001  raised again where frames are made
                    self._error = error

    def _encode(self, pixels: np.ndarray, repeat: int) -> None:
        picture = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(
            format="yuv420p", dst_colorspace="ITU709"
        )
        picture.time_base = self._time_base
        for _ in range(repeat):
            picture.pts = self._pts
            self._pts += 1
            self._container.mux(self._stream.encode(picture))


def _video_stream(container: Any, profile: dict[str, Any]) -> Any:  # noqa: ANN401  PyAV's own types
    """Add the H.264 stream every take shares, so that takes join without encoding again."""
    stream = container.add_stream(
        "libx264",
        rate=profile["fps"],
        options={
            "crf": str(profile["crf"]),
            "preset": profile["preset"],
            "g": str(profile["gop"]),
            "threads": "2",
            # players assume bt.601 for untagged small pictures and show wrong colours
            "x264-params": "colorprim=bt709:transfer=bt709:colormatrix=bt709",
        },
    )
    stream.width, stream.height = profile["width"], profile["height"]
    stream.pix_fmt = "yuv420p"
    stream.time_base = Fraction(1, profile["fps"])
    return stream


class SilentWriter(SceneFileWriter):
    """Manim's writer for a scene that is only looked at."""

    @override
    def save_image(self, pixels: Any) -> None:
        """Leave the last frame alone: nobody asked for it."""


class SceneWriter(SilentWriter):
    """Manim's writer with one encoder for the whole scene."""

    encoder: FrameEncoder
    """Set by the renderer before the scene begins."""
    on_frame: Callable[[int], None]

    @override
    def add_partial_movie_file(self, hash_animation: str | None) -> None:
        """There are no partial files."""

    @override
    def begin_animation(self, *args: Any, **kwargs: Any) -> None:
        """Animations follow each other in one stream."""

    @override
    def end_animation(self, allow_write: bool = False) -> None:
        """Animations follow each other in one stream."""

    @override
    def is_already_cached(self, hash_invocation: str) -> bool:
        """Return False: the scene as a whole is what is reused."""
        return False

    @override
    def write_frame(self, pixels: Any, *, repeat: int = 1) -> None:
        """Encode a picture ``repeat`` times."""
        self.encoder.write(pixels, repeat)
        self.on_frame(self.encoder.frames)

    @override
    def finish(self) -> None:
        """Leave finishing to whoever made the encoder: it also adds sound and the poster."""


def save_poster(pixels: np.ndarray, target: Path) -> None:
    """Write a JPEG of an RGBA picture, scaled down to the width of a card."""
    picture = Image.fromarray(pixels).convert("RGB")
    height = round(picture.height * POSTER_WIDTH / picture.width)
    picture.resize((POSTER_WIDTH, height), Image.Resampling.LANCZOS).save(target, quality=88)


def add_sound(video: Path, segment: Any, seconds: float) -> None:  # noqa: ANN401  a pydub segment
    """Mux a sound segment, cut to the length of the video, into the file."""
    segment = segment.set_frame_rate(48_000).set_channels(2).set_sample_width(2)
    samples = np.frombuffer(segment[: round(seconds * 1000)].raw_data, dtype=np.int16)
    temporary = video.with_suffix(".sound.mp4")
    with av.open(str(video)) as source, av.open(str(temporary), "w", format="mp4") as target:
        pictures = target.add_stream_from_template(source.streams.video[0])
        sound = target.add_stream("aac", rate=48_000, layout="stereo")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = pictures
                target.mux(packet)
        for start in range(0, len(samples), 2 * 1024):
            frame = av.AudioFrame.from_ndarray(
                samples[start : start + 2 * 1024].reshape(1, -1), format="s16", layout="stereo"
            )
            frame.sample_rate = 48_000
            frame.pts = start // 2
            target.mux(sound.encode(frame))
        target.mux(sound.encode(None))
    temporary.replace(video)
