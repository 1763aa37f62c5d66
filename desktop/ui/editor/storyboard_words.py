"""Words of one storyboard line: headings, quotes, points and what stands inside them.

The grammar's own reader is elsewhere and reads whole texts; here a line is only coloured, so a
line that is half typed gets colours as well.
"""

import re
from collections.abc import Iterator

from desktop.ui.editor.colors import Role
from desktop.ui.editor.line_lexer import Word

HEADING = re.compile(r"^#{1,6}(?=\s)")
FENCE = re.compile(r"^\s*(?P<mark>`{3,}|~{3,})\s*(?P<kind>[^\s`{=]*)(?P<options>[^`]*)$")
_QUOTE = re.compile(r"^\s*>")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])(?=\s)")
_RULE = re.compile(r"^\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$")
_COMMENT = re.compile(r"^\s*<!--")
_IMAGE = re.compile(r"^(!\[)([^\]]*)(\]\()([^)]*)(\))(.*)$")
_ATTRIBUTES = re.compile(r"\{(?=[^{}]*=)[^{}]*\}\s*$")
_PAIR = re.compile(r"""([A-Za-z_][\w-]*)(=)("[^"]*"|'[^']*'|[^\s{}]+)""")
_INLINE = re.compile(
    r"(?P<maths>(?<!\\)\$\$?[^$\n]+?(?<!\\)\$\$?)|(?P<string>`[^`]+`)"
    r"|(?P<strong>\*\*[^*\s][^*]*\*\*|__[^_\s][^_]*__)"
    r"|(?P<emphasis>(?<![\w*])\*[^*\s][^*]*\*(?![\w*])|(?<![\w_])_[^_\s][^_]*_(?![\w_]))"
)
_SETTING = re.compile(r"^(\s*(?:-\s+)?)([\w-]+)(\s*:)(?=\s|$)(.*)$")
_YAML_COMMENT = re.compile(r"(?:^|\s)#.*$")
_LABEL = re.compile(r"^\s*([^:]+?)(:)(?=\s)")
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?%?(?!\w)")


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a line outside of fences, formulas and front matter."""
    if match := HEADING.match(text):
        yield from _heading(text, match)
    elif _COMMENT.match(text):
        yield Word(0, len(text), Role.COMMENT)
    elif _RULE.match(text):
        yield Word(0, len(text), Role.MARK)
    elif match := _QUOTE.match(text):
        yield Word(0, match.end(), Role.MARK)
        yield Word(match.end(), len(text) - match.end(), Role.NARRATION)
        yield from _inline(text, match.end())
    elif match := _IMAGE.match(text):
        yield from _image(match)
    elif match := _BULLET.match(text):
        yield Word(0, match.end(), Role.KEYWORD)
        yield from _inline(text, match.end())
    else:
        yield from _inline(text, 0)


def _heading(text: str, match: re.Match[str]) -> Iterator[Word]:
    options = _ATTRIBUTES.search(text)
    end = options.start() if options else len(text)
    yield Word(0, end, Role.HEADING)
    yield from (word for word in _inline(text[:end], match.end()) if word.role is Role.MATHS)
    if options:
        yield from _options(text, end)


def _image(match: re.Match[str]) -> Iterator[Word]:
    roles = (Role.MARK, Role.EMPHASIS, Role.MARK, Role.STRING, Role.MARK)
    for number, role in enumerate(roles, 1):
        yield Word(match.start(number), match.end(number) - match.start(number), role)
    yield from _options(match.string, match.start(6))


def _inline(text: str, start: int) -> Iterator[Word]:
    for match in _INLINE.finditer(text, start):
        yield Word(match.start(), match.end() - match.start(), Role(match.lastgroup or "plain"))


def _options(text: str, start: int) -> Iterator[Word]:
    yield Word(start, len(text) - start, Role.MARK)
    for match in _PAIR.finditer(text, start):
        yield Word(match.start(1), len(match[1]), Role.ATTRIBUTE)
        yield Word(match.start(3), len(match[3]), Role.STRING)


def fence_words(match: re.Match[str]) -> Iterator[Word]:
    """Yield the words of the line that opens a fence."""
    yield Word(0, match.start("kind"), Role.MARK)
    yield Word(match.start("kind"), len(match["kind"]), Role.KEYWORD)
    yield from _options(match.string, match.start("options"))


def setting_words(text: str) -> Iterator[Word]:
    """Yield the words of a line of the front matter."""
    match = _SETTING.match(text)
    if match:
        yield Word(match.start(2), len(match[2]), Role.ATTRIBUTE)
        yield Word(match.start(3), len(match[3]), Role.MARK)
        yield Word(match.start(4), len(match[4]), Role.STRING)
    elif text.strip():
        yield Word(0, len(text), Role.STRING)
    if comment := _YAML_COMMENT.search(text):
        yield Word(comment.start(), len(text) - comment.start(), Role.COMMENT)


def plain_fence_words(text: str) -> Iterator[Word]:
    """Yield the words of a line in a fence that holds no program: labels and numbers."""
    if label := _LABEL.match(text):
        yield Word(label.start(1), len(label[1]), Role.ATTRIBUTE)
        yield Word(label.start(2), 1, Role.MARK)
    for match in _NUMBER.finditer(text, label.end() if label else 0):
        yield Word(match.start(), match.end() - match.start(), Role.NUMBER)
