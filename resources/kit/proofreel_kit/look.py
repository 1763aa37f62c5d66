"""What a video looks like: colours, type sizes and the shape of the frame.

Every block asks the look for its colours and sizes, so that one line at the top of a video
changes all of it.
"""

from dataclasses import dataclass
from functools import cached_property

from manim import ManimColor, config

ASPECTS = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0}
LONG_SIDE = 128 / 9
"""Units along the longer side of wide and portrait frames; the shorter one has 8."""

_THEMES = {
    "dark": {
        "background": "#10151c",
        "surface": "#1b232e",
        "line": "#3a4757",
        "muted": "#9aa8b8",
        "text": "#edf1f5",
        "accent": "#5cc8ff",
    },
    "light": {
        "background": "#fbfaf7",
        "surface": "#efeee9",
        "line": "#c6c7c6",
        "muted": "#5d6773",
        "text": "#1a212b",
        "accent": "#0b6bcb",
    },
}

_COMPANIONS = {
    "dark": ("#5cc8ff", "#ffb454", "#8ee07f", "#ff8a80", "#c9a2ff"),
    "light": ("#0b6bcb", "#c2570c", "#2c7d2b", "#bb2f45", "#7440b4"),
}

_SIZES = {
    "title": 66.0,
    "heading": 42.0,
    "body": 31.0,
    "label": 24.0,
    "small": 20.0,
    "caption": 25.0,
    "maths": 60.0,
    "code": 24.0,
}
_NARROW = {"title": 52.0, "heading": 36.0, "body": 29.0, "caption": 24.0, "maths": 58.0}


@dataclass(frozen=True)
class Look:
    """Theme, aspect and typography shared by all scenes of a video.

    ``theme`` is ``dark`` or ``light``, ``aspect`` one of ``16:9``, ``9:16``, ``1:1``, ``accent``
    a colour as ``#rrggbb`` or empty for the theme's own, ``maths`` ``typst`` or ``latex``.
    """

    theme: str = "dark"
    aspect: str = "16:9"
    accent: str = ""
    maths: str = "typst"
    captions: bool = True

    def __post_init__(self) -> None:
        """Refuse what no theme or frame is known for."""
        _check("theme", self.theme, tuple(_THEMES))
        _check("aspect", self.aspect, tuple(ASPECTS))
        _check("maths", self.maths, ("typst", "latex"))

    @cached_property
    def background(self) -> ManimColor:
        return self._colour("background")

    @cached_property
    def surface(self) -> ManimColor:
        return self._colour("surface")

    @cached_property
    def line(self) -> ManimColor:
        return self._colour("line")

    @cached_property
    def muted(self) -> ManimColor:
        return self._colour("muted")

    @cached_property
    def text(self) -> ManimColor:
        return self._colour("text")

    @cached_property
    def accent_colour(self) -> ManimColor:
        return ManimColor(self.accent) if self.accent else self._colour("accent")

    @cached_property
    def on_accent(self) -> ManimColor:
        """Colour of text that stands on the accent."""
        return ManimColor("#0d1117" if luminance(self.accent_colour) > 0.3 else "#ffffff")

    @cached_property
    def companions(self) -> tuple[ManimColor, ...]:
        """The accent, then colours for further curves, all unlike the accent."""
        others = [ManimColor(code) for code in _COMPANIONS[self.theme]]
        nearest = min(others, key=lambda colour: _distance(colour, self.accent_colour))
        return (self.accent_colour, *(colour for colour in others if colour is not nearest))

    @cached_property
    def margins(self) -> tuple[float, float]:
        """Units kept free at the sides and at the top."""
        return {"16:9": (0.85, 0.65), "9:16": (0.6, 1.1), "1:1": (0.6, 0.6)}[self.aspect]

    @cached_property
    def caption_strip(self) -> tuple[float, float]:
        """Where captions stand: units above the lower edge, and height."""
        return {"16:9": (0.3, 0.98), "9:16": (1.3, 1.5), "1:1": (0.3, 1.0)}[self.aspect]

    @cached_property
    def band(self) -> float:
        """Units at the lower edge that captions have to themselves."""
        low, height = self.caption_strip
        return low + height + 0.2

    def tint(self, strength: float) -> ManimColor:
        """Return the accent thinned with the background; 1 is pure accent."""
        return self.background.interpolate(self.accent_colour, strength)

    def size(self, role: str) -> float:
        """Return the font size of a role, in Manim's points (72 of them are one unit)."""
        narrow = self.aspect != "16:9"
        return _NARROW.get(role, _SIZES[role]) if narrow else _SIZES[role]

    def _colour(self, role: str) -> ManimColor:
        return ManimColor(_THEMES[self.theme][role])


def shape_frame(aspect: str) -> None:
    """Give Manim's frame the aspect of the video; keeps a frame that already has it.

    Must run before the scene's camera is made.
    """
    ratio = ASPECTS[aspect]
    if abs(config.pixel_width / config.pixel_height / ratio - 1) > 0.02:
        short = min(config.pixel_width, config.pixel_height)
        config.pixel_width = even(short * max(1.0, ratio))
        config.pixel_height = even(short * max(1.0, 1 / ratio))
    if abs(config.frame_width / config.frame_height / ratio - 1) > 0.02:
        config.frame_width = 8.0 if ratio <= 1 else LONG_SIDE
        config.frame_height = 8.0 if ratio >= 1 else LONG_SIDE


def even(pixels: float) -> int:
    """Return the nearest even number: video encoders want one."""
    return 2 * round(pixels / 2)


def luminance(colour: ManimColor) -> float:
    """Return how bright a colour is, 0 to 1, as the eye weighs its parts."""
    linear = [
        part / 12.92 if part <= 0.04 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.to_rgb()
    ]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def _distance(one: ManimColor, other: ManimColor) -> float:
    hue = abs(one.to_hsv()[0] - other.to_hsv()[0])
    return float(min(hue, 1 - hue))


def _check(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"There is no {name} “{value}”. Use {', '.join(known)}.")
