"""Caption files: the cues of every scene, moved to its place in the joined video, as WebVTT."""

from collections.abc import Iterable, Sequence

from desktop.rendering.jobs import Cue


def webvtt(scenes: Iterable[tuple[float, Sequence[Cue]]]) -> str:
    """Return a WebVTT file of scenes given as (start in seconds, cues).

    Cues that overlap their successor are cut short, since players stack them otherwise.
    Source of the format: W3C WebVTT, candidate recommendation 2019-04-04.
    """
    cues = sorted(
        (
            Cue(start + cue.start, start + cue.end, cue.text)
            for start, given in scenes
            for cue in given
        ),
        key=lambda cue: cue.start,
    )
    blocks = ["WEBVTT"]
    for index, cue in enumerate(cues):
        following = cues[index + 1].start if index + 1 < len(cues) else cue.end
        end = max(min(cue.end, following), cue.start + 0.001)
        blocks.append(f"{_stamp(cue.start)} --> {_stamp(end)}\n{_escaped(cue.text)}")
    return "\n\n".join(blocks) + "\n"


def _stamp(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"


def _escaped(text: str) -> str:
    """Escape what WebVTT reads as markup; a blank line would end the cue."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "\n".join(line.strip() for line in escaped.splitlines() if line.strip())
