"""Controls for single values, chosen by the type and limits of a declared option."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget
from typing_extensions import override

from desktop.ui.widgets.switch import Switch

WIDTH = 160

Changed = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class Editor:
    """A control and how to read and write its value."""

    widget: QWidget
    read: Callable[[], object]
    write: Callable[[Any], None]

    def show(self, value: object) -> None:
        """Write a value without telling anybody that it changed."""
        before = self.widget.blockSignals(True)
        self.write(value)
        self.widget.blockSignals(before)


class _WheelGuard(QObject):
    """Keeps a scrolled page from changing the values that pass under the pointer."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and not (
            isinstance(watched, QWidget) and watched.hasFocus()
        ):
            event.ignore()
            return True
        return False


def editor_for(field: "dataclasses.Field[Any]", value: Any, changed: Changed) -> Editor:  # noqa: ANN401 - any type of setting
    """Return the control for an option as ``config.settings.option`` declares it."""
    made = _make(field, value)
    made.widget.setAccessibleName(field.metadata["label"])
    made.show(value)
    _connect(made, changed)
    made.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.widget.installEventFilter(_WheelGuard(made.widget))
    return made


def _make(field: "dataclasses.Field[Any]", value: object) -> Editor:
    limits = field.metadata.get("limits") or (-1e9, 1e9)
    if field.metadata.get("choices"):
        return _choice(field.metadata["choices"])
    if isinstance(value, bool):
        switch = Switch(field.metadata["label"])
        return Editor(switch, switch.isChecked, switch.setChecked)
    if isinstance(value, int):
        return _whole_number(int(limits[0]), int(limits[1]))
    if isinstance(value, float):
        return _number(*limits)
    text = QLineEdit()
    text.setFixedWidth(WIDTH * 2)
    return Editor(text, text.text, text.setText)


def _choice(choices: tuple[str, ...]) -> Editor:
    box = QComboBox()
    box.setFixedWidth(WIDTH)
    for choice in choices:
        box.addItem(choice.capitalize(), choice)
    return Editor(box, box.currentData, lambda value: box.setCurrentIndex(box.findData(value)))


def _whole_number(lowest: int, highest: int) -> Editor:
    box = QSpinBox()
    box.setRange(lowest, highest)
    return _spinning(box)


def _number(lowest: float, highest: float) -> Editor:
    box = QDoubleSpinBox()
    box.setRange(lowest, highest)
    box.setDecimals(1)
    box.setSingleStep(0.1 if highest <= 10 else 1)
    return _spinning(box)


def _spinning(box: QSpinBox | QDoubleSpinBox) -> Editor:
    box.setKeyboardTracking(False)
    box.setFixedWidth(WIDTH)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    return Editor(box, box.value, box.setValue)


def _connect(made: Editor, changed: Changed) -> None:
    widget = made.widget
    if isinstance(widget, Switch):
        widget.toggled.connect(changed)
    elif isinstance(widget, QComboBox):
        widget.currentIndexChanged.connect(lambda *_: changed(widget.currentData()))
    elif isinstance(widget, QSpinBox | QDoubleSpinBox):
        widget.valueChanged.connect(changed)
    elif isinstance(widget, QLineEdit):
        widget.editingFinished.connect(lambda: changed(widget.text()))
