import re

import pytest
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication

from desktop.config.paths import resource_dir
from desktop.ui import tokens as design
from desktop.ui.icons import icon
from desktop.ui.stylesheet import stylesheet
from desktop.ui.theme import Theme, text_font
from desktop.ui.tokens import DARK, LIGHT, Tokens, tokens

SCHEMES = [pytest.param(DARK, id="dark"), pytest.param(LIGHT, id="light")]


def luminance(color: str) -> float:
    parts = QColor(color).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["canvas", "surface", "raised", "overlay"])
@pytest.mark.parametrize("name", ["text", "muted", "accent_text", "danger", "warning", "success"])
def test_text_is_readable_on_every_surface(scheme: Tokens, ground: str, name: str) -> None:
    assert contrast(getattr(scheme, name), getattr(scheme, ground)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_is_readable_on_filled_controls_and_selections(scheme: Tokens) -> None:
    for fill in (scheme.accent, scheme.accent_hover, scheme.accent_pressed):
        assert contrast(scheme.on_accent, fill) >= 4.5
    for fill in (scheme.selected, scheme.hover):
        assert contrast(scheme.text, fill) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_text_is_smaller_than_12_pixels(scheme: Tokens) -> None:
    sheet = stylesheet(scheme, resource_dir() / "controls")
    sizes = [int(size) for size in re.findall(r"font-size:\s*(\d+)px", sheet)]
    assert sizes
    assert min(sizes) >= 12
    assert min(design.CAPTION, design.BODY) >= 12


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_picture_of_the_stylesheet_exists(scheme: Tokens) -> None:
    sheet = stylesheet(scheme, resource_dir() / "controls")
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    assert all((resource_dir() / "controls" / name.rsplit("/")[-1]).is_file() for name in pictures)


def test_choosing_a_scheme_changes_palette_tokens_and_icons(
    theme: Theme, qapp: QApplication
) -> None:
    seen: list[bool] = []
    theme.changed.connect(lambda: seen.append(theme.tokens.dark))
    before = icon("play").pixmap(16, 16).toImage()
    theme.choose("light")
    assert tokens() is LIGHT
    assert seen == [False]
    assert icon("play").pixmap(16, 16).toImage() != before
    theme.choose("light")
    assert seen == [False]


def test_the_shipped_typeface_is_used(theme: Theme) -> None:
    assert QFontInfo(text_font()).family() == "Inter"


def test_an_unknown_icon_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        icon("no-such-icon")
