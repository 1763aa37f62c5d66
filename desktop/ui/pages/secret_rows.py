"""How a place for secrets, and a secret that is there, look in the settings."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QPushButton

from desktop.config.keychain import KeychainStatus, PassphraseState, Place, SecretInfo
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import column, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import label

PLACES = {
    Place.KEYRING: "in the keyring",
    Place.SEALED: "in a sealed file, its key in the keyring",
    Place.PASSPHRASE: "in a file that your passphrase opens",
    Place.MEMORY: "in memory only",
}


@dataclass(frozen=True, slots=True)
class Words:
    """How a place is put to the person."""

    glyph: str
    role: str
    title: str
    text: str = ""


def words_for(status: KeychainStatus) -> Words:
    """Return where secrets are kept, in words."""
    if status.keyring:
        text = "Your system protects it with the password you sign in with."
        return Words("shield-check", "success", f"Kept in the {status.keyring}", text)
    if status.passphrase is PassphraseState.OPEN:
        return Words("shield-check", "success", "Kept in files that your passphrase opens")
    if status.passphrase is PassphraseState.LOCKED:
        return Words("lock", "warning", "Locked until you give your passphrase")
    text = "What you enter works now and is gone when Proofreel closes."
    return Words("warning", "warning", "Kept in memory only", text)


class PlaceRow(QFrame):
    """Where secrets are kept, why, and what can be done about it."""

    def __init__(self, status: KeychainStatus, acts: dict[str, Callable[[], None]]) -> None:
        super().__init__()
        said = words_for(status)
        self.buttons = {name: button(name, act) for name, act in acts.items()}
        remedy = status.remedy if status.passphrase is PassphraseState.NONE else ""
        text = column(label(said.title, "strong"), spacing=2)
        for sentence, role in ((said.text, "muted"), (status.reason, "muted"), (remedy, "")):
            if sentence:
                text.addWidget(label(sentence, role, wrap=True))
        if self.buttons:
            text.addSpacing(SPACE_2)
            text.addLayout(row(*self.buttons.values(), None))
        glyph = column(Glyph(said.glyph, said.role, 18), None)
        margins = (SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        layout = row(glyph, text, spacing=SPACE_3, margins=margins)
        layout.setStretch(1, 1)
        self.setLayout(layout)


class SecretRow(QFrame):
    """One secret: what it is, where it is kept and since when, Test and Delete."""

    def __init__(self, info: SecretInfo) -> None:
        super().__init__()
        self.info = info
        self.title = info.label or str(info.name)
        self.on_test: Callable[[SecretRow], None] = lambda _: None
        self.on_delete: Callable[[SecretRow], None] = lambda _: None
        self.outcome = label("", "caption", wrap=True)
        self.outcome.hide()
        self.test_button = self._button("Test", lambda: self.on_test(self))
        self.delete_button = self._button("Delete…", lambda: self.on_delete(self))
        words = column(
            label(self.title, "strong"), label(_about(info), "caption", wrap=True), spacing=2
        )
        words.addWidget(self.outcome)
        layout = row(
            words, self.test_button, self.delete_button,
            spacing=SPACE_2, margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3),
        )  # fmt: skip
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def _button(self, text: str, act: Callable[[], None]) -> QPushButton:
        made = button(text, act)
        made.setAccessibleName(f"{text.rstrip('…')} {self.title}")
        return made

    def say(self, text: str, role: str) -> None:
        """Show how a test went."""
        self.outcome.setText(text)
        self.outcome.setProperty("role", role)
        self.outcome.style().polish(self.outcome)
        self.outcome.show()


def _about(info: SecretInfo) -> str:
    parts = [str(info.name)] if info.label else []
    parts.append(PLACES[info.place])
    if info.saved is not None:
        parts.append(f"since {info.saved.astimezone():%Y-%m-%d %H:%M}")
    return " · ".join(parts)
