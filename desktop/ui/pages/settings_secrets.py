"""The part of the settings page about secrets: which exist and where they are; never a value."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.config.keychain import KeychainStatus, PassphraseState, SecretInfo
from desktop.domain.errors import StudioError
from desktop.services.secrets import SecretService
from desktop.ui import dialogs, tasks
from desktop.ui.pages.passphrase_sheet import ask_passphrase
from desktop.ui.pages.secret_rows import PlaceRow, SecretRow
from desktop.ui.tokens import SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import clear, column, frame, line, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

NOTHING = (
    "Keys of cloud accounts and of model providers come here when you connect one, and the keys "
    "that sign private videos. They never go into project files, logs or renders."
)

WORDS = "secrets keys passwords keyring passphrase credentials"
"""What the search of the page finds this part by, besides the names of secrets."""


class SecretsSection(QFrame):
    """Where secrets are kept and why, and each secret with Test and Delete."""

    def __init__(self, secrets: SecretService) -> None:
        super().__init__()
        self._secrets = secrets
        self._text = WORDS
        self.again = button("Check again", self.check, kind="quiet", glyph="arrow-clockwise")
        self._place = column(spacing=0)
        self._list = column(spacing=0)
        card = column(self._place, line(), self._list, spacing=0)
        head = row(label("Secrets", "subtitle"), None, self.again)
        self.setLayout(column(head, frame(card, "card"), spacing=SPACE_3))
        self.rows: tuple[SecretRow, ...] = ()
        self.place: PlaceRow | None = None
        self._place.addWidget(_padded(column(label("Looking…", "muted"))))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        tasks.start(self, self._show_all(), "list secrets")

    def matches(self, words: list[str]) -> bool:
        """Tell whether this part is about all ``words``."""
        return all(word in self._text for word in words)

    def check(self) -> None:
        """Try the keyring out, and keep for good what was only in memory."""
        self._do(self._check(), "try the keyring")

    async def _check(self) -> None:
        self.again.setEnabled(False)
        try:
            await self._show_all(await self._secrets.try_out())
        finally:
            self.again.setEnabled(True)

    async def _show_all(self, status: KeychainStatus | None = None) -> None:
        """Show everything as it is now; asks nobody for a password."""
        self._show_place(status or await self._secrets.status())
        self._show_secrets(await self._secrets.all())

    def _show_place(self, status: KeychainStatus) -> None:
        clear(self._place)
        self.place = PlaceRow(status, self._acts(status))
        self._place.addWidget(self.place)

    def _acts(self, status: KeychainStatus) -> dict[str, Callable[[], None]]:
        """Return what the person may do about the place, by the words of the button."""
        if status.passphrase is PassphraseState.NONE:
            return {} if status.keyring else {"Use a passphrase…": self._choose_passphrase}
        acts = {"Forget passphrase…": self._forget_passphrase}
        if status.passphrase is PassphraseState.LOCKED:
            return {"Unlock…": self._unlock, **acts}
        return acts

    def _choose_passphrase(self) -> None:
        async def work() -> None:
            if (passphrase := await ask_passphrase(self.window(), new=True)) is not None:
                await self._secrets.start_passphrase(passphrase)

        self._do(work(), "choose a passphrase")

    def _unlock(self) -> None:
        async def work() -> None:
            if (passphrase := await ask_passphrase(self.window(), new=False)) is not None:
                await self._secrets.unlock(passphrase)

        self._do(work(), "unlock secrets")

    def _forget_passphrase(self) -> None:
        async def work() -> None:
            text = "Every secret that it opens is deleted with it and has to be entered anew."
            if await self._sure("Forget the passphrase?", text, "Delete secrets"):
                await self._secrets.forget_passphrase()

        self._do(work(), "forget the passphrase")

    def _sure(self, title: str, text: str, accept: str) -> Coroutine[Any, Any, bool]:
        return dialogs.confirm(self.window(), title, text, accept, danger=True)

    def _show_secrets(self, infos: tuple[SecretInfo, ...]) -> None:
        before = {one.info: one for one in self.rows}
        self.rows = tuple(before.get(info) or SecretRow(info) for info in infos)
        for kept in self.rows:  # with what their test said
            self._list.removeWidget(kept)
        clear(self._list)
        for place, one in enumerate(self.rows):
            if place:
                self._list.addWidget(line())
            one.on_test, one.on_delete = self._test, self._delete
            self._list.addWidget(one)
        if not infos:
            self._list.addWidget(_nothing())
        names = " ".join(f"{info.name} {info.label}" for info in infos)
        self._text = f"{WORDS} {names}".casefold()

    def _test(self, one: SecretRow) -> None:
        async def work() -> None:
            try:
                await self._secrets.test(one.info.name)
            except StudioError as error:
                one.say(f"{error.title}. {error.remedy}", "danger")
            else:
                one.say("It is there and can be read.", "success")

        one.say("Reading…", "muted")
        tasks.start(one, work(), f"test {one.info.name}")

    def _delete(self, one: SecretRow) -> None:
        async def work() -> None:
            text = "Whatever uses it stops working until it is entered anew."
            if await self._sure(f"Delete “{one.title}”?", text, "Delete"):
                await self._secrets.delete(one.info.name)

        self._do(work(), f"delete {one.info.name}")

    def _do(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do something and show how things are afterwards, also when it fails."""

        async def whole() -> None:
            try:
                await work
            finally:
                await self._show_all()

        tasks.start(self, whole(), name)


def _nothing() -> QWidget:
    return _padded(
        column(label("No secrets yet", "strong"), label(NOTHING, "muted", wrap=True), spacing=2)
    )


def _padded(layout: QVBoxLayout) -> QFrame:
    layout.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
    return frame(layout)
