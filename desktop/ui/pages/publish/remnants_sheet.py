"""What lies unfinished at the service and costs money, and the way to be rid of it."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from desktop.domain.errors import StudioError
from desktop.domain.transfers import Destination, Remnant
from desktop.services.transfers import TransferService
from desktop.ui import dialogs, tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.models import transfers_text as say
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import clear, column, frame, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import ElidedLabel, label

ABOUT = (
    "What arrived of uploads that were never finished stays at the service, unseen, and is "
    "paid for. Those that still belong to a transfer here are marked: removing them starts "
    "that transfer from the beginning."
)

ROW = 60
"""Height of a row and the gap below it, in pixels."""

SHOWN = 200
"""Rows at most; when those are gone the others come."""


class RemnantsSheet(Sheet):
    """Looks at every destination and lists unfinished uploads, the largest first."""

    def __init__(
        self, parent: QWidget, transfers: TransferService, destinations: Sequence[Destination]
    ) -> None:
        self._transfers = transfers
        self._destinations = tuple(destinations)
        self.remnants: list[Remnant] = []
        self.summary = label("Looking…", "strong", wrap=True)
        self.problems = label("", "danger", wrap=True)
        self._list = column(spacing=SPACE_1)
        area = QScrollArea()
        area.setWidget(frame(column(self._list, None, spacing=0)))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Unfinished uploads")
        self._area = area
        super().__init__(
            parent, "Left at the service", label(ABOUT, "muted", wrap=True), self.summary,
            self.problems, area, width=680,
        )  # fmt: skip
        self.all = button("Remove all…", self._ask_all, kind="danger")
        self.again = button("Look again", self.look, kind="quiet", glyph="arrow-clockwise")
        self.buttons.insertWidget(0, self.again)
        self.buttons.addWidget(self.all)
        self.add_buttons("Close", cancel="")
        self._show()
        self.look()

    def look(self) -> None:
        """Ask every destination what it holds."""
        tasks.start(self, self._look(), "look for unfinished uploads")

    async def _look(self) -> None:
        self.again.setEnabled(False)
        self.summary.setText("Looking…")
        answers = await asyncio.gather(
            *(self._transfers.remnants(one.id) for one in self._destinations),
            return_exceptions=True,
        )
        found: list[Remnant] = []
        problems: list[str] = []
        for one, answer in zip(self._destinations, answers, strict=True):
            if isinstance(answer, StudioError):
                problems.append(f"{one.name}: {answer.title}. {answer.remedy}".strip())
            elif isinstance(answer, BaseException):
                raise answer
            else:
                found.extend(answer)
        self.remnants = sorted(found, key=lambda one: -one.held)
        self.problems.setText("\n".join(problems))
        self.again.setEnabled(True)
        self._show()

    def _show(self) -> None:
        held = sum(one.held for one in self.remnants)
        things = say.count(len(self.remnants), "unfinished upload")
        verb = "holds" if len(self.remnants) == 1 else "hold"
        if self.again.isEnabled():
            empty = "Nothing is left over."
            self.summary.setText(f"{things} {verb} {say.size(held)}" if self.remnants else empty)
        self.problems.setVisible(bool(self.problems.text()))
        self.all.setVisible(len(self.remnants) > 1)
        self._area.setVisible(bool(self.remnants))
        self._area.setFixedHeight(min(6, len(self.remnants)) * ROW + 4)
        clear(self._list)
        for one in self.remnants[:SHOWN]:
            self._list.addWidget(self._row(one))
        self.adjustSize()

    def _row(self, one: Remnant) -> QFrame:
        names = {known.id: known.name for known in self._destinations}
        where = ElidedLabel(one.key.rpartition("/")[2] or one.key, "strong")
        parts = (
            names.get(one.destination, one.bucket), one.key,
            f"begun {say.moment(one.initiated_at, time.time())}",
            f"goes by itself {say.moment(one.abort_at, time.time())}" if one.abort_at else "",
        )  # fmt: skip
        words = column(where, ElidedLabel(" · ".join(filter(None, parts)), "caption"), spacing=1)
        gone = button("Remove…", partial(self._ask_one, one))
        gone.setAccessibleName(f"Remove what is left of {one.key}")
        mark = label("Belongs to a transfer here", "warning") if one.ours else label("")
        held = label(say.size(one.held), "muted")
        layout = row(
            Glyph("cloud-slash", "muted", 18), words, mark, held, gone,
            spacing=SPACE_3, margins=(SPACE_3, SPACE_2, SPACE_2, SPACE_2),
        )  # fmt: skip
        layout.setStretch(1, 1)
        return frame(layout, "card")

    def _ask_one(self, one: Remnant) -> None:
        tasks.start(self, self._remove((one,)), "remove an unfinished upload")

    def _ask_all(self) -> None:
        tasks.start(self, self._remove(tuple(self.remnants)), "remove unfinished uploads")

    async def _remove(self, doomed: Sequence[Remnant]) -> None:
        held = say.size(sum(one.held for one in doomed))
        things = say.count(len(doomed), "unfinished upload")
        text = f"{held} at the service are given free. Files on this computer stay as they are."
        if any(one.ours for one in doomed):
            text += " Transfers they belong to start from the beginning."
        if not await dialogs.confirm(self, f"Remove {things}?", text, "Remove", danger=True):
            return
        for one in doomed:
            await self._transfers.abort(one)
            self.remnants.remove(one)
            self._show()
