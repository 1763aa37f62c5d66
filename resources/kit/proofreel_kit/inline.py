"""Marks inside a line of text: ``**bold**``, ``*italic*``, ```code```, ``$maths$``."""

import re
from dataclasses import dataclass

_MARKS = re.compile(
    r"\\(?P<escaped>[\\*`$_])"
    r"|`(?P<code>[^`]+)`"
    r"|\$(?P<maths>[^$\s](?:[^$]*[^$\s])?)\$(?!\d)"
    r"|\*\*(?P<bold>[^*\s](?:[^*]*[^*\s])?)\*\*"
    r"|\*(?P<italic>[^*\s](?:[^*]*[^*\s])?)\*"
)


@dataclass(frozen=True)
class Run:
    """Text in one style: ``plain``, ``bold``, ``italic``, ``code`` or ``maths``."""

    text: str
    style: str = "plain"


@dataclass(frozen=True)
class Word:
    """What is never broken across lines; ``spaced`` when a space stands before it."""

    text: str
    style: str
    spaced: bool


def parse_inline(source: str) -> list[Run]:
    """Split a text at its marks; a mark without a partner is ordinary text."""
    runs: list[Run] = []
    end = 0
    for match in _MARKS.finditer(source):
        _append(runs, source[end : match.start()], "plain")
        style = match.lastgroup or "escaped"
        _append(runs, match[style], "plain" if style == "escaped" else style)
        end = match.end()
    _append(runs, source[end:], "plain")
    return runs


def plain_text(source: str) -> str:
    """Return a text without its marks, for captions and names."""
    return "".join(run.text for run in parse_inline(source))


def words_of(source: str) -> list[Word]:
    """Split a text into words; words that touch, as ``**a**,`` do, are not ``spaced``."""
    words: list[Word] = []
    spaced = False
    for run in parse_inline(source):
        if run.style == "maths":
            words.append(Word(run.text, run.style, spaced))
            spaced = False
            continue
        for part in re.split(r"(\s+)", run.text):
            if part and not part.isspace():
                words.append(Word(part, run.style, spaced))
            spaced = part.isspace() if part else spaced
    return words


def _append(runs: list[Run], text: str, style: str) -> None:
    if not text:
        return
    if style == "plain" and runs and runs[-1].style == "plain":
        runs[-1] = Run(runs[-1].text + text)
    else:
        runs.append(Run(text, style))
