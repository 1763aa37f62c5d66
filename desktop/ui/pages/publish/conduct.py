"""Does to the selected transfers, and to all, what keys, menus and buttons ask for."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.transfers import NORMAL, Transfer, TransferState
from desktop.services.fetching import fetch_copy
from desktop.services.transfers import TransferService
from desktop.ui import dialogs, tasks
from desktop.ui.models import transfers_text as say
from desktop.ui.models.transfers import TransfersModel
from desktop.ui.pages.publish.check_words import Said, said_of_object
from desktop.ui.pages.publish.facts import PRIORITIES, was_uploaded
from desktop.ui.pages.publish.limit_menu import fill_rates
from desktop.ui.pages.publish.limits_sheet import LimitsSheet
from desktop.ui.pages.publish.row_layout import END
from desktop.ui.pages.publish.rows import TransferList
from desktop.ui.shell import Shell

Work = Coroutine[Any, Any, object]

State = TransferState


class Conduct:
    """Acts on what is selected in one list; ``page`` owns what runs."""

    def __init__(
        self,
        page: QWidget,
        transfers: TransferService,
        shell: Shell,
        model: TransfersModel,
        view: TransferList,
    ) -> None:
        self._page = page
        self._transfers = transfers
        self._shell = shell
        self._model = model
        self._view = view

    def start(self, work: Work, name: str) -> None:
        """Carry ``work`` out; its errors are shown."""
        tasks.start(self._page, work, name, on_error=self._shell.present_error)

    # What is selected

    def rows(self) -> tuple[int, ...]:
        """Return the selected rows, ascending."""
        return tuple(sorted(index.row() for index in self._view.selectionModel().selectedIndexes()))

    def known(self) -> tuple[Transfer, ...]:
        """Return the selected transfers, as far as they are in memory."""
        found = (self._model.transfer(row) for row in self.rows())
        return tuple(one for one in found if one is not None)

    async def _selected(self) -> tuple[Transfer, ...]:
        return await self._model.transfers(self.rows())

    def _each(self, act: Callable[[Sequence[Transfer]], Work], name: str) -> None:
        async def work() -> None:
            chosen = await self._selected()
            if chosen:
                await act(chosen)

        self.start(work(), name)

    # Going on and stopping

    def pause_or_go_on(self) -> None:
        """Pause what is selected; when all of it is paused, let it go on."""
        self._each(self._pause_or_go_on, "pause or go on")

    async def _pause_or_go_on(self, chosen: Sequence[Transfer]) -> None:
        going = [one.id for one in chosen if _can_pause(one)]
        if going:
            await self._transfers.pause(going)
            return
        paused = [one.id for one in chosen if one.state is State.PAUSED]
        if paused:
            await self._transfers.resume(paused)
        else:
            await self._retry(chosen)

    def retry(self) -> None:
        """Try again what is selected and failed, was cancelled, or waits for another try."""
        self._each(self._retry, "try again")

    async def _retry(self, chosen: Sequence[Transfer]) -> None:
        ids = [one.id for one in chosen if can_retry(one)]
        if ids:
            await self._transfers.retry(ids)

    def remove(self) -> None:
        """Cancel what is under way of the selection, and take what is over from the list."""
        self._each(self._remove, "cancel or remove")

    async def _remove(self, chosen: Sequence[Transfer]) -> None:
        over = [one.id for one in chosen if one.state.over]
        going = [one for one in chosen if not one.state.over and one.state is not State.CANCELLING]
        if going and await self._sure(going):
            await self._transfers.cancel([one.id for one in going])
        if over:
            await self._transfers.forget(over)

    async def _sure(self, going: Sequence[Transfer]) -> bool:
        arrived = sum(one.confirmed for one in going)
        if not arrived:
            return True
        things = say.name(going[0]) if len(going) == 1 else say.count(len(going))
        text = (
            f"{say.size(arrived)} have arrived. They are removed at the service; "
            "the files on this computer stay as they are."
        )
        return await dialogs.confirm(
            self._page, f"Cancel {things}?", text, "Cancel uploading", danger=True
        )

    def press(self, which: str, transfer: Transfer) -> None:
        """Do what a button of a row stands for."""
        act = self._remove if which == END else self._pause_or_go_on
        self.start(act((transfer,)), "press a button of a transfer")

    def hold_or_release_all(self, *, paused: bool) -> None:
        """Pause everything, or let everything go on when it is ``paused``."""
        work = self._transfers.resume() if paused else self._transfers.pause()
        self.start(work, "pause or go on with all")

    def forget_done(self) -> None:
        """Take everything that was sent or cancelled from the list."""
        self.start(self._forget_done(), "clear the history")

    async def _forget_done(self) -> None:
        page = await self._transfers.page(states=say.ENDED, limit=1_000_000)
        if not page.transfers:
            return
        things = say.count(len(page.transfers))
        text = "The list forgets them and their history. What was sent stays where it is."
        if await dialogs.confirm(self._page, f"Remove {things} from the list?", text, "Remove"):
            await self._transfers.forget([one.id for one in page.transfers])

    # Order and speed

    def move(self, way: int) -> None:
        """Let what is selected have its turn one place earlier (-1) or later (1)."""
        rows = self.rows()
        if not rows:
            return
        if way < 0:
            before = self._model.transfer(rows[0] - 1) if rows[0] else None
            if before is not None:
                self._move_before(before.id)
            return
        passed, follower = (self._model.transfer(rows[-1] + step) for step in (1, 2))
        if passed is not None and not passed.state.over:
            later = follower is not None and not follower.state.over
            self._move_before(follower.id if follower is not None and later else None)

    def move_to_end(self, *, first: bool) -> None:
        """Let what is selected be the first or the last to have its turn."""
        top = self._model.transfer(0)
        self._move_before(top.id if first and top is not None else None)

    def _move_before(self, before: str | None) -> None:
        async def act(chosen: Sequence[Transfer]) -> None:
            await self.drop([one.id for one in chosen if not one.state.over], before)

        self._each(act, "change the order")

    async def drop(self, ids: Sequence[str], before: str | None) -> None:
        """Put transfers before another one, None: last."""
        if ids and before not in ids:
            await self._transfers.move(ids, before)

    def prioritise(self, priority: int) -> None:
        """Give what is selected another priority."""

        async def act(chosen: Sequence[Transfer]) -> None:
            ids = [one.id for one in chosen if not one.state.over]
            if ids:
                await self._transfers.prioritise(ids, priority)

        self._each(act, "change the priority")

    def limit(self, rate: int) -> None:
        """Limit each of the selected transfers; 0 for no limit."""

        async def act(chosen: Sequence[Transfer]) -> None:
            ids = [one.id for one in chosen if not one.state.over]
            if ids:
                await self._transfers.limit(ids, rate)

        self._each(act, "limit transfers")

    def limit_all(self, rate: int) -> None:
        """Limit all transfers together; the timetable stays as it is."""

        async def work() -> None:
            limits = await self._transfers.limits()
            await self._transfers.set_limits(replace(limits, rate=rate))

        self.start(work(), "limit all transfers")

    def edit_limits(self) -> None:
        """Let the person edit every limit and the timetable."""
        self.start(self._edit_limits(), "edit limits")

    async def _edit_limits(self) -> None:
        limits = await self._transfers.limits()
        sheet = LimitsSheet(self._page, limits, await self._transfers.destinations())
        if await dialogs.finished(sheet):
            await self._transfers.set_limits(sheet.limits())

    # Menus

    def limit_menu(self, current: int) -> QMenu:
        """Return the menu of the speed of all transfers."""
        menu = QMenu(self._page)
        fill_rates(menu, current, self.limit_all)
        menu.addSeparator()
        menu.addAction("Limits and timetable…").triggered.connect(lambda *_: self.edit_limits())
        return menu

    def menu(self, details: Callable[[], object]) -> QMenu:
        """Return the menu of what is selected."""
        menu, chosen = QMenu(self._page), self.known()
        living = [one for one in chosen if not one.state.over]
        if any(_can_pause(one) for one in chosen):
            _add(menu, "Pause", self.pause_or_go_on)
        elif any(one.state is State.PAUSED for one in chosen):
            _add(menu, "Go on", self.pause_or_go_on)
        if any(can_retry(one) for one in chosen):
            _add(menu, "Try again now", self.retry)
        _add(menu, "Details", details)
        if living:
            self._fill_order(menu, living)
        menu.addSeparator()
        if chosen:
            if len(chosen) == 1 and was_uploaded(chosen[0]):
                _add(menu, "Download a copy…", partial(self.download, chosen[0]))
            _add(menu, "Copy address", self._copy_addresses)
            _add(menu, "Cancel uploading…" if living else "Remove from the list", self.remove)
        return menu

    def _fill_order(self, menu: QMenu, living: Sequence[Transfer]) -> None:
        menu.addSeparator()
        _add(menu, "Send first", partial(self.move_to_end, first=True))
        _add(menu, "Send last", partial(self.move_to_end, first=False))
        priorities = menu.addMenu("Priority")
        same = {(one.priority > NORMAL) - (one.priority < NORMAL) for one in living}
        for value, name in PRIORITIES.items():
            action = priorities.addAction(name)
            action.setCheckable(True)
            action.setChecked(same == {value})
            action.triggered.connect(lambda *_, value=value: self.prioritise(value))
        rates = {one.rate_limit for one in living}
        current = rates.pop() if len(rates) == 1 else None
        fill_rates(menu.addMenu("Speed limit of each"), current, self.limit)

    def download(self, row: Transfer) -> None:
        """Ask where a copy of what was uploaded goes, and fetch it."""
        self.start(self._download(row), "download a copy")

    async def _download(self, row: Transfer) -> None:
        name = PurePosixPath(row.key).name
        path = await dialogs.choose_target(self._page, "Download a copy", name, "All files (*)")
        if path is not None:  # the dialog has asked already whether to replace
            await fetch_copy(self._transfers, row, path, replace=True)

    def check_again(self, row: Transfer, tell: Callable[[str, Said | None], None]) -> None:
        """Ask the service for what was uploaded; ``tell`` hears None where there is no answer."""
        self.start(self._check_again(row, tell), "check what was uploaded")

    async def _check_again(self, row: Transfer, tell: Callable[[str, Said | None], None]) -> None:
        said = None
        try:
            said = said_of_object(await self._transfers.verify(row.id))
        finally:
            tell(row.id, said)

    def _copy_addresses(self) -> None:
        text = "\n".join(say.address(one) for one in self.known())
        QGuiApplication.clipboard().setText(text)
        self._shell.notify("Copied the address" if "\n" not in text else "Copied the addresses")


def _can_pause(transfer: Transfer) -> bool:
    return not transfer.state.over and transfer.state not in {State.PAUSED, State.CANCELLING}


def can_retry(transfer: Transfer) -> bool:
    """Tell whether another try can be asked for now."""
    again = {State.CANCELLED, State.WAITING_NETWORK, State.WAITING_RETRY}
    return transfer.state in say.BROKEN | again


def _add(menu: QMenu, text: str, act: Callable[[], object]) -> None:
    menu.addAction(text).triggered.connect(lambda *_: act())
