"""Joining takes into one video by copying their streams; nothing is encoded again.

Takes of one version share one encoder setting (see ``worker.writer``), which copying needs.
"""

import hashlib
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from desktop.rendering.jobs import Take

SOUND_RATE = 48_000
SOUND_FRAME = 1024
"""Samples of one AAC frame."""


@dataclass(frozen=True, slots=True)
class JoinedVideo:
    """The result of a join."""

    path: str
    frames: int
    rate: Fraction
    width: int
    height: int
    size: int
    """Bytes."""
    sha256: str
    first_frames: tuple[int, ...]
    """Where each take begins, 0-based."""


def join(takes: Sequence[Take], target: Path) -> JoinedVideo:
    """Write all takes one after the other to ``target``, which appears only when complete.

    If any take has sound, the others get silence of their length. Raises ValueError when the
    takes differ in size or rate, which their common profile rules out.
    """
    if not takes:
        raise ValueError("there is nothing to join")
    shapes = {(take.width, take.height, take.fps) for take in takes}
    if len(shapes) != 1:
        raise ValueError(f"takes of different shapes cannot be joined: {sorted(shapes)}")
    temporary = target.with_name(f".{target.name}.part")
    try:
        _copy(takes, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    first_frames = tuple(sum(take.frames for take in takes[:at]) for at in range(len(takes)))
    with target.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return JoinedVideo(
        path=str(target),
        frames=sum(take.frames for take in takes),
        rate=Fraction(takes[0].fps),
        width=takes[0].width,
        height=takes[0].height,
        size=target.stat().st_size,
        sha256=sha256,
        first_frames=first_frames,
    )


def _copy(takes: Sequence[Take], target: Path) -> None:
    options = {"movflags": "+faststart"}
    with av.open(str(target), "w", format="mp4", options=options) as output:
        with av.open(takes[0].video) as first:
            pictures = output.add_stream_from_template(first.streams.video[0])
        pictures.time_base = Fraction(1, takes[0].fps * 512)
        sound = None
        if any(take.has_audio for take in takes):
            sound = output.add_stream("aac", rate=SOUND_RATE, layout="stereo")
        packets = _picture_packets(takes, pictures)
        if sound is not None:  # side by side in the file, or players would jump to and fro
            packets = heapq.merge(packets, _sound_packets(takes, sound), key=_moment)
        for packet in packets:
            output.mux(packet)


def _moment(packet: "av.Packet[Any]") -> Fraction:
    """Return when a packet is decoded, in seconds."""
    return Fraction(packet.dts or 0) * (packet.time_base or 1)


def _picture_packets(takes: Sequence[Take], pictures: av.VideoStream) -> Iterator["av.Packet[Any]"]:
    """Yield every take's packets at their place in the whole.

    Decoding times are counted anew: those of takes shorter than the encoder's reordering are
    closer together than those of their neighbours, and would run backwards at the seam.
    """
    start = count = 0
    delay = max(_reordering(take) for take in takes)
    for take in takes:
        with av.open(take.video) as source:
            stream = source.streams.video[0]
            base = stream.time_base or Fraction(1, take.fps)
            frame = Fraction(1, take.fps) / base
            for packet in source.demux(stream):
                if packet.dts is None or packet.pts is None:
                    continue
                packet.pts += round(start * frame)
                packet.dts = round((count - delay) * frame)
                packet.stream = pictures
                yield packet
                count += 1
        start += take.frames


def _reordering(take: Take) -> int:
    """Return by how many frames pictures are decoded before they are shown."""
    with av.open(take.video) as source:
        times = [packet.pts for packet in source.demux(video=0) if packet.pts is not None]
    place = {time: number for number, time in enumerate(sorted(times))}
    return max((number - place[time] for number, time in enumerate(times)), default=0)


def _sound_packets(takes: Sequence[Take], sound: av.AudioStream) -> Iterator["av.Packet[Any]"]:
    position = 0
    rest = np.zeros((0, 2), dtype=np.int16)
    for take in takes:
        rest = np.concatenate([rest, _samples(take)])
        whole = len(rest) - len(rest) % SOUND_FRAME
        for start in range(0, whole, SOUND_FRAME):
            yield from sound.encode(_sound_frame(rest[start : start + SOUND_FRAME], position))
            position += SOUND_FRAME
        rest = rest[whole:]
    if len(rest):
        yield from sound.encode(_sound_frame(rest, position))
    yield from sound.encode(None)


def _sound_frame(samples: np.ndarray, position: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(samples.reshape(1, -1)), format="s16", layout="stereo"
    )
    frame.sample_rate = SOUND_RATE
    frame.time_base = Fraction(1, SOUND_RATE)
    frame.pts = position
    return frame


def _samples(take: Take) -> np.ndarray:
    """Return exactly as many stereo samples as the take's pictures last; shape (n, 2), int16."""
    length = round(take.frames * SOUND_RATE / take.fps)
    samples = np.zeros((length, 2), dtype=np.int16)
    if not take.has_audio:
        return samples
    with av.open(take.video) as source:
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=SOUND_RATE)
        pieces = [
            piece.to_ndarray().reshape(-1, 2)
            for frame in source.decode(audio=0)
            for piece in resampler.resample(frame)
        ]
    decoded = np.concatenate(pieces)[:length] if pieces else samples
    samples[: len(decoded)] = decoded
    return samples
