"""Colours of Manim files."""

from collections.abc import Hashable
from typing import cast

from PySide6.QtGui import QTextDocument
from typing_extensions import override

from desktop.ui.editor.line_lexer import ROOT, Stack, line_lexer
from desktop.ui.editor.sliced_highlighter import SlicedHighlighter


class PythonHighlighter(SlicedHighlighter):
    """Colours Python."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._lexer = line_lexer("python")

    @override
    def color(self, text: str, before: Hashable | None, number: int) -> Hashable:
        stack = cast("Stack", before or ROOT)
        if self._lexer is None:
            return stack
        words, after = self._lexer.read(text, stack)
        for word in words:
            self.mark(word.start, word.length, word.role)
        return after

    @override
    def language_of(self, before: Hashable | None) -> str:
        return "python"
