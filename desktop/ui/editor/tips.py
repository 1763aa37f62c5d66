"""Tooltips of problems: plain words, whatever signs they contain, wrapped when they are long."""

import html

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolTip, QWidget


def show_tip(where: QPoint, text: str, widget: QWidget) -> None:
    """Show ``text`` at a place of the screen; an empty one hides what is shown."""
    if not text:
        QToolTip.hideText()
        return
    # Qt guesses whether a text is HTML, and only wraps HTML.
    lines = html.escape(text).replace("\n", "<br>")
    QToolTip.showText(where, f"<qt>{lines}</qt>", widget)
