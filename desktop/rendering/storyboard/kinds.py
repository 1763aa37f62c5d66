"""Which fences there are and what each accepts."""

import difflib
import functools
import re
from collections.abc import Iterator

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from desktop.domain.errors import Problem, Severity
from desktop.domain.storyboard import Fence

OPTIONS: dict[str, tuple[str, ...]] = {
    "title": (),
    "plot": ("x", "y"),
    "chart": ("kind", "unit", "max"),
    "table": (),
    "array": (),
    "steps": (),
    "quote": (),
    "outro": (),
    "manim": (),
}
"""Every kind besides code, with its options."""

CODE_OPTIONS = ("hl",)


@functools.cache
def is_language(name: str) -> bool:
    """Tell whether ``name`` is a programming language that can be highlighted."""
    try:
        get_lexer_by_name(name)
    except ClassNotFound:
        return False
    return True


def check_fence(fence: Fence) -> Iterator[Problem]:
    """Yield what is wrong with a fence's kind, options and lines."""
    if fence.kind not in OPTIONS and not is_language(fence.kind):
        near = difflib.get_close_matches(fence.kind, [*OPTIONS, "python"], 1)
        remedy = f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(OPTIONS)}."
        name = fence.kind or "without a name"
        yield Problem(f"The block “{name}” is not known.", fence.line, remedy)
        return
    known = OPTIONS.get(fence.kind, CODE_OPTIONS)
    for key in fence.options:
        if key not in known:
            listed = f"It takes {', '.join(known)}." if known else "It takes no options."
            yield Problem(
                f"“{fence.kind}” has no option “{key}”.", fence.line, listed, Severity.WARNING
            )
    if not fence.body.strip():
        yield Problem(f"The block “{fence.kind}” is empty.", fence.line, "Write its lines.")
        return
    yield from _check_lines(fence)


def _check_lines(fence: Fence) -> Iterator[Problem]:
    rule = _RULES.get(fence.kind)
    if rule is None:
        return
    pattern, example = rule
    for offset, line in enumerate(fence.body.split("\n")):
        if line.strip() and not re.fullmatch(pattern, line.strip()):
            yield Problem(
                f"“{line.strip()}” is no line of a {fence.kind}.",
                fence.line + 1 + offset,
                f"Write lines such as “{example}”.",
            )


_RULES = {
    "chart": (r"highlight .+|[^:]+:\s*[-+]?[\d.,]+\s*\D*", "Apples: 12"),
}
