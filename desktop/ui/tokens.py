"""Design tokens: every colour, distance, radius and text size of the window.

Widgets that paint themselves ask ``tokens()`` for the set in force; everything else gets them
through the stylesheet. Distances are multiples of 4 px, no text is smaller than 12 px.
"""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour scheme, as ``#rrggbb``."""

    dark: bool
    canvas: str
    """Behind everything."""
    surface: str
    """Panels: rail, sidebars, bars."""
    raised: str
    """Cards, fields and buttons on a surface."""
    overlay: str
    """Menus, dialogs, notices: above the rest."""
    hover: str
    pressed: str
    selected: str
    """Behind a selected row; text keeps its colour on it."""
    border: str
    """Hairlines between areas."""
    outline: str
    """Edges of fields and buttons."""
    text: str
    muted: str
    """Second-rank text; readable on every surface."""
    faint: str
    """Disabled text and decoration; never the only carrier of a meaning."""
    accent: str
    """Filled controls; ``on_accent`` is readable on it."""
    accent_hover: str
    accent_pressed: str
    accent_text: str
    """The accent as text, line or icon on a surface."""
    on_accent: str
    danger: str
    warning: str
    success: str
    stage: str
    """Around pictures and films; dark in both schemes, as in an edit suite."""
    on_stage: str

    def color(self, name: str) -> QColor:
        """Return the token ``name`` as a colour; raises AttributeError for unknown names."""
        return QColor(getattr(self, name))


DARK = Tokens(
    dark=True,
    canvas="#131417",
    surface="#191b1f",
    raised="#22252a",
    overlay="#262930",
    hover="#2a2d34",
    pressed="#32363f",
    selected="#2b3050",
    border="#282b32",
    outline="#3a3e48",
    text="#eceef2",
    muted="#a2a8b5",
    faint="#6b7180",
    accent="#5361dd",
    accent_hover="#5a68e8",
    accent_pressed="#4653c6",
    accent_text="#96a2ff",
    on_accent="#ffffff",
    danger="#ff7b78",
    warning="#eab44e",
    success="#52c993",
    stage="#0c0d0f",
    on_stage="#eceef2",
)

LIGHT = Tokens(
    dark=False,
    canvas="#f3f4f7",
    surface="#fbfbfd",
    raised="#ffffff",
    overlay="#ffffff",
    hover="#ebedf2",
    pressed="#e0e3ea",
    selected="#e4e7fd",
    border="#e2e5eb",
    outline="#c8cdd8",
    text="#171a21",
    muted="#596070",
    faint="#8d94a3",
    accent="#4d5bd9",
    accent_hover="#4250cc",
    accent_pressed="#3742b3",
    accent_text="#4350c8",
    on_accent="#ffffff",
    danger="#c4302b",
    warning="#8a5a00",
    success="#15784a",
    stage="#1b1d22",
    on_stage="#eceef2",
)

SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6, SPACE_8, SPACE_12 = 4, 8, 12, 16, 24, 32, 48
"""Distances in pixels, named by multiples of 4."""

RADIUS_SMALL, RADIUS, RADIUS_LARGE = 4, 6, 10
"""Corner radii in pixels: rows and chips, controls, cards and dialogs."""

CONTROL = 32
"""Height of buttons and fields, in pixels."""

CAPTION, BODY, SUBTITLE, TITLE, HEADING, DISPLAY = 12, 13, 15, 18, 22, 30
"""Text sizes in pixels."""

TEXT_FAMILIES = ("Inter", "Segoe UI", "Helvetica Neue", "DejaVu Sans", "sans-serif")
CODE_FAMILIES = ("JetBrains Mono", "SF Mono", "Consolas", "DejaVu Sans Mono", "monospace")


def tokens() -> Tokens:
    """Return the tokens in force, told from the application's palette."""
    window = QApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < 128 else LIGHT


def palette(scheme: Tokens) -> QPalette:
    """Return the Qt palette of a scheme, for everything the stylesheet does not reach."""
    result = QPalette()
    role = QPalette.ColorRole
    for target, name in (
        (role.Window, "canvas"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "raised"),
        (role.Text, "text"),
        (role.Button, "raised"),
        (role.ButtonText, "text"),
        (role.BrightText, "danger"),
        (role.ToolTipBase, "overlay"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "faint"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Accent, "accent"),
        (role.Link, "accent_text"),
        (role.LinkVisited, "accent_text"),
        (role.Light, "hover"),
        (role.Midlight, "border"),
        (role.Mid, "outline"),
        (role.Dark, "border"),
        (role.Shadow, "stage"),
    ):
        result.setColor(target, scheme.color(name))
    for target in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, target, scheme.color("faint"))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, scheme.color("outline"))
    return result
