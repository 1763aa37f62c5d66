"""Menus of speeds, for all transfers and for single ones: a limit is two clicks away."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from desktop.ui.models.transfers_text import rate

PRESETS = (500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000)
"""Bytes per second that can be chosen at once."""


def fill_rates(menu: QMenu, current: int | None, choose: Callable[[int], object]) -> None:
    """Put speeds into a menu; ``current`` is ticked, None when there is not one of them."""
    values = sorted({*PRESETS, *([current] if current else [])})
    for value in (0, *values):
        action = menu.addAction(rate(value) if value else "No limit")
        action.setCheckable(True)
        action.setChecked(value == current)
        action.triggered.connect(lambda *_, value=value: choose(value))
