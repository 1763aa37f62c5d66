"""The heading of a page: its text over a short rule in the accent colour."""

from manim import RIGHT, UP, Animation, Create, FadeIn, Line, VGroup

from proofreel_kit.area import Area
from proofreel_kit.look import Look
from proofreel_kit.text import first_baseline, last_baseline, set_text

CAP = 0.73
"""Height of capitals, in ems."""
RULE_GAP = 0.62
"""From the last baseline to the rule, in ems: descenders of any letter stay clear of it."""
BELOW = 0.45


class Heading:
    """A heading in the upper left corner; ``height`` is what it takes from the page."""

    def __init__(self, text: str, look: Look, area: Area) -> None:
        self.shown = False
        self._words = set_text(
            text,
            look,
            size=look.size("heading"),
            width=area.width,
            height=look.size("heading") / 72 * 2.9,
            weight="SEMIBOLD",
            balance=True,
        )
        em = look.size("heading") / 72
        across = area.left - float(self._words.get_left()[0])
        self._words.shift(across * RIGHT)
        self._words.shift((area.top - CAP * em - first_baseline(self._words)) * UP)
        low = last_baseline(self._words) - RULE_GAP * em
        start = RIGHT * area.left + UP * low
        self._rule = Line(start, start + 0.8 * RIGHT, color=look.accent_colour, stroke_width=5)
        self.mobject = VGroup(self._words, self._rule)
        self.mobject.role_name = "Title"
        self.height = area.top - low + BELOW

    def enter(self) -> list[Animation]:
        """Return how it appears."""
        self.shown = True
        return [FadeIn(self._words, shift=0.12 * UP), Create(self._rule)]
