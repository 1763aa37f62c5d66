"""Showing transfers on the terminal: a bar for each file that moves, and one for all together.

Where there is no terminal, a line for each file that has ended.
"""

from collections.abc import Callable, Iterable
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from desktop.cli import telling
from desktop.domain.events import (
    EventBus,
    TransferChanged,
    TransferEngineChanged,
    TransfersProgressed,
)
from desktop.domain.picture import clock
from desktop.domain.transfers import Transfer, TransferState

MOST_BARS = 6
"""Files with a bar of their own; all count in the bar of all."""


class TransferWatch:
    """Draws how far some transfers are while its block is entered."""

    def __init__(self, bus: EventBus, console: Console, transfers: Iterable[Transfer]) -> None:
        self._bus = bus
        self._console = console
        self._rows = {one.id: one for one in transfers}
        self._bars: dict[str, TaskID] = {}
        self._said: set[str] = set()
        self._progress = Progress(
            TextColumn("{task.description}", table_column=Column(ratio=3, no_wrap=True)),
            BarColumn(table_column=Column(ratio=1, min_width=8)),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("[dim]{task.fields[words]}", table_column=Column(ratio=4, no_wrap=True)),
            console=console,
            transient=True,
            expand=True,
            disable=not console.is_terminal,
        )
        self._all: TaskID | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        """Begin to listen and to draw."""
        self._unsubscribe = [
            self._bus.subscribe(TransferChanged, lambda event: self._take((event.transfer,))),
            self._bus.subscribe(TransfersProgressed, lambda event: self._take(event.transfers)),
            self._bus.subscribe(TransferEngineChanged, self._engine_changed),
        ]
        self._progress.start()
        self._all = self._progress.add_task("", total=None, words="")
        self._take(tuple(self._rows.values()))
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bars away; what was said above them stays."""
        self._progress.stop()
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _take(self, transfers: Iterable[Transfer]) -> None:
        for one in transfers:
            if one.id in self._rows:
                self._rows[one.id] = one
                self._draw(one)
                if one.state.over:
                    self.say_ended(one)
        self._draw_all()

    def say_ended(self, transfer: Transfer) -> None:
        """Say how one ended, unless that was said."""
        if transfer.id in self._said:
            return
        self._said.add(transfer.id)
        word = "done" if transfer.state is TransferState.DONE else transfer.state.value
        colour = telling.COLOURS.get(transfer.state, "yellow")
        self._progress.console.print(
            Text.assemble(
                (f"{word:<10} ", colour),
                (telling.name_of(transfer), "bold"),
                f"  {telling.result_words(transfer)}",
            )
        )

    def _draw(self, transfer: Transfer) -> None:
        bar = self._bars.get(transfer.id)
        if transfer.state.over or transfer.state is TransferState.QUEUED:
            if bar is not None:
                self._progress.remove_task(self._bars.pop(transfer.id))
            return
        if bar is None:
            if len(self._bars) >= MOST_BARS:
                return
            bar = self._progress.add_task("", total=None, words="")
            self._bars[transfer.id] = bar
        self._progress.update(
            bar,
            description=_escaped(telling.name_of(transfer)),
            completed=_moved(transfer),
            total=transfer.size or 1,
            words=_escaped(telling.state_words(transfer)),
        )

    def _draw_all(self) -> None:
        if self._all is None:
            return
        rows = self._rows.values()
        ended = sum(one.state.over for one in rows)
        sent = sum(_moved(one) for one in rows)
        total = sum(one.size for one in rows)
        speed = sum(one.speed for one in rows if not one.state.over)
        words = f"{telling.size(sent)} of {telling.size(total)}"
        if speed:
            words += f", {telling.pace(speed)}, {clock((total - sent) / speed)} left"
        self._progress.update(
            self._all,
            description=f"{ended} of {len(self._rows)} ended",
            completed=sent,
            total=total or 1,
            words=words,
        )

    def _engine_changed(self, event: TransferEngineChanged) -> None:
        if event.message:
            self._progress.console.print(Text(event.message, style="yellow"))


def _moved(transfer: Transfer) -> int:
    """Return the bytes that are there or on their way: small files go in one piece."""
    if transfer.state is TransferState.DONE:
        return transfer.size
    return min(transfer.size, transfer.confirmed + transfer.in_flight)


def _escaped(text: str) -> str:
    """Keep square brackets of names from being read as markup."""
    return text.replace("[", "\\[")
