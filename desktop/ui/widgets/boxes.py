"""Rows and columns, written as they look."""

from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from desktop.ui.tokens import SPACE_2

Item = QWidget | QLayout | int | None
"""A widget, a nested layout, a gap in pixels, or None for space that stretches."""

Margins = tuple[int, int, int, int]


def row(*items: Item, spacing: int = SPACE_2, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """Return a layout with ``items`` from left to right."""
    layout = QHBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def column(*items: Item, spacing: int = SPACE_2, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """Return a layout with ``items`` from top to bottom."""
    layout = QVBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def _fill(layout: QBoxLayout, items: tuple[Item, ...], spacing: int, margins: Margins) -> None:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def frame(layout: QLayout, surface: str = "") -> QFrame:
    """Return a frame around a layout; ``surface`` is panel, card, overlay or empty."""
    widget = QFrame()
    widget.setLayout(layout)
    if surface:
        widget.setProperty("surface", surface)
    return widget


def line() -> QFrame:
    """Return a horizontal hairline."""
    widget = QFrame()
    widget.setProperty("surface", "line")
    widget.setFixedHeight(1)
    return widget


def clear(layout: QLayout) -> None:
    """Remove and delete everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        nested = item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif nested is not None:
            clear(nested)
