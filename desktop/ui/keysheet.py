"""The sheet of all shortcuts, made from the registry of actions."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QScrollArea, QWidget

from desktop.ui.actions import MENUS, Action, ActionRegistry
from desktop.ui.dialogs import Sheet
from desktop.ui.tokens import SPACE_2, SPACE_4, SPACE_6
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.labels import key_cap, label

OTHER = "Elsewhere"
COLUMNS = 2


class KeySheet(Sheet):
    """Every action that has a shortcut, by menu, with a search field."""

    def __init__(self, parent: QWidget, registry: ActionRegistry) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search shortcuts")
        self.search.setAccessibleName("Search shortcuts")
        self.search.setClearButtonEnabled(True)
        self._groups = [
            KeyGroup(name, actions) for name, actions in grouped(registry).items() if actions
        ]
        super().__init__(parent, "Keyboard shortcuts", self.search, self._area(), width=760)
        self.add_buttons("Close", cancel="")
        self.search.textChanged.connect(self._filter)
        self.search.setFocus()

    def _area(self) -> QWidget:
        columns = [column(spacing=SPACE_6) for _ in range(COLUMNS)]
        heights = [0] * COLUMNS
        for group in self._groups:
            shortest = heights.index(min(heights))
            columns[shortest].addWidget(group)
            heights[shortest] += group.sizeHint().height()
        for one in columns:
            one.addStretch(1)
        content = frame(row(*columns, spacing=SPACE_6, margins=(0, 0, SPACE_4, 0)))
        area = QScrollArea()
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setMinimumWidth(content.sizeHint().width() + SPACE_4)  # never cut keys off
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setMinimumHeight(min(460, max(heights) + SPACE_6))
        return area

    def _filter(self, text: str) -> None:
        for group in self._groups:
            group.filter(text.strip().casefold())


def grouped(registry: ActionRegistry) -> dict[str, list[Action]]:
    """Return the actions that have a shortcut, by menu, in the order of the menu bar."""
    groups: dict[str, list[Action]] = {name: [] for name in (*MENUS, OTHER)}
    for declared, _ in registry.all():
        if declared.keys and declared.keys[0]:
            groups[declared.menu or OTHER].append(declared)
    return groups


class KeyGroup(QFrame):
    """The shortcuts of one menu."""

    def __init__(self, name: str, actions: list[Action]) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_4)
        grid.setVerticalSpacing(SPACE_2)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        self._lines: list[tuple[str, tuple[QWidget, ...]]] = []
        for place, declared in enumerate(actions):
            text = label(declared.text.removesuffix("…"))
            keys = frame(row(*(key_cap(keys) for keys in declared.keys), spacing=4))
            grid.addWidget(text, place, 0)
            grid.addWidget(keys, place, 1, Qt.AlignmentFlag.AlignRight)
            words = f"{declared.text} {' '.join(declared.keys)}".casefold()
            self._lines.append((words, (text, keys)))
        self._title: QLabel = label(name, "section")
        self.setLayout(column(self._title, grid, spacing=SPACE_2))

    def filter(self, text: str) -> None:
        """Show only lines that contain ``text``; hide the group when none does."""
        shown = [text in words for words, _ in self._lines]
        for (_, widgets), visible in zip(self._lines, shown, strict=True):
            for widget in widgets:
                widget.setVisible(visible)
        self.setVisible(any(shown))
