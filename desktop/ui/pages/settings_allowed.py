"""The part of the settings page about code from elsewhere: what was allowed, and taking it back."""

from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout
from typing_extensions import override

from desktop.domain.allowances import Allowance
from desktop.services.consent import ConsentService
from desktop.ui import dialogs, tasks
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import clear, column, frame, line, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel, label

NOTHING = (
    "Code that you bring in is asked about before it runs. What you allow is listed here, and you "
    "can take it back."
)

WORDS = "allowed code consent permission withdraw imported run"
"""What the search of the page finds this part by, besides the names of what was allowed."""

MOST = 8
"""What is listed before the person asks for all of it."""


class AllowedSection(QFrame):
    """Each piece of code that a person has allowed, with Withdraw."""

    def __init__(self, consent: ConsentService) -> None:
        super().__init__()
        self._consent = consent
        self._text = WORDS
        self._all = False
        self._list = column(spacing=0)
        self.rows: tuple[AllowedRow, ...] = ()
        self.more = button("", self._show_rest, kind="quiet")
        head = row(label("Allowed code", "subtitle"), None, self.more)
        self.more.hide()
        self.setLayout(column(head, frame(column(self._list), "card"), spacing=SPACE_3))
        self._list.addWidget(frame(_padded(column(label("Looking…", "muted")))))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        tasks.start(self, self._show_all(), "list allowed code")

    def matches(self, words: list[str]) -> bool:
        """Tell whether this part is about all ``words``."""
        return all(word in self._text for word in words)

    async def _show_all(self) -> None:
        found = await self._consent.allowed()
        clear(self._list)
        shown = found if self._all else found[:MOST]
        self.rows = tuple(AllowedRow(one) for one in shown)
        for place, one in enumerate(self.rows):
            if place:
                self._list.addWidget(line())
            one.withdraw.clicked.connect(lambda _=False, one=one.allowance: self._withdraw(one))
            self._list.addWidget(one)
        if not found:
            words = column(label("Nothing allowed yet", "strong"), spacing=2)
            words.addWidget(label(NOTHING, "muted", wrap=True))
            self._list.addWidget(frame(_padded(words)))
        self.more.setText(f"Show all {len(found)}")
        self.more.setVisible(len(shown) < len(found))
        names = " ".join(f"{one.title} {one.name} {one.origin}" for one in found)
        self._text = f"{WORDS} {names}".casefold()

    def _show_rest(self) -> None:
        self._all = True
        tasks.start(self, self._show_all(), "list all allowed code")

    def _withdraw(self, one: Allowance) -> None:
        async def work() -> None:
            text = "You are asked again before it runs. Videos that were made of it stay."
            title = f"Withdraw the consent for “{one.label}”?"
            if await dialogs.confirm(self.window(), title, text, "Withdraw"):
                try:
                    await self._consent.withdraw(one)
                finally:
                    await self._show_all()

        tasks.start(self, work(), f"withdraw {one.digest[:12]}")


class AllowedRow(QFrame):
    """One piece of code: what it was called, when it was allowed, where it came from."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__()
        self.allowance = allowance
        self.withdraw = button("Withdraw…")
        self.withdraw.setAccessibleName(f"Withdraw the consent for {allowance.label}")
        about = ElidedLabel(_about(allowance), "caption")
        words = column(ElidedLabel(allowance.label, "strong"), about, spacing=2)
        margins = (SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        layout = row(words, self.withdraw, spacing=SPACE_2, margins=margins)
        layout.setStretch(0, 1)
        self.setLayout(layout)


def _about(one: Allowance) -> str:
    parts = [f"allowed {one.when.astimezone():%Y-%m-%d %H:%M}"]
    if one.origin:
        origin = Path(one.origin)
        parts.append(f"from {origin.name} in {origin.parent}")
    return " · ".join(parts)


def _padded(layout: QVBoxLayout) -> QVBoxLayout:
    layout.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
    return layout
