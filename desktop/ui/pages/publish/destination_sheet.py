"""The sheet in which a destination is described, saved, and tried out at once."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.domain.errors import StudioError
from desktop.domain.transfers import Destination
from desktop.services.transfers import TransferService
from desktop.ui import dialogs, tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.pages.publish.check_words import Said, said_of
from desktop.ui.pages.publish.destination_fields import DestinationFields
from desktop.ui.tokens import SPACE_2
from desktop.ui.widgets.boxes import column, frame
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

WIDTH = 600


class DestinationSheet(Sheet):
    """Edits one destination; a new one that is given up again is not kept."""

    def __init__(
        self,
        parent: QWidget,
        transfers: TransferService,
        destination: Destination,
        profiles: Sequence[str],
        *,
        known: bool,
    ) -> None:
        self._transfers = transfers
        self._known = known
        self.saved: Destination | None = None
        self.fields = DestinationFields(destination, profiles, known=known)
        self.outcome = label("", "strong", wrap=True)
        self.words = label("", "muted", wrap=True)
        title = f"Edit “{destination.name}”" if known else "Where videos go"
        about = label(
            "A bucket of Amazon S3, or of any service that speaks S3. Keys are kept in your "
            "system's keyring, never in files.",
            "muted",
            wrap=True,
        )
        self._result = frame(column(self.outcome, self.words, spacing=2))
        super().__init__(parent, title, about, self.fields, SPACE_2, self._result, width=WIDTH)
        self._add_ends()
        self.fields.changed.connect(self._edited)
        self._edited()

    def _add_ends(self) -> None:
        self.keep = button("Keep it all the same", self._keep, kind="quiet")
        self.buttons.addWidget(self.keep)
        self.add_buttons("Save and check")
        self.keep.hide()
        self._result.hide()

    def _edited(self) -> None:
        self._result.hide()
        self.keep.hide()
        self.accept_button.setText("Save and check")
        problem = self.fields.problem()
        self.accept_button.setEnabled(not problem)
        self.accept_button.setToolTip(problem)

    @override
    def accept(self) -> None:
        """Save and check; when it works already, that was the end of it."""
        if self.accept_button.text() == "Done":
            super().accept()
        elif self.accept_button.isEnabled():
            tasks.start(self, self._try_out(), "check a destination")

    def _keep(self) -> None:
        super().accept()

    async def _try_out(self) -> None:
        self.accept_button.setEnabled(False)
        self._show(Said("muted", "Trying it out…"))
        try:
            said = await self._save_and_check()
        except StudioError as error:
            said = Said("danger", error.title, (error.detail, error.remedy))
        self._show(said)
        works = said.role != "danger"
        self.accept_button.setText("Done" if works else "Save and check again")
        self.accept_button.setEnabled(True)
        self.keep.setVisible(not works and self.saved is not None)

    async def _save_and_check(self) -> Said:
        destination = self.fields.destination()
        self.saved = await self._transfers.save_destination(destination, self.fields.keys())
        return said_of(await self._transfers.check(self.saved.id))

    def _show(self, said: Said) -> None:
        self.outcome.setText(said.title)
        self.outcome.setProperty("role", said.role)
        self.outcome.style().polish(self.outcome)
        self.words.setText("\n".join(filter(None, said.lines)))
        self.words.setVisible(any(said.lines))
        self._result.show()
        self.adjustSize()


async def edit_destination(
    parent: QWidget, transfers: TransferService, destination: Destination, *, known: bool
) -> Destination | None:
    """Let the person describe a destination; None when they give up."""
    profiles = await transfers.profiles()
    sheet = DestinationSheet(parent, transfers, destination, profiles, known=known)
    accepted = await dialogs.finished(sheet)
    if accepted:
        return sheet.saved
    if sheet.saved is not None and not known:
        await transfers.remove_destination(sheet.saved.id)
    return None
