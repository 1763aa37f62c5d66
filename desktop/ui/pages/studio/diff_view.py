"""The difference of two texts, line by line: what came in green, what went in red."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit
from typing_extensions import override

from desktop.ui.theme import code_font
from desktop.ui.tokens import CAPTION, SPACE_3, tokens

HEADERS = ("--- ", "+++ ")
"""Beginnings of the first two lines, which name the texts; further down they are text."""


class DiffView(QPlainTextEdit):
    """Shows a unified difference, without the lines that only machines read."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setProperty("kind", "bare")
        self.setFont(code_font(CAPTION))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.document().setDocumentMargin(SPACE_3)
        self.setAccessibleName("Differences of the text")
        self._colors = _DiffColors(self.document())

    def show_difference(self, difference: str) -> None:
        """Show a unified difference; the place it names becomes a line number."""
        lines = difference.split("\n") if difference else []
        while lines and lines[0].startswith(HEADERS):
            lines.pop(0)
        self.setPlainText("\n".join(_place(line) for line in lines))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colors.rehighlight()


def _place(line: str) -> str:
    """Return ``@@ -1,7 +1,8 @@`` as what a person calls it; set the sign off from the text."""
    if not line.startswith("@@"):
        return f"{line[:1]} {line[1:]}"
    after = line.split("+", 1)[1].split(" ", 1)[0]
    return f"@@ line {after.split(',', 1)[0]}"


class _DiffColors(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    @override
    def highlightBlock(self, text: str) -> None:
        roles = {"+": "success", "-": "danger", "@": "accent_text"}
        role = roles.get(text[:1], "muted")
        color = tokens().color(role)
        made = QTextCharFormat()
        made.setForeground(color)
        if text[:1] in {"+", "-"}:
            made.setBackground(QColor(color.red(), color.green(), color.blue(), 28))
        self.setFormat(0, len(text), made)
