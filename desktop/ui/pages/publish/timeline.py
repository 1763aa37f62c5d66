"""What happened to a transfer, line by line, the newest at the bottom."""

import time
from collections.abc import Sequence

from PySide6.QtWidgets import QFrame

from desktop.domain.transfers import Moment
from desktop.ui.models import transfers_text as say
from desktop.ui.tokens import SPACE_1, SPACE_2
from desktop.ui.widgets.boxes import clear, column, row
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import label

SHOWN = 60
"""Lines at most; of a longer history the end matters."""

GLYPHS = {
    "added": ("plus", "muted"),
    "created": ("arrow-up", "accent_text"),
    "part": ("arrow-up", "accent_text"),
    "retry": ("arrow-clockwise", "warning"),
    "again": ("arrow-counter-clockwise", "warning"),
    "network": ("wifi-slash", "warning"),
    "fault": ("warning-circle", "danger"),
    "paused": ("pause", "muted"),
    "resumed": ("play", "accent_text"),
    "completed": ("check", "accent_text"),
    "adopted": ("check", "accent_text"),
    "done": ("check-circle", "success"),
    "cancelling": ("x", "muted"),
    "cancelled": ("prohibit", "muted"),
}


class Timeline(QFrame):
    """Shows moments; runs of parts that arrived are one line."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = column(spacing=SPACE_1 + 2)
        self.setLayout(self._lines)
        self._shown: tuple[Moment, ...] = ()

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Show a history, oldest first."""
        told = say.story(moments)
        if told == self._shown:
            return
        self._shown = told
        clear(self._lines)
        if len(told) > SHOWN:
            self._lines.addWidget(label(f"{len(told) - SHOWN:,} earlier lines", "caption"))
        for one in told[-SHOWN:]:
            self._lines.addWidget(_Line(one))

    def texts(self) -> tuple[str, ...]:
        """Return what the lines say."""
        return tuple(one.text for one in self._shown[-SHOWN:])


class _Line(QFrame):
    def __init__(self, one: Moment) -> None:
        super().__init__()
        glyph, role = GLYPHS.get(one.kind, ("circle", "muted"))
        words = column(
            label(one.text, wrap=True), label(say.moment(one.at, time.time()), "caption"), spacing=1
        )
        layout = row(column(2, Glyph(glyph, role, 14), None, spacing=0), words, spacing=SPACE_2)
        layout.setStretch(1, 1)
        self.setLayout(layout)
