"""Narration as captions: how long it takes to read, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from manim import VGroup

from proofreel_kit.area import Area
from proofreel_kit.inline import parse_inline
from proofreel_kit.look import Look
from proofreel_kit.plain_maths import maths_in_words
from proofreel_kit.text import set_text

SECONDS_PER_WORD = 0.38
LEAST_SECONDS = 1.2


def reading_seconds(text: str) -> float:
    """Return how long a caption must stand to be read."""
    return max(LEAST_SECONDS, SECONDS_PER_WORD * len(text.split()))


def caption_parts(text: str, look: Look) -> list[str]:
    """Divide narration into captions of two lines, at ends of sentences or phrases if it can."""
    words = text.split()
    most = 22 if look.aspect == "16:9" else 13
    parts, count = [], max(1, ceil(len(words) / most))
    while words:
        share = ceil(len(words) / max(1, count - len(parts)))
        take = _good_end(words, min(share, most), most)
        parts.append(" ".join(words[:take]))
        words = words[take:]
    return parts or [""]


def _good_end(words: list[str], wanted: int, most: int) -> int:
    """Return how many words to take: near the wanted number, ending where one pauses."""
    if len(words) <= most and wanted >= len(words):
        return len(words)
    for marks in (".!?…", ",;:–—"):
        ends = [
            n
            for n in range(wanted // 2 + 1, min(most, len(words)) + 1)
            if words[n - 1][-1] in marks
        ]
        if ends:
            return min(ends, key=lambda n: abs(n - wanted))
    return min(wanted, len(words))


def caption(text: str, look: Look, band: Area) -> VGroup:
    """Return a caption centred in its band."""
    shown = set_text(
        text,
        look,
        size=look.size("caption"),
        width=band.width,
        height=band.height,
        colour=look.text.interpolate(look.muted, 0.35),
        align="center",
        balance=True,
        role="Caption",
    )
    shown.move_to(band.center)
    return shown


def spoken(text: str) -> str:
    """Return narration as plain text, for the caption file."""
    words = "".join(
        maths_in_words(run.text) if run.style == "maths" else run.text for run in parse_inline(text)
    )
    return " ".join(words.split())


@dataclass
class Beat:
    """Narration that is being read: its captions one after the other."""

    parts: list[str]
    since: float
    """When the current caption appeared, in seconds of the scene."""
    index: int = 0

    @classmethod
    def of(cls, text: str, look: Look, now: float) -> Beat:
        """Begin a beat now."""
        return cls(caption_parts(text, look), now)

    @property
    def text(self) -> str:
        return self.parts[self.index]

    @property
    def spoken(self) -> str:
        return spoken(self.text)

    @property
    def more(self) -> bool:
        return self.index + 1 < len(self.parts)

    def remaining(self, now: float) -> float:
        """Return the seconds that the current caption still needs."""
        return max(0.0, self.since + reading_seconds(self.text) - now)

    def may_turn(self, now: float) -> bool:
        """Tell whether the current caption has been read and another one follows."""
        return self.more and self.remaining(now) < 0.05

    def turn(self, now: float) -> None:
        """Go on to the next caption."""
        self.index, self.since = self.index + 1, now
