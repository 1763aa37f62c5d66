"""The left of the publish page: where things go, each with what a try of it showed."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea

from desktop.domain.transfers import Destination, DestinationCheck
from desktop.ui.pages.publish.check_words import Said, place_of, said_of
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import clear, column, frame, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.labels import ElidedLabel, label

NOTHING = "Buckets you upload to are listed here."


class DestinationRow(QFrame):
    """One destination: name, place, verdict; check, edit and remove."""

    def __init__(self, destination: Destination) -> None:
        super().__init__()
        self.destination = destination
        self.setProperty("surface", "card")
        self.setToolTip(place_of(destination))
        self.verdict = label("", "caption", wrap=True)
        self.verdict.hide()
        name = destination.name
        self.check = tool_button("heartbeat", f"Check {name}")
        self.edit = tool_button("pencil-simple", f"Edit {name}")
        self.remove = tool_button("trash", f"Remove {name}")
        for tool in (self.check, self.edit, self.remove):  # the name needs the room
            tool.setIconSize(QSize(16, 16))
            tool.setStyleSheet("padding: 3px")
        head = row(ElidedLabel(name, "strong"), self.check, self.edit, self.remove, spacing=0)
        head.setStretch(0, 1)
        self.setLayout(
            column(
                head, ElidedLabel(place_of(destination), "caption"), self.verdict,
                spacing=1, margins=(SPACE_3, SPACE_1, SPACE_1, SPACE_2),
            )
        )  # fmt: skip

    def say(self, said: Said) -> None:
        """Show a verdict."""
        self.verdict.setText(said.short)
        self.verdict.setToolTip(said.text)
        self.verdict.setProperty("role", said.role if said.role != "muted" else "caption")
        self.verdict.style().polish(self.verdict)
        self.verdict.show()


class Places(QFrame):
    """Lists destinations; asks for what shall be done with them."""

    add_wanted = Signal()
    check_wanted = Signal(object)
    edit_wanted = Signal(object)
    remove_wanted = Signal(object)
    remnants_wanted = Signal()
    limits_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "panel")
        self.setMinimumWidth(212)
        self.rows: tuple[DestinationRow, ...] = ()
        self._said: dict[str, Said] = {}
        self._list = column(spacing=SPACE_2)
        self.add = button("Add a destination…", self.add_wanted.emit, kind="quiet", glyph="plus")
        self.remnants = button(
            "Left at the service…", self.remnants_wanted.emit, kind="quiet", glyph="cloud-slash"
        )
        self.limits = button("Speed limits…", self.limits_wanted.emit, kind="quiet", glyph="gauge")
        area = QScrollArea()
        area.setWidget(frame(column(self._list, None, margins=(SPACE_3, 0, SPACE_3, 0))))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setStyleSheet("background: transparent")
        title = row(label("Destinations", "section"), None, margins=(SPACE_4, 0, SPACE_2, 0))
        foot = column(
            *(row(made, None) for made in (self.add, self.remnants, self.limits)),
            spacing=SPACE_1, margins=(SPACE_2, 0, SPACE_2, 0),
        )  # fmt: skip
        self.setLayout(column(title, area, foot, spacing=SPACE_2, margins=(0, SPACE_3, 0, SPACE_3)))
        self.show_destinations(())

    def show_destinations(self, destinations: Sequence[Destination]) -> None:
        """List them."""
        self.rows = tuple(DestinationRow(one) for one in destinations)
        clear(self._list)
        for made in self.rows:
            self._connect(made)
            self._list.addWidget(made)
            if (said := self._said.get(made.destination.id)) is not None:
                made.say(said)
        if not self.rows:
            self._list.addWidget(label(NOTHING, "muted", wrap=True))
        self.remnants.setEnabled(bool(self.rows))

    def _connect(self, made: DestinationRow) -> None:
        one = made.destination
        made.check.clicked.connect(lambda *_: self.check_wanted.emit(one))
        made.edit.clicked.connect(lambda *_: self.edit_wanted.emit(one))
        made.remove.clicked.connect(lambda *_: self.remove_wanted.emit(one))

    def show_checking(self, destination_id: str) -> None:
        """Say that a destination is being tried out."""
        self._say(destination_id, Said("muted", "Trying it out…"))

    def show_check(self, destination_id: str, check: DestinationCheck) -> None:
        """Show what a try of a destination showed."""
        self._say(destination_id, said_of(check))

    def show_problem(self, destination_id: str, text: str) -> None:
        """Say that a destination could not be tried out."""
        self._say(destination_id, Said("danger", text))

    def _say(self, destination_id: str, said: Said) -> None:
        self._said[destination_id] = said
        for made in self.rows:
            if made.destination.id == destination_id:
                made.say(said)
