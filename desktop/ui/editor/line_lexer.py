"""Pygments, one line at a time: a line's words and the state in which it ends.

Pygments reads whole texts and keeps its stack of states to itself; an editor needs to go on from
the line before. What a language's rules read in one go over several lines, such as the comments of
C, is coloured only where it fits on one.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from pygments.lexer import ExtendedRegexLexer, RegexLexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token
from pygments.util import ClassNotFound

from desktop.ui.editor.colors import Role

Stack = tuple[str, ...]

ROOT: Stack = ("root",)
DEEPEST = 32
"""States below this depth are forgotten, so that their number stays small."""

_ROLES = {
    Token.Comment: Role.COMMENT,
    Token.Comment.Preproc: Role.KEYWORD,
    Token.Keyword: Role.KEYWORD,
    Token.Keyword.Constant: Role.NUMBER,
    Token.Keyword.Type: Role.BUILTIN,
    Token.Operator.Word: Role.KEYWORD,
    Token.Operator: Role.MARK,
    Token.Punctuation: Role.MARK,
    Token.Literal.Number: Role.NUMBER,
    Token.Literal.String: Role.STRING,
    Token.Literal.String.Escape: Role.NUMBER,
    Token.Literal.String.Interpol: Role.NUMBER,
    Token.Literal.String.Affix: Role.KEYWORD,
    Token.Name.Function: Role.NAME,
    Token.Name.Class: Role.NAME,
    Token.Name.Decorator: Role.DECORATOR,
    Token.Name.Builtin: Role.BUILTIN,
    Token.Name.Builtin.Pseudo: Role.BUILTIN,
    Token.Name.Exception: Role.BUILTIN,
    Token.Name.Tag: Role.KEYWORD,
    Token.Name.Attribute: Role.ATTRIBUTE,
}


@dataclass(frozen=True, slots=True)
class Word:
    """Part of a line that has a role."""

    start: int
    length: int
    role: Role


class LineLexer:
    """Reads lines of one programming language."""

    def __init__(self, lexer: "_Resumable") -> None:
        self._lexer = lexer

    def read(self, line: str, stack: Stack = ROOT) -> tuple[list[Word], Stack]:
        """Return the words of a line that begins in ``stack``, and the stack it ends with."""
        states = list(stack)
        end = len(line)  # the line feed belongs to no word
        words = [
            Word(start, min(start + len(text), end) - start, role)
            for start, kind, text in self._lexer.lex_on(line + "\n", states)
            if start < end and text and (role := role_of(kind)) is not Role.PLAIN
        ]
        return words, tuple(states[:DEEPEST])


@functools.cache
def role_of(kind: Any) -> Role:  # noqa: ANN401 - pygments' token types are untyped
    """Return the role of a pygments token type or of the nearest one above it."""
    while kind is not None:
        if kind in _ROLES:
            return _ROLES[kind]
        kind = kind.parent
    return Role.PLAIN


@functools.cache
def line_lexer(language: str) -> LineLexer | None:
    """Return the lexer of a language, or None when it is unknown or cannot go on from a line."""
    try:
        base = type(get_lexer_by_name(language))
    except ClassNotFound:
        return None
    if not issubclass(base, RegexLexer) or issubclass(base, ExtendedRegexLexer):
        return None
    resumable = type(base.__name__, (_Resumable, base), {})
    return LineLexer(cast("_Resumable", resumable()))


class _Resumable(RegexLexer):
    """A lexer that begins in a given stack of states and leaves it as it ended."""

    def lex_on(self, text: str, stack: list[str]) -> Iterator[tuple[int, Any, str]]:
        """Yield position, token type and text of each token; ``stack`` changes meanwhile."""
        at = 0
        while at < len(text):
            for match_at, action, change in self._rules(stack):
                match = match_at(text, at)
                if match is None:
                    continue
                if action is not None:
                    yield from self._tokens_of(action, match)
                moved = match.end() > at
                at = match.end()
                if change is not None:
                    _shift(stack, change)
                elif not moved:
                    continue  # neither ahead nor elsewhere: the next rule may do better
                break
            else:
                if text[at] == "\n":
                    stack[:] = ROOT
                at += 1

    def _rules(self, stack: list[str]) -> list[tuple[Any, Any, Any]]:
        found: list[tuple[Any, Any, Any]] = vars(type(self))["_tokens"][stack[-1]]
        return found

    def _tokens_of(self, action: Any, match: Any) -> Iterator[tuple[int, Any, str]]:  # noqa: ANN401
        if action in Token:
            yield match.start(), action, match.group()
        else:
            yield from action(self, match)


def _shift(stack: list[str], change: Any) -> None:  # noqa: ANN401 - as pygments writes it
    if isinstance(change, int):
        del stack[max(1, len(stack) + change) :]
        return
    for state in (change,) if isinstance(change, str) else change:
        if state == "#pop":
            del stack[max(1, len(stack) - 1) :]
        elif state == "#push":
            stack.append(stack[-1])
        else:
            stack.append(state)
