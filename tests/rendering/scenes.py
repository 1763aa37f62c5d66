"""Jobs and takes that the tests of rendering share."""

import asyncio
import hashlib
import textwrap
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from desktop.domain.picture import Quality, RenderProfile
from desktop.rendering.jobs import Asset, SceneJob, Take

PROFILE = RenderProfile(Quality.DRAFT, 256, 144, 15, 26, "ultrafast")

SHORT = """
square = Square()
self.play(Create(square), run_time=1)
self.wait(1)
"""


def job(body: str, *, profile: RenderProfile = PROFILE, assets: tuple[Asset, ...] = ()) -> SceneJob:
    """Return a job whose scene's ``construct`` is ``body``; its first line is line 4."""
    code = "from manim import *\nclass Shown(Scene):\n    def construct(self):\n" + textwrap.indent(
        textwrap.dedent(body).lstrip("\n") or "pass\n", "        "
    )
    return module(code, "Shown", profile=profile, assets=assets)


def module(
    code: str,
    class_name: str,
    *,
    profile: RenderProfile = PROFILE,
    assets: tuple[Asset, ...] = (),
) -> SceneJob:
    """Return a job of a whole module; its key is a hash of what it is given."""
    given = repr((code, class_name, profile, assets))
    return SceneJob(
        hashlib.sha256(given.encode()).hexdigest(), "A scene", class_name, code, profile, assets
    )


async def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        await asyncio.sleep(0.01)


def nothing(_done: int, _total: int) -> None:
    """Ignore progress."""


def asset(path: Path, name: str) -> Asset:
    return Asset(name, str(path), hashlib.sha256(path.read_bytes()).hexdigest())


def video(
    path: Path,
    frames: int,
    *,
    profile: RenderProfile = PROFILE,
    sound: float = 0.0,
    gop: int | None = None,
    first: int = 0,
) -> Path:
    """Write a video whose frame n has the grey value ``8 * ((first + n) % 30) + 8`` all over.

    ``sound`` is the length of its tone in seconds.
    """
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(
            "libx264",
            rate=profile.fps,
            options={"preset": profile.preset, "crf": "10", "g": str(gop or profile.gop)},
        )
        stream.width, stream.height = profile.width, profile.height
        stream.pix_fmt = "yuv420p"
        audio = container.add_stream("aac", rate=48_000, layout="stereo") if sound else None
        for number in range(frames):
            grey = 8 * ((first + number) % 30) + 8
            pixels = np.full((profile.height, profile.width, 3), grey, np.uint8)
            picture = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            picture.pts, picture.time_base = number, Fraction(1, profile.fps)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
        if audio is not None:
            for piece in _tone(sound):
                container.mux(audio.encode(piece))
            container.mux(audio.encode(None))
    return path


def _tone(seconds: float) -> list[av.AudioFrame]:
    samples = np.sin(np.arange(round(seconds * 48_000)) * 440 * 2 * np.pi / 48_000) * 12_000
    stereo = np.repeat(samples.astype(np.int16), 2)
    frames = []
    for start in range(0, len(stereo), 2048):
        frame = av.AudioFrame.from_ndarray(
            stereo[start : start + 2048].reshape(1, -1), format="s16", layout="stereo"
        )
        frame.sample_rate, frame.pts = 48_000, start // 2
        frame.time_base = Fraction(1, 48_000)
        frames.append(frame)
    return frames


def take(
    folder: Path,
    frames: int,
    *,
    profile: RenderProfile = PROFILE,
    sound: float = 0.0,
    first: int = 0,
) -> Take:
    """Return a take with a video of grey frames."""
    folder.mkdir(parents=True, exist_ok=True)
    path = video(folder / "scene.mp4", frames, profile=profile, sound=sound, first=first)
    return Take(
        key=hashlib.sha256(str(folder).encode()).hexdigest(),
        folder=str(folder),
        video=str(path),
        poster="",
        frames=frames,
        width=profile.width,
        height=profile.height,
        fps=profile.fps,
        has_audio=bool(sound),
    )


def greys(path: str | Path) -> list[int]:
    """Return the number, 0 to 29, that each frame of such a video shows."""
    with av.open(str(path)) as container:
        return [
            round((float(frame.to_ndarray(format="gray").mean()) - 8) / 8)
            for frame in container.decode(video=0)
        ]


def pictures(path: str | Path) -> list[np.ndarray]:
    """Return every decoded frame as RGB."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
