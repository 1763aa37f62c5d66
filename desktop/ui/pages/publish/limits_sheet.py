"""How much of the line transfers may take: always, at certain hours, and for each destination."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTimeEdit,
    QWidget,
)

from desktop.domain.transfers import Destination, Limits, RateWindow
from desktop.ui.dialogs import Sheet
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.labels import ElidedLabel, label

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MEGABYTE = 1_000_000
MOST = 10_000.0
"""Megabytes per second that can be entered."""

MOST_CONNECTIONS = 32


class RateField(QDoubleSpinBox):
    """Megabytes per second; nothing means no limit."""

    def __init__(self, name: str, rate: int = 0) -> None:
        super().__init__()
        self.setRange(0.0, MOST)
        self.setDecimals(1)
        self.setSuffix(" MB/s")
        self.setSpecialValueText("No limit")
        self.setAccessibleName(name)
        self.setFixedWidth(136)
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.setValue(rate / MEGABYTE)

    def rate(self) -> int:
        """Return bytes per second; 0 for no limit."""
        return round(self.value() * MEGABYTE)


class HoursRow(QFrame):
    """One line of the timetable: days, from, to, how fast."""

    removed = Signal()

    def __init__(self, window: RateWindow) -> None:
        super().__init__()
        self.days = [self._day(place, place in window.days) for place in range(7)]
        self.start = _time("From", window.start)
        self.end = _time("To", window.end)
        self.rate = RateField("Speed at these hours", window.rate)
        gone = tool_button("x", "Remove these hours", self.removed.emit)
        days = row(*self.days, spacing=2)
        self.setLayout(
            row(days, self.start, label("to", "muted"), self.end, self.rate, gone, None,
                spacing=SPACE_2)
        )  # fmt: skip

    def _day(self, place: int, on: bool) -> QPushButton:
        made = button(DAYS[place])
        made.setCheckable(True)
        made.setChecked(on)
        made.setFixedWidth(36)
        made.setStyleSheet("padding: 0")
        made.setAccessibleName(DAY_NAMES[place])
        made.setToolTip(DAY_NAMES[place])
        return made

    def window_of_rate(self) -> RateWindow:
        """Return what the line says."""
        days = tuple(place for place, made in enumerate(self.days) if made.isChecked())
        end = _minutes(self.end) or 24 * 60
        return RateWindow(days, _minutes(self.start), end, self.rate.rate())


def _time(name: str, minutes: int) -> QTimeEdit:
    made = QTimeEdit(QTime((minutes // 60) % 24, minutes % 60))
    made.setDisplayFormat("HH:mm")
    made.setAccessibleName(name)
    made.setFixedWidth(84)
    return made


def _minutes(field: QTimeEdit) -> int:
    at = field.time()
    return at.hour() * 60 + at.minute()


class LimitsSheet(Sheet):
    """Edits all limits at once; they count as soon as they are saved."""

    def __init__(
        self, parent: QWidget, limits: Limits, destinations: Sequence[Destination]
    ) -> None:
        self.rate = RateField("Speed of all transfers together", limits.rate)
        self.connections = QSpinBox()
        self.connections.setRange(0, MOST_CONNECTIONS)
        self.connections.setSpecialValueText("Automatic")
        self.connections.setValue(limits.connections)
        self.connections.setFixedWidth(136)
        self.connections.setAccessibleName("Connections at the same time")
        self.connections.lineEdit().setTextMargins(6, 0, 0, 0)
        own = dict(limits.destinations)
        self.destinations = {
            one.id: RateField(f"Speed to {one.name}", own.get(one.id, 0)) for one in destinations
        }
        self.hours: list[HoursRow] = []
        self._hours = column(spacing=SPACE_1)
        names = {one.id: one.name for one in destinations}
        super().__init__(
            parent, "Speed limits", self._general(), *self._per_destination(names),
            label("At certain hours", "section"), self._timetable(), width=740,
        )  # fmt: skip
        for window in limits.timetable:
            self.add_hours(window)
        self.add_buttons("Save")

    def _general(self) -> QFrame:
        lines = (
            ("All transfers together", "What others on this line need stays free.", self.rate),
            (
                "Connections",
                "Automatic measures how many are fastest. Fewer disturb others less.",
                self.connections,
            ),
        )
        return frame(column(*(_line(*one) for one in lines), spacing=SPACE_3))

    def _per_destination(self, names: dict[str, str]) -> list[QWidget]:
        if len(names) < 2:
            return []  # the same as the limit of all together
        lines = [
            row(ElidedLabel(names[key]), field, spacing=SPACE_3)
            for key, field in self.destinations.items()
        ]
        return [label("To each destination", "section"), frame(column(*lines, spacing=SPACE_1))]

    def _timetable(self) -> QFrame:
        area = QScrollArea()
        area.setWidget(frame(column(self._hours, None, spacing=0)))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area = area
        self.none = label("No hours yet: the speed above holds all day.", "muted")
        add = button("Add hours", partial(self.add_hours, WORKING_HOURS), kind="quiet",
                     glyph="plus")  # fmt: skip
        return frame(column(self.none, area, row(add, None), spacing=SPACE_2))

    def add_hours(self, window: RateWindow) -> None:
        """Add a line to the timetable."""
        made = HoursRow(window)
        made.removed.connect(partial(self._remove, made))
        self.hours.append(made)
        self._hours.addWidget(made)
        self._show_hours()

    def _remove(self, made: HoursRow) -> None:
        self.hours.remove(made)
        self._hours.removeWidget(made)
        made.hide()
        made.deleteLater()
        self._show_hours()

    def _show_hours(self) -> None:
        self.none.setVisible(not self.hours)
        self._area.setVisible(bool(self.hours))
        self._area.setFixedHeight(min(4, len(self.hours)) * 38 + 4)

    def limits(self) -> Limits:
        """Return what the person decided."""
        windows = [made.window_of_rate() for made in self.hours]
        return Limits(
            connections=self.connections.value(),
            rate=self.rate.rate(),
            destinations=tuple(
                (key, field.rate()) for key, field in self.destinations.items() if field.rate()
            ),
            timetable=tuple(window for window in windows if window.days),
        )


WORKING_HOURS = RateWindow((0, 1, 2, 3, 4), 9 * 60, 17 * 60, 2 * MEGABYTE)


def _line(title: str, text: str, field: QWidget) -> QFrame:
    words = column(label(title), label(text, "caption", wrap=True), spacing=1)
    layout = row(words, field, spacing=SPACE_3)
    layout.setStretch(0, 1)
    return frame(layout)
