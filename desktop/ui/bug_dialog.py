"""What a person sees when Proofreel itself is at fault, or was when it ended the last time."""

import platform
import traceback

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

import desktop
from desktop.config.redaction import redact
from desktop.services.crashes import CrashService
from desktop.ui.dialogs import Sheet
from desktop.ui.theme import code_font
from desktop.ui.tokens import CAPTION
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label


def details_of(error: BaseException) -> str:
    """Return what a developer needs to know, as text: versions and trace, no secrets."""
    about = f"Proofreel {desktop.__version__}, Python {platform.python_version()}"
    trace = redact("".join(traceback.format_exception(error)))
    return f"{about}, {platform.platform()}\n\n{trace}"


class BugDialog(Sheet):
    """Says that something went wrong that nobody foresaw, and offers the details to copy."""

    def __init__(self, parent: QWidget, title: str, text: str, details: str) -> None:
        trace = QPlainTextEdit(details)
        trace.setReadOnly(True)
        trace.setAccessibleName("Details")
        trace.setFont(code_font(CAPTION))
        trace.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        trace.setMinimumHeight(220)
        super().__init__(parent, title, label(text, "muted", wrap=True), trace, width=640)
        self.details = trace
        self.copy_button = button("Copy details", self.copy, glyph="copy")
        self.buttons.insertWidget(0, self.copy_button)
        self.add_buttons("Keep working", cancel="")

    def add(self, details: str) -> None:
        """Append a further failure instead of opening a second dialog."""
        self.details.appendPlainText(f"\n---\n{details}")

    def copy(self) -> None:
        """Put the details on the clipboard."""
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        self.copy_button.setText("Copied")


def offer_crash_report(parent: QWidget, crashes: CrashService) -> None:
    """Show what an earlier run left behind when it crashed; once."""
    report = crashes.previous()
    if report is None:
        return
    dialog = BugDialog(
        parent,
        "Proofreel ended unexpectedly the last time",
        f"It stopped on {report.when}. Everything saved up to then is here. The details help "
        "whoever repairs it.",
        report.text,
    )
    dialog.finished.connect(crashes.dismiss)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
