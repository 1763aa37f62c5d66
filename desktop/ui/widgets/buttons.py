"""Buttons by kind, each with a name for screen readers."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from desktop.ui.icons import icon
from desktop.ui.widgets.labels import native_keys

ICON = QSize(24, 16)
"""Room for a square glyph and a gap to the words beside it, which Qt leaves out."""


def button(
    text: str, clicked: Callable[[], object] | None = None, *, kind: str = "", glyph: str = ""
) -> QPushButton:
    """Return a push button; ``kind`` is primary, quiet, danger, link or empty."""
    widget = QPushButton(text)
    widget.setCursor(Qt.CursorShape.PointingHandCursor)
    widget.setAutoDefault(False)
    if kind:
        widget.setProperty("kind", kind)
    if glyph:
        widget.setIcon(icon(glyph, "on_accent" if kind == "primary" else "muted"))
        widget.setIconSize(ICON)
    if clicked is not None:
        widget.clicked.connect(lambda *_: clicked())
    return widget


def tool_button(
    glyph: str, name: str, clicked: Callable[[], object] | None = None, *, keys: str = ""
) -> QToolButton:
    """Return a square icon button; ``name`` is its tooltip and accessible name."""
    widget = QToolButton()
    widget.setIcon(icon(glyph))
    widget.setIconSize(QSize(18, 18))
    widget.setCursor(Qt.CursorShape.PointingHandCursor)
    widget.setAccessibleName(name)
    widget.setToolTip(f"{name}  {native_keys(keys)}" if keys else name)
    widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if clicked is not None:
        widget.clicked.connect(lambda *_: clicked())
    return widget
