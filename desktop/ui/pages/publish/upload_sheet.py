"""What is about to be uploaded, and where to: decided before a byte moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QWidget

from desktop.domain.transfers import Destination
from desktop.services.gathering import Gathering
from desktop.ui.dialogs import Sheet
from desktop.ui.icons import icon
from desktop.ui.models.transfers_text import count, size
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import ElidedLabel, label
from desktop.ui.widgets.switch import Switch

NAMED, NAMED_OUT = 4, 3
"""Files named in the sheet, and of those that are left out; of more there is a count."""


@dataclass(frozen=True, slots=True)
class UploadChoice:
    """What the person decided."""

    destination: Destination
    prefix: str
    """Folder at the destination, with a slash at the end, or empty."""
    replace: bool


class UploadSheet(Sheet):
    """Asks where files go."""

    def __init__(
        self,
        parent: QWidget,
        found: Gathering,
        destinations: Sequence[Destination],
        *,
        fixed: bool = False,
    ) -> None:
        """``fixed`` says that the names at the destination are not for a person to choose."""
        self._destinations = {one.id: one for one in destinations}
        self._first = found.files[0].key
        self.destination = QComboBox()
        self.destination.setAccessibleName("Destination")
        for one in destinations:
            self.destination.addItem(icon("cloud"), one.name, one.id)
        self.prefix = QLineEdit()
        self.prefix.setAccessibleName("Folder at the destination")
        self.prefix.setPlaceholderText("Folder, such as lectures/2026; empty for none")
        self.replace = Switch("Replace what is there under the same name")
        self.preview = ElidedLabel("", "caption")
        folder = column(label("Folder", "caption"), self.prefix)
        self._folder = frame(folder)
        self._folder.setVisible(not fixed)
        super().__init__(
            parent, _title(found), _files(found), *_left_out(found),
            label("Destination", "caption"), self.destination, self._folder, self.preview,
            SPACE_1, self._replacing(), width=560,
        )  # fmt: skip
        self.add_buttons(f"Upload {count(len(found.files), 'file')}")
        self.prefix.textChanged.connect(lambda *_: self._show_address())
        self.destination.currentIndexChanged.connect(lambda *_: self._show_address())
        self._show_address()

    def _replacing(self) -> QFrame:
        words = column(
            label("Replace what is there under the same name"),
            label("Otherwise such files fail and say so; nothing is overwritten.", "caption"),
            spacing=1,
        )
        layout = row(self.replace, words, spacing=SPACE_3)
        layout.setStretch(1, 1)
        return frame(layout)

    def choose(self, destination_id: str) -> None:
        """Select a destination."""
        self.destination.setCurrentIndex(max(0, self.destination.findData(destination_id)))

    def choice(self) -> UploadChoice:
        """Return what the person decided."""
        destination = self._destinations[str(self.destination.currentData())]
        prefix = self.prefix.text().strip().strip("/")
        return UploadChoice(destination, f"{prefix}/" if prefix else "", self.replace.isChecked())

    def _show_address(self) -> None:
        chosen = self.choice()
        key = f"{chosen.destination.prefix}{chosen.prefix}{self._first}"
        self.preview.setText(f"Becomes s3://{chosen.destination.bucket}/{key}")


def _title(found: Gathering) -> str:
    return f"Upload {count(len(found.files), 'file')}, {size(found.size)}"


def _files(found: Gathering) -> QFrame:
    lines = column(spacing=SPACE_1)
    for one in found.files[:NAMED]:
        name = ElidedLabel(one.path.name)
        glyph = Glyph("file", "muted", 16)
        lines.addLayout(row(glyph, name, label(size(one.size), "muted"), spacing=SPACE_2))
    more = len(found.files) - NAMED
    if more > 0:
        lines.addWidget(label(f"and {count(more, 'more file')}", "muted"))
    lines.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
    return frame(lines, "card")


def _left_out(found: Gathering) -> list[QWidget]:
    """Return lines that say what is not uploaded, and why."""
    lines: list[QWidget] = [
        label(f"{one.path.name} stays here. {one.why}", "warning", wrap=True)
        for one in found.skipped[:NAMED_OUT]
    ]
    more = len(found.skipped) - NAMED_OUT
    if more > 0:
        lines.append(label(f"{count(more, 'more thing')} cannot be uploaded", "warning"))
    if found.hidden:
        lines.append(label(f"{count(found.hidden, 'hidden file')} left out", "caption"))
    return lines
