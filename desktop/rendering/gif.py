"""Turning a finished video into a GIF, for places that play nothing else."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import av.filter

from desktop.domain.errors import InvalidInput

MAX_FPS = 50
"""Players slow down GIFs whose frames are shorter than 20 ms."""


def write_gif(
    video: Path,
    target: Path,
    *,
    width: int,
    fps: int,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Write ``video`` as a looping GIF, ``width`` pixels wide, with a palette of its own.

    The target appears only when it is complete. Raises InvalidInput when the video has no
    pictures.
    """
    temporary = target.with_name(f".{target.name}.part")
    try:
        with _opened(video) as source:
            if not source.streams.video:
                raise InvalidInput(f"{video.name} has no pictures", remedy="Choose a video file.")
            _encode(source, temporary, width, min(fps, MAX_FPS), on_progress)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _opened(video: Path) -> av.container.InputContainer:
    try:
        return av.open(str(video))
    except av.error.InvalidDataError as error:
        raise InvalidInput(
            f"{video.name} is damaged or not a video", str(error), "Choose another video file."
        ) from error


def _encode(
    source: av.container.InputContainer,
    target: Path,
    width: int,
    fps: int,
    on_progress: Callable[[int, int], None],
) -> None:
    stream = source.streams.video[0]
    width -= width % 2
    height = max(2, round(stream.height * width / stream.width / 2) * 2)
    graph = _palette_graph(stream, width, height, fps)
    with av.open(str(target), "w", format="gif", options={"loop": "0"}) as output:
        gif = output.add_stream("gif", rate=fps)
        gif.width, gif.height, gif.pix_fmt = width, height, "pal8"
        gif.time_base = Fraction(1, fps)
        for number, frame in enumerate(source.decode(stream)):
            graph.push(frame)
            on_progress(number + 1, stream.frames)
        graph.push(None)
        while True:
            try:
                picture = graph.pull()
            except (av.error.EOFError, av.error.BlockingIOError):
                break
            picture.pict_type = 0  # type: ignore[union-attr]  # the graph yields video frames
            output.mux(gif.encode(picture))  # type: ignore[arg-type]  # as above
        output.mux(gif.encode(None))


def _palette_graph(stream: av.VideoStream, width: int, height: int, fps: int) -> av.filter.Graph:
    """Scale, then make one palette from all frames and map them to it.

    palettegen waits for the last frame, so the graph holds the scaled frames in memory: about
    1 MB each at 640 pixels, which is why the resolution is reduced first.
    """
    graph = av.filter.Graph()
    source = graph.add_buffer(template=stream)
    rate = graph.add("fps", str(fps))
    scale = graph.add("scale", f"{width}:{height}:flags=lanczos")
    split = graph.add("split")
    palette = graph.add("palettegen", "stats_mode=diff")
    use = graph.add("paletteuse", "dither=bayer:bayer_scale=4:diff_mode=rectangle")
    sink = graph.add("buffersink")
    source.link_to(rate)
    rate.link_to(scale)
    scale.link_to(split)
    split.link_to(palette, 0, 0)
    split.link_to(use, 1, 0)
    palette.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    return graph
