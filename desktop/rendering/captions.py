"""Caption files: the cues of every scene, moved to its place in the joined video, as WebVTT."""

from collections.abc import Iterable, Sequence

from desktop.rendering.jobs import Cue


def webvtt(scenes: Iterable[tuple[float, Sequence[Cue]]]) -> str:
    """Return a WebVTT file of scenes given as (start in seconds, cues).

    Cues that overlap their successor are cut short, since players stack them otherwise; cues
    without text are left out. Source of the format: W3C WebVTT, candidate recommendation
    2019-04-04.
    """
    blocks = ["WEBVTT"]
    cues = _timed(scenes)
    free = 0
    for index, (start, end, text) in enumerate(cues):
        following = cues[index + 1][0] if index + 1 < len(cues) else end
        begins = max(start, free)
        free = max(min(end, following), begins + 1)
        blocks.append(f"{_stamp(begins)} --> {_stamp(free)}\n{text}")
    return "\n\n".join(blocks) + "\n"


def _timed(scenes: Iterable[tuple[float, Sequence[Cue]]]) -> list[tuple[int, int, str]]:
    """Return (start, end, text) of every cue, in milliseconds of the video, in order."""
    cues = [
        (round((start + cue.start) * 1000), round((start + cue.end) * 1000), _escaped(cue.text))
        for start, given in scenes
        for cue in given
    ]
    return sorted((cue for cue in cues if cue[2]), key=lambda cue: cue[0])


def _stamp(milliseconds: int) -> str:
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"


def _escaped(text: str) -> str:
    """Escape what WebVTT reads as markup; a blank line would end the cue."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "\n".join(line.strip() for line in escaped.splitlines() if line.strip())
