"""Dialogs that are awaited: none of them nests an event loop.

A nested loop inside a task stops every other task for as long as it is open; ``open()`` and a
future do not.
"""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QWidget
from shiboken6 import isValid

from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_6
from desktop.ui.widgets.boxes import Item, column, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label


async def finished(dialog: QDialog) -> bool:
    """Open ``dialog`` over its parent and wait; true when it was accepted.

    The dialog is deleted afterwards, also when the waiting task is cancelled.
    """
    closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(result: int) -> None:
        if not closed.done():
            closed.set_result(result)

    dialog.finished.connect(end)
    dialog.open()
    try:
        return await closed == QDialog.DialogCode.Accepted
    finally:
        if isValid(dialog):
            dialog.hide()
            dialog.deleteLater()


class Sheet(QDialog):
    """A dialog in the style of the window: title, content, buttons at the right."""

    def __init__(self, parent: QWidget, title: str, *content: Item, width: int = 440) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(width)
        self.buttons = row(None, spacing=SPACE_2)
        layout = column(
            label(title, "title"),
            *content,
            SPACE_3,
            self.buttons,
            spacing=SPACE_3,
            margins=(SPACE_6,) * 4,
        )
        self.setLayout(layout)

    def add_buttons(self, accept: str, *, cancel: str = "Cancel", danger: bool = False) -> None:
        """Add the two ends of the dialog; Return accepts, Escape cancels."""
        self.accept_button = button(accept, self.accept, kind="danger" if danger else "primary")
        self.accept_button.setDefault(True)
        if cancel:
            self.buttons.addWidget(button(cancel, self.reject))
        self.buttons.addWidget(self.accept_button)


async def confirm(
    parent: QWidget, title: str, text: str, accept: str, *, danger: bool = False
) -> bool:
    """Ask before something that cannot be undone; everything else is done and offers undo."""
    sheet = Sheet(parent, title, label(text, "muted", wrap=True))
    sheet.add_buttons(accept, danger=danger)
    return await finished(sheet)


async def ask_text(
    parent: QWidget, title: str, name: str, text: str = "", accept: str = "Save"
) -> str | None:
    """Ask for one line; None when the person gives up. Empty lines are not accepted."""
    field = QLineEdit(text)
    field.setAccessibleName(name)
    sheet = Sheet(parent, title, label(name, "caption"), field)
    sheet.add_buttons(accept)
    field.textChanged.connect(lambda now: sheet.accept_button.setEnabled(bool(now.strip())))
    sheet.accept_button.setEnabled(bool(text.strip()))
    field.selectAll()
    field.setFocus()
    return field.text().strip() if await finished(sheet) else None


async def choose_files(parent: QWidget, title: str, patterns: str) -> tuple[Path, ...]:
    """Let the person choose files; ``patterns`` as in "Storyboards (*.md)", empty = gave up."""
    dialog = QFileDialog(parent, title, "", patterns)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return await _chosen(dialog)


async def choose_folder(parent: QWidget, title: str) -> Path | None:
    """Let the person choose a folder; None when they give up."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return next(iter(await _chosen(dialog)), None)


async def choose_target(parent: QWidget, title: str, name: str, patterns: str) -> Path | None:
    """Ask where to save a file called ``name``; asks itself before replacing one."""
    dialog = QFileDialog(parent, title, name, patterns)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    dialog.selectFile(name)
    return next(iter(await _chosen(dialog)), None)


async def _chosen(dialog: QFileDialog) -> tuple[Path, ...]:
    chosen: list[str] = []
    dialog.filesSelected.connect(chosen.extend)
    await finished(dialog)
    return tuple(Path(name) for name in chosen)
