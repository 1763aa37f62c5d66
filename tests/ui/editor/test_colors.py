import dataclasses

import pytest

from desktop.ui.editor.colors import DARK_SYNTAX, LIGHT_SYNTAX, Role, Syntax, formats, syntax
from desktop.ui.theme import Theme
from tests.ui.test_theme import contrast

SCHEMES = [pytest.param(DARK_SYNTAX, id="dark"), pytest.param(LIGHT_SYNTAX, id="light")]
GROUNDS = ("ground", "band", "landing")


@pytest.mark.parametrize("colors", SCHEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", Role)
def test_every_word_is_readable_on_every_ground(colors: Syntax, ground: str, role: Role) -> None:
    assert contrast(getattr(colors, role.value), getattr(colors, ground)) >= 4.5


@pytest.mark.parametrize("colors", SCHEMES)
def test_found_words_and_brackets_are_readable(colors: Syntax) -> None:
    assert contrast(colors.plain, colors.match) >= 4.5
    assert contrast(colors.plain, colors.bracket) >= 4.5


@pytest.mark.parametrize("colors", SCHEMES)
def test_the_kinds_of_words_differ(colors: Syntax) -> None:
    telling = ("keyword", "name", "builtin", "decorator", "string", "number", "comment", "maths")
    assert len({getattr(colors, name) for name in telling}) == len(telling)


def test_the_colours_follow_the_scheme(theme: Theme) -> None:
    before = formats()[Role.KEYWORD].foreground().color()
    assert syntax() is DARK_SYNTAX
    theme.choose("light")
    assert syntax() is LIGHT_SYNTAX
    assert formats()[Role.KEYWORD].foreground().color() != before


def test_headings_stand_out_by_weight_and_comments_by_slant(theme: Theme) -> None:
    assert formats()[Role.HEADING].fontWeight() > formats()[Role.PLAIN].fontWeight()
    assert formats()[Role.COMMENT].fontItalic()
    assert {field.name for field in dataclasses.fields(Syntax)} >= set(GROUNDS)
