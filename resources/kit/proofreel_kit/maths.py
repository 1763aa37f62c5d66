"""Formulas, set by Typst or LaTeX as the look says."""

from collections.abc import Sequence

from manim import MathTex, VGroup, VMobject

from proofreel_kit.errors import BlockError
from proofreel_kit.glyphs import lightened
from proofreel_kit.look import Look

_STRUT = {"typst": "upright(H)", "latex": r"\mathrm{H}"}
"""A letter that stands on the baseline; it is removed once it has told where that is."""


def formula(source: str, look: Look, *, row: int = 0, inline: bool = False) -> VMobject:
    """Set one formula in the text colour, at 48 points; raises BlockError when it cannot be set.

    The result has ``drop``: the share of its height that lies below the baseline.
    """
    plain = source.strip()
    if not plain:
        raise BlockError("The formula is empty. Write one between $$ and $$.", row)
    body = f"{_STRUT[look.maths]} {_inline(plain, look) if inline else plain}"
    try:
        mobject = _set(body, look)
    except Exception as error:
        raise BlockError(_reason(plain, error), row) from error
    glyphs = mobject.family_members_with_points()
    if len(glyphs) < 2:
        raise BlockError(f"The formula “{plain}” shows nothing. Write at least one symbol.", row)
    return lightened(_without_strut(mobject, glyphs))


def _set(body: str, look: Look) -> VMobject:
    if look.maths == "latex":
        return MathTex(body, color=look.text)
    from manim import MathTypst  # noqa: PLC0415  videos set with LaTeX need no Typst

    return MathTypst(body, color=look.text)


def _inline(source: str, look: Look) -> str:
    return rf"\textstyle {source}" if look.maths == "latex" else f"inline({source})"


def _without_strut(mobject: VMobject, glyphs: Sequence[VMobject]) -> VMobject:
    strut = min(glyphs, key=lambda glyph: float(glyph.get_left()[0]))
    baseline = float(strut.get_bottom()[1])
    for member in mobject.get_family():
        if strut in member.submobjects:
            member.remove(strut)
            break
    mobject.drop = (baseline - float(mobject.get_bottom()[1])) / max(mobject.height, 1e-6)
    return mobject


def _reason(source: str, error: Exception) -> str:
    short = source if len(source) <= 60 else source[:59] + "…"
    detail = str(error).strip().splitlines()
    cause = f" ({detail[0].strip().rstrip('.')})" if detail else ""
    return f"The formula “{short}” cannot be set{cause}. Check its braces and the names in it."


def colour_formula(group: VGroup | VMobject, look: Look) -> None:
    """Give a formula the accent."""
    group.set_color(look.accent_colour)
