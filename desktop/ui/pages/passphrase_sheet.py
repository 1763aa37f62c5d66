"""Asking for a passphrase: a new one twice, a known one once; it goes straight into a secret."""

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.config.keychain import SHORTEST_PASSPHRASE, Secret
from desktop.ui import dialogs
from desktop.ui.dialogs import Sheet
from desktop.ui.widgets.labels import label

CHOOSING = (
    "Secrets are then kept in encrypted files on this computer. Proofreel asks for the passphrase "
    "once after each start. Nobody can recover a forgotten one: the secrets behind it would have "
    "to be entered anew."
)


class PassphraseSheet(Sheet):
    """One or two hidden fields, and a sentence that says what is still missing."""

    def __init__(self, parent: QWidget, *, new: bool) -> None:
        self.first, self.again = _field("Passphrase"), _field("Passphrase again")
        self._new = new
        self._missing = label("", "caption", wrap=True)
        fields: list[QWidget] = [label("Passphrase", "caption"), self.first]
        if new:
            words = label(CHOOSING, "muted", wrap=True)
            fields = [words, *fields, label("Once more", "caption"), self.again, self._missing]
        super().__init__(parent, "Choose a passphrase" if new else "Unlock secrets", *fields)
        self.add_buttons("Use passphrase" if new else "Unlock")
        for field in (self.first, self.again):
            field.textChanged.connect(self._look)
        self._look()
        self.first.setFocus()

    def _look(self) -> None:
        first, again = self.first.text(), self.again.text()
        missing = ""
        if self._new and len(first) < SHORTEST_PASSPHRASE:
            missing = f"At least {SHORTEST_PASSPHRASE} characters; four words do well."
        elif self._new and first != again:
            missing = "The two are not the same yet." if again else "Type it once more."
        self._missing.setText(missing or "Both are the same.")
        self.accept_button.setEnabled(bool(first) and not missing)

    def take(self) -> Secret:
        """Return what was typed and empty the fields."""
        typed = Secret(self.first.text())
        self.first.clear()
        self.again.clear()
        return typed


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    return field


async def ask_passphrase(parent: QWidget, *, new: bool) -> Secret | None:
    """Ask for a passphrase; None when the person gives up."""
    sheet = PassphraseSheet(parent, new=new)
    taken: list[Secret] = []
    sheet.accepted.connect(lambda: taken.append(sheet.take()))
    return taken[0] if await dialogs.finished(sheet) else None
