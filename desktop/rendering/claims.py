"""What a job says of its own result: believed only as far as it makes sense.

The events of a job come from the process that runs the scene, which can write whatever it likes.
"""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from desktop.domain.errors import Problem, RenderFailed, Severity
from desktop.rendering.jobs import Cue, Probe, SceneJob, Take

Number = TypeVar("Number", int, float)

CODEC = "h264"
"""What the writer of the render process encodes with."""

MOST_FRAMES = 10_000_000
MOST_SECONDS = 1_000_000.0


@contextlib.contextmanager
def believed(job: SceneJob) -> Iterator[None]:
    """Turn a result that makes no sense into the scene's own failure."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise RenderFailed(
            f"“{job.title}” was stopped",
            f"It reported a result that makes no sense ({error!r}).",
            "Remove whatever in it writes to files that it did not open.",
        ) from error


def probe(result: Mapping[str, Any]) -> Probe:
    """Return what a probe found; raises one of what ``believed`` catches."""
    seconds = _within(float(result["seconds"]), MOST_SECONDS)
    findings = tuple(Problem(str(text), None, "", Severity.WARNING) for text in result["findings"])
    return Probe(frames(result["frames"]), seconds, int(result["plays"]), findings)


def cues(result: Mapping[str, Any]) -> tuple[Cue, ...]:
    """Return the captions of a render; raises one of what ``believed`` catches."""
    return tuple(_cue(one) for one in result["cues"])


def frames(claim: str | float) -> int:
    """Return a number of frames; raises one of what ``believed`` catches."""
    return _within(int(claim), MOST_FRAMES)


def confirm(seen: Mapping[str, Any], take: Take) -> None:
    """Compare a take with what a process that looked into its files saw.

    Raises ValueError where they differ, or one of what ``believed`` catches.
    """
    streams = ["audio", "video"] if take.has_audio else ["video"]
    wanted = (take.frames, take.width, take.height, CODEC, streams)
    found = tuple(seen[name] for name in ("frames", "width", "height", "codec", "streams"))
    if found != wanted:
        raise ValueError(f"the video has {found} instead of {wanted}")
    if not int(seen["pictures"]):
        raise ValueError("the video has no picture")


def _cue(given: Mapping[str, Any]) -> Cue:
    start, end = (_within(float(given[name]), MOST_SECONDS) for name in ("start", "end"))
    return Cue(start, end, str(given["text"]))


def _within(number: Number, most: Number) -> Number:
    if not 0 <= number <= most:
        raise ValueError(f"{number} is out of range")
    return number
