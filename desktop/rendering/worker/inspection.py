"""Looking into finished files, confined as a scene is: what is broken in them breaks here.

A scene can write any bytes under the names of its results. Decoders have faults; the first to meet
those bytes must be a process that has nothing to lose, and not the window.
"""

from pathlib import Path
from typing import Any

import av
from PIL import Image

from desktop.rendering.worker.report import Reporter

VIDEO, POSTER = "scene.mp4", "poster.jpg"
LARGEST_POSTER = 4000
"""Pixels along one side."""


def run(folder: Path, pipe: int) -> None:
    """Report what the video and the poster in ``folder`` are."""
    report = Reporter(pipe)
    try:
        report.send("inspected", **_video(folder / VIDEO), poster=_poster(folder / POSTER))
    except Exception as error:  # noqa: BLE001  whatever a decoder says is the answer
        report.send("failed", message=f"Its video cannot be read ({type(error).__name__}: {error})")


def _video(path: Path) -> dict[str, Any]:
    """Read all packets and decode every picture that stands by itself.

    Decoding the others too would cost as much as a fifth of drawing them.
    """
    frames = pictures = 0
    with av.open(str(path), format="mp4") as container:
        stream = container.streams.video[0]
        stream.codec_context.skip_frame = "NONKEY"
        for packet in container.demux(stream):
            frames += bool(packet.size)
            pictures += len(packet.decode())
        return {
            "frames": frames,
            "pictures": pictures,
            "width": stream.width,
            "height": stream.height,
            "codec": stream.codec_context.name,
            "streams": sorted(one.type for one in container.streams),
        }


def _poster(path: Path) -> list[int]:
    with Image.open(path, formats=["JPEG"]) as picture:
        if max(picture.size) > LARGEST_POSTER:
            raise ValueError("the poster is too large")
        picture.load()
        return list(picture.size)
