"""What a list shows when it is empty: why, and what to do next."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.ui.tokens import SPACE_2, SPACE_4, SPACE_6
from desktop.ui.widgets.boxes import column, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import label


class EmptyState(QWidget):
    """An icon, a title, a sentence, and the next actions as buttons (the first is primary)."""

    def __init__(
        self,
        glyph: str,
        title: str,
        text: str,
        actions: tuple[tuple[str, Callable[[], object]], ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        buttons = [
            button(name, act, kind="" if index else "primary")
            for index, (name, act) in enumerate(actions)
        ]
        heading, body = label(title, "subtitle"), label(text, "muted", wrap=True)
        for widget in (heading, body):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        body.setFixedWidth(380)
        body.setMinimumHeight(body.heightForWidth(380))
        centred = row(None, body, None)
        actions_row = row(None, *buttons, None)
        self.setLayout(
            column(
                None,
                row(None, Glyph(glyph, "faint", 40), None),
                SPACE_2,
                heading,
                centred,
                SPACE_4,
                actions_row,
                None,
                spacing=SPACE_2,
                margins=(SPACE_6,) * 4,
            )
        )
