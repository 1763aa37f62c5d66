"""What changed: two versions, or a version and the text as it is now, scene by scene."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from desktop.domain.changes import ChangeKind, Changes, SceneChange
from desktop.domain.library import Version
from desktop.ui.pages.studio.diff_view import DiffView
from desktop.ui.tokens import SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import clear, column, frame, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

NOW = 0
"""Stands for the text as it is now, where a version number is expected."""

CHIPS = {
    ChangeKind.EDITED: ("Edited", "warning"),
    ChangeKind.ADDED: ("Added", "success"),
    ChangeKind.REMOVED: ("Removed", "danger"),
    ChangeKind.MOVED: ("Moved", "muted"),
}

MOST_ROWS = 8
"""Scenes listed by name; more are counted."""


class ChangesPanel(QWidget):
    """Lets the person choose what is compared with what."""

    wanted = Signal(int, int)
    """Compare the older of two versions with the newer; ``NOW`` is the working text."""
    scene_wanted = Signal(str)
    """Go to a scene: its id."""

    def __init__(self) -> None:
        super().__init__()
        self.older, self.newer = _box("Compare from"), _box("Compare to")
        self.summary = label("", "muted", wrap=True)
        self.difference = DiffView()
        self._scenes = column(spacing=2)
        boxes = row(self.older, label("→", "muted"), self.newer, spacing=SPACE_2)
        boxes.setStretch(0, 1)
        boxes.setStretch(2, 1)
        self._choice = frame(boxes)
        head = column(self._choice, self.summary, self._scenes, spacing=SPACE_2)
        head.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_2)
        body = column(frame(head), self.difference, None, spacing=0)
        body.setStretch(1, 1000)  # all the room, unless it is hidden
        self.setLayout(body)
        for box in (self.older, self.newer):
            box.activated.connect(lambda *_: self._ask())

    def offer(self, versions: Sequence[Version], *, writable: bool) -> None:
        """Offer versions, newest first; what was chosen stays chosen while it exists."""
        older, newer = self.chosen()
        numbers = [version.number for version in versions]
        self._choice.setVisible(bool(numbers))
        with QSignalBlocker(self.older), QSignalBlocker(self.newer):
            self.older.clear()
            self.newer.clear()
            if writable and numbers:
                self.newer.addItem("Text now", NOW)
            for number in numbers:
                self.older.addItem(f"Version {number}", number)
                self.newer.addItem(f"Version {number}", number)
        self.choose(older if older in numbers else max(numbers, default=0), newer)

    def choose(self, older: int, newer: int) -> None:
        """Compare these two from now on."""
        with QSignalBlocker(self.older), QSignalBlocker(self.newer):
            self.older.setCurrentIndex(max(0, self.older.findData(older)))
            self.newer.setCurrentIndex(max(0, self.newer.findData(newer)))

    def chosen(self) -> tuple[int, int]:
        """Return the older and the newer that are chosen; (0, 0) without any version."""
        return int(self.older.currentData() or NOW), int(self.newer.currentData() or NOW)

    def _ask(self) -> None:
        older, newer = self.chosen()
        if older:
            self.wanted.emit(older, newer)

    def show_nothing(self, text: str) -> None:
        """Say why there is nothing to compare."""
        self.summary.setText(text)
        clear(self._scenes)
        self.difference.show_difference("")
        self.difference.hide()

    def show_changes(self, changes: Changes) -> None:
        """List the scenes that differ, and the lines."""
        differing = [one for one in changes.scenes if one.kind is not ChangeKind.SAME]
        self.summary.setText(_summary(differing, changes))
        clear(self._scenes)
        for change in differing[:MOST_ROWS]:
            self._scenes.addLayout(self._row(change))
        if len(differing) > MOST_ROWS:
            more = label(f"and {len(differing) - MOST_ROWS} more scenes", "caption")
            self._scenes.addWidget(more)
        self.difference.show_difference(changes.source_diff)
        self.difference.setVisible(bool(changes.source_diff))

    def _row(self, change: SceneChange) -> QHBoxLayout:
        word, role = CHIPS[change.kind]
        chip = label(word, role)
        chip.setFixedWidth(64)
        gone = change.kind is ChangeKind.REMOVED
        title: QWidget = label(change.title)
        if not gone:
            title = button(
                change.title, lambda: self.scene_wanted.emit(change.scene_id), kind="link"
            )
        return row(chip, title, None, spacing=SPACE_2)


def _summary(differing: Sequence[SceneChange], changes: Changes) -> str:
    if differing:
        same = len(changes.scenes) - len(differing)
        count = "1 scene differs" if len(differing) == 1 else f"{len(differing)} scenes differ"
        return f"{count}, {same} the same." if same else f"{count}."
    return "No scene differs, only the text around them." if changes.source_diff else "No changes."


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumWidth(96)
    return box
