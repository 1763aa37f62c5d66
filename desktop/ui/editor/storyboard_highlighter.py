"""Colours of storyboards: which region a line is in, and its words by region."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import Enum

from typing_extensions import override

from desktop.ui.editor.colors import Role
from desktop.ui.editor.line_lexer import ROOT, Stack, Word, line_lexer
from desktop.ui.editor.sliced_highlighter import SlicedHighlighter
from desktop.ui.editor.storyboard_words import (
    FENCE,
    fence_words,
    plain_fence_words,
    setting_words,
    words_of,
)

_LANGUAGES = {"manim": "python"}


class Region(Enum):
    """What lines belong to outside of fences."""

    HEAD = "head"
    BODY = "body"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class InFence:
    """Inside a fence: how it closes, its language, and where that stands."""

    mark: str
    language: str
    stack: Stack = ROOT


class StoryboardHighlighter(SlicedHighlighter):
    """Colours a storyboard."""

    @override
    def color(self, text: str, before: Hashable | None, number: int) -> Hashable:
        if number == 0 and text.rstrip() == "---":
            return self._whole(text, Role.MARK, Region.HEAD)
        if isinstance(before, InFence):
            return self._fenced(text, before)
        if before is Region.HEAD and not text.startswith("## "):
            return self._head(text)
        if before is Region.FORMULA and not text.startswith("## "):
            return self._formula(text, 0)
        return self._body(text)

    @override
    def language_of(self, before: Hashable | None) -> str:
        return before.language if isinstance(before, InFence) else ""

    def _head(self, text: str) -> Hashable:
        if text.rstrip() in {"---", "..."}:
            return self._whole(text, Role.MARK, Region.BODY)
        return self._all(setting_words(text), Region.HEAD)

    def _body(self, text: str) -> Hashable:
        if text.lstrip().startswith("$$"):
            return self._formula(text, text.index("$$") + 2)
        match = FENCE.match(text)
        if match is None:
            return self._all(words_of(text), Region.BODY)
        language = _LANGUAGES.get(match["kind"], match["kind"])
        return self._all(fence_words(match), InFence(match["mark"], language))

    def _formula(self, text: str, start: int) -> Hashable:
        end = text.find("$$", start)
        length = len(text) if end < 0 else end + 2
        self.mark(0, length, Role.MATHS)
        return Region.FORMULA if end < 0 else Region.BODY

    def _fenced(self, text: str, fence: InFence) -> Hashable:
        plain = text.strip()
        if plain.startswith(fence.mark) and not plain.strip("`~"):
            return self._whole(text, Role.MARK, Region.BODY)
        lexer = line_lexer(fence.language) if fence.language else None
        if lexer is None:
            return self._all(plain_fence_words(text), fence)
        words, stack = lexer.read(text, fence.stack)
        return self._all(words, InFence(fence.mark, fence.language, stack))

    def _whole(self, text: str, role: Role, after: Hashable) -> Hashable:
        self.mark(0, len(text), role)
        return after

    def _all(self, words: Iterable[Word], after: Hashable) -> Hashable:
        for word in words:
            if word.length:
                self.mark(word.start, word.length, word.role)
        return after
