"""What is said about a video in few words, the same in grid, table and inspector."""

import re
from datetime import datetime

from desktop.domain.library import SourceKind, Video, VideoStatus
from desktop.domain.picture import Aspect, clock

STATUSES = {
    VideoStatus.CREATED: "Empty",
    VideoStatus.CODE_READY: "Not rendered",
    VideoStatus.RENDERING: "Rendering",
    VideoStatus.RENDERED: "Rendered",
    VideoStatus.FAILED: "Failed",
    VideoStatus.UPLOADING: "Uploading",
    VideoStatus.UPLOADED: "Uploaded",
    VideoStatus.TRANSCODED: "Ready to stream",
    VideoStatus.PUBLISHED: "Published",
}

QUIET = {VideoStatus.RENDERED, VideoStatus.TRANSCODED}
"""What is as it should be needs no badge on the picture."""

KINDS = {
    SourceKind.STORYBOARD: "Storyboard",
    SourceKind.MANIM: "Manim file",
    SourceKind.FOOTAGE: "Imported video",
}

KIND_GLYPHS = {
    SourceKind.STORYBOARD: "text-align-left",
    SourceKind.MANIM: "code",
    SourceKind.FOOTAGE: "film-strip",
}

SHAPES = {Aspect.WIDE: "Wide 16:9", Aspect.TALL: "Tall 9:16", Aspect.SQUARE: "Square 1:1"}

_MARKS = re.compile(r"(?:(?:^|(?<=\s)|(?<=…))(?:#{1,6}|[->*])\s+)+")
"""What Markdown puts before headings, list items and quotes."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def count(number: int) -> str:
    """Return "1 video" or "1,312 videos"."""
    return "1 video" if number == 1 else f"{number:,} videos"


def length(video: Video) -> str:
    """Return the duration as editors read it; empty when nothing was rendered yet."""
    return clock(video.duration) if video.duration else ""


def status_color(status: VideoStatus) -> str:
    """Return the design token that marks a status."""
    if status is VideoStatus.FAILED:
        return "danger"
    if status in {VideoStatus.RENDERING, VideoStatus.UPLOADING}:
        return "warning"
    unmade = status in {VideoStatus.CREATED, VideoStatus.CODE_READY}
    return "muted" if unmade else "success"


def when(moment: datetime, now: datetime) -> str:
    """Return a time as one says it at ``now``: "Today 14:05", "3 Mar", "3 Mar 2024"."""
    local, today = moment.astimezone(), now.astimezone()
    days = (today.date() - local.date()).days
    if days in {0, 1}:
        return f"{'Yesterday' if days else 'Today'} {local:%H:%M}"
    day = f"{local.day} {MONTHS[local.month - 1]}"
    return day if local.year == today.year else f"{day} {local.year}"


def excerpt(snippet: str, kind: SourceKind) -> str:
    """Return where words were found as one reads it: a storyboard without its markup."""
    line = " ".join(snippet.split())
    if kind is not SourceKind.STORYBOARD:
        return line
    return _MARKS.sub("· ", line).removeprefix("· ")


def spoken(video: Video, project: str) -> str:
    """Return a video in one sentence, as screen readers say it."""
    parts = (video.title, project, STATUSES[video.status], length(video))
    return ", ".join(part for part in parts if part)
