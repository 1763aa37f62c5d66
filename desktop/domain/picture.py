"""Picture formats: aspect ratios, render profiles, and frame arithmetic.

Every conversion between frames, seconds, milliseconds and timecode is here and nowhere else:
two places that round differently are how players show one frame while comments name another
(cgwire/kitsu issue 1595).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Aspect(StrEnum):
    """Shape of the picture."""

    WIDE = "16:9"
    TALL = "9:16"
    SQUARE = "1:1"


class Quality(StrEnum):
    """What a render is for: a draft to look at, a final to publish."""

    DRAFT = "draft"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class RenderProfile:
    """Everything about the pictures that is not the scene itself."""

    quality: Quality
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    fps: int
    """Frames per second."""
    crf: int
    """x264 constant rate factor; lower is better and larger."""
    preset: str
    """x264 speed preset."""
    gop: int = 30
    """Largest distance between key frames, in frames; short ones make seeking fast."""


SHORT_SIDE = {Quality.DRAFT: 480, Quality.FINAL: 1080}
"""Default length of the shorter side, in pixels."""

FPS = {Quality.DRAFT: 30, Quality.FINAL: 60}
"""Default frame rate of each quality."""


def frame_size(aspect: Aspect, short_side: int) -> tuple[int, int]:
    """Return (width, height) in pixels; both even, as yuv420p demands."""
    long_side, short = _even(short_side * 16 / 9), _even(short_side)
    match aspect:
        case Aspect.WIDE:
            return long_side, short
        case Aspect.TALL:
            return short, long_side
        case Aspect.SQUARE:
            return short, short


def _even(length: float) -> int:
    return 2 * round(length / 2)


def profile_for(
    aspect: Aspect, quality: Quality, *, short_side: int | None = None, fps: int | None = None
) -> RenderProfile:
    """Build the profile of one quality for one shape; settings may override size and rate."""
    width, height = frame_size(aspect, short_side or SHORT_SIDE[quality])
    draft = quality is Quality.DRAFT
    return RenderProfile(
        quality=quality,
        width=width,
        height=height,
        fps=fps or FPS[quality],
        crf=26 if draft else 18,
        preset="ultrafast" if draft else "medium",
    )


def frames_to_seconds(frame: int, rate: Fraction) -> float:
    """Return the presentation time, in seconds, at which ``frame`` (0-based) begins."""
    return float(frame / rate)


def seconds_to_frame(seconds: float, rate: Fraction) -> int:
    """Return the 0-based frame that is on screen at ``seconds``.

    A time within a microsecond of a boundary belongs to the frame that begins there, so that
    frame -> seconds -> frame is the identity despite floating point.
    """
    return max(0, int((Fraction(seconds) + Fraction(1, 1_000_000)) * rate))


def timecode(frame: int, rate: Fraction) -> str:
    """Format a 0-based frame as ``HH:MM:SS:FF`` without dropping frames."""
    nominal = max(1, round(rate))
    seconds, frames = divmod(frame, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}:{frames:02d}"


def parse_timecode(text: str, rate: Fraction) -> int:
    """Return the 0-based frame named by ``HH:MM:SS:FF``, ``MM:SS``, ``12.5s`` or a frame number.

    Raises ValueError for anything else.
    """
    text = text.strip()
    nominal = max(1, round(rate))
    if re.fullmatch(r"\d{1,7}(\.\d+)?s", text):
        return seconds_to_frame(float(text[:-1]), rate)
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    match = re.fullmatch(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?::(\d{1,3}))?", text)
    if match is None or (match[4] and not match[1]):
        raise ValueError(text)
    hours, minutes, seconds, frames = (int(part or 0) for part in match.groups())
    if seconds >= 60 or frames >= nominal or (match[1] and minutes >= 60):
        raise ValueError(text)
    return (hours * 3600 + minutes * 60 + seconds) * nominal + frames


def clock(seconds: float) -> str:
    """Format a duration as editors read it: ``0:07``, ``12:03``, ``1:02:03``."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
