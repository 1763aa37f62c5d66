"""Which fences there are, and what each accepts: its options, their values, its lines.

What can be told without drawing is told while the editor types; the kit checks the rest.
"""

import difflib
import functools
import math
import re
from collections.abc import Callable, Iterator

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from desktop.domain.errors import Problem, Severity
from desktop.domain.storyboard import Fence, Image

OPTIONS: dict[str, tuple[str, ...]] = {
    "title": (),
    "plot": ("x", "y"),
    "chart": ("kind", "unit", "max"),
    "table": (),
    "array": (),
    "tree": (),
    "graph": (),
    "timeline": (),
    "compare": (),
    "steps": (),
    "quote": (),
    "outro": (),
    "manim": (),
}
"""Every kind besides code, with its options."""

CODE_OPTIONS = ("hl",)
IMAGE_OPTIONS = ("width",)
CHARTS = ("bar", "column", "line", "pie")
TITLE_LINES = 2


@functools.cache
def is_language(name: str) -> bool:
    """Tell whether ``name`` is a programming language that can be highlighted."""
    try:
        get_lexer_by_name(name)
    except ClassNotFound:
        return False
    return True


def is_known(kind: str) -> bool:
    """Tell whether there is such a fence."""
    return kind in OPTIONS or is_language(kind)


def options_of(kind: str) -> tuple[str, ...]:
    """Return the options that a known kind takes."""
    return OPTIONS.get(kind, CODE_OPTIONS)


def check_fence(fence: Fence) -> Iterator[Problem]:
    """Yield what is wrong with a fence's kind, options and lines."""
    if not is_known(fence.kind):
        yield _unknown(fence)
        return
    yield from _check_options(fence.kind, options_of(fence.kind), fence.options, fence.line)
    if not fence.body.strip():
        yield Problem(f"The block “{fence.kind}” is empty.", fence.line, "Write its lines.")
        return
    if fence.kind not in OPTIONS:
        yield from _check_highlights(fence)
    elif fence.kind == "chart":
        yield from _check_chart(fence)
    elif fence.kind == "title":
        yield from _check_title(fence)


def check_image(image: Image) -> Iterator[Problem]:
    """Yield what is wrong with a picture's place and options."""
    path = image.path
    if not path or path.startswith(("/", "~")) or ".." in path.split("/") or ":" in path:
        yield Problem(
            f"“{path}” is no picture of this video.",
            image.line,
            "Drop the picture on the text; it is copied beside it.",
        )
    yield from _check_options("image", IMAGE_OPTIONS, image.options, image.line)


def _unknown(fence: Fence) -> Problem:
    if not fence.kind:
        return Problem(
            "This block has no name.", fence.line, f"Write one of {', '.join(OPTIONS)} or python."
        )
    near = difflib.get_close_matches(fence.kind.lower(), [*OPTIONS, "python"], 1)
    remedy = f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(OPTIONS)}."
    return Problem(f"The block “{fence.kind}” is not known.", fence.line, remedy)


def _check_options(
    kind: str, known: tuple[str, ...], options: dict[str, str], line: int
) -> Iterator[Problem]:
    for key, value in options.items():
        if key not in known:
            listed = f"It takes {', '.join(known)}." if known else "It takes no options."
            yield Problem(f"“{kind}” has no option “{key}”.", line, listed, Severity.WARNING)
        elif (rule := _VALUES.get((kind, key))) and not rule[0](value):
            yield Problem(f"“{key}” cannot be “{value}”.", line, rule[1])


def _check_highlights(fence: Fence) -> Iterator[Problem]:
    count = fence.body.count("\n") + 1
    for step in fence.options.get("hl", "").split(";"):
        for part in step.split(",") if step.strip() else ():
            match = re.fullmatch(r"\s*(\d{1,6})(?:-(\d{1,6}))?\s*", part)
            if match is None:
                yield Problem(f"“{part}” names no lines.", fence.line, "Write hl=1;2-3.")
            elif not 1 <= int(match[1]) <= int(match[2] or match[1]) <= count:
                remedy = f"The code has {count} lines." if count > 1 else "The code has one line."
                yield Problem(f"There are no lines “{part}”.", fence.line, remedy)


def _check_chart(fence: Fence) -> Iterator[Problem]:
    for offset, text in enumerate(fence.body.split("\n"), 1):
        line = text.strip()
        name, colon, value = line.rpartition(":")
        lights = line.startswith("highlight ") and not colon
        if line and not lights and not (name.strip() and is_number(value.replace("%", ""))):
            yield Problem(
                f"“{line}” is no line of a chart.",
                fence.line + offset,
                "Write lines such as “Apples: 12”; the unit is an option.",
            )


def _check_title(fence: Fence) -> Iterator[Problem]:
    lines = [n for n, text in enumerate(fence.body.split("\n"), 1) if text.strip()]
    if len(lines) > TITLE_LINES:
        yield Problem(
            "A title card has two lines.",
            fence.line + lines[TITLE_LINES],
            "Write the title and one line about it.",
        )


def is_number(text: str) -> bool:
    """Tell whether ``text`` is a number as people write it; a comma may be the decimal point."""
    plain = text.strip().replace("\u2212", "-").replace(" ", "")
    plain = plain.replace(",", "" if "." in plain else ".")
    try:
        return math.isfinite(float(plain))
    except ValueError:
        return False


def _is_range(text: str) -> bool:
    low, colon, high = text.partition(":")
    return bool(colon) and is_number(low) and is_number(high) and _value(low) < _value(high)


def _value(text: str) -> float:
    plain = text.strip().replace("\u2212", "-").replace(" ", "")
    return float(plain.replace(",", "" if "." in plain else "."))


def _is_share(text: str) -> bool:
    return is_number(text.rstrip("%")) and _value(text.rstrip("%")) > 0


_RANGE = (_is_range, "Write a range such as -3:3, smaller number first.")
_VALUES: dict[tuple[str, str], tuple[Callable[[str], bool], str]] = {
    ("plot", "x"): _RANGE,
    ("plot", "y"): _RANGE,
    ("chart", "kind"): (CHARTS.__contains__, f"Use {', '.join(CHARTS)}."),
    ("chart", "max"): (is_number, "Write a number."),
    ("image", "width"): (_is_share, "Write a share of the space, such as 60%."),
}
