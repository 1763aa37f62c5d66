"""The settings page, made from the declarations in ``config.settings`` and saved at once."""

import dataclasses
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from desktop.config.settings import Settings
from desktop.services.consent import ConsentService
from desktop.services.environment import EnvironmentService
from desktop.services.secrets import SecretService
from desktop.services.settings import SettingsService
from desktop.services.values import Check, CheckState
from desktop.ui import tasks
from desktop.ui.pages.settings_allowed import AllowedSection
from desktop.ui.pages.settings_secrets import SecretsSection
from desktop.ui.preferences import Preferences
from desktop.ui.shell import Shell
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6, SPACE_8
from desktop.ui.widgets.boxes import clear, column, frame, line, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.editors import Editor, editor_for
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import label

WIDTH = 760


class SettingsPage(QWidget):
    """All settings by section and a search field; secrets, allowed code, this computer."""

    def __init__(
        self,
        settings: SettingsService,
        secrets: SecretService,
        consent: ConsentService,
        environment: EnvironmentService,
        shell: Shell,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self._settings = settings
        preferences = Preferences(settings, self)
        self.search = QLineEdit()
        self.sections = [
            Section(field.name, field.metadata["label"], getattr(settings.current, field.name))
            for field in dataclasses.fields(Settings)
        ]
        self.sections = [section for section in self.sections if section.rows]
        self.secrets = SecretsSection(secrets)
        self.allowed = AllowedSection(consent)
        self.environment = EnvironmentSection(environment)
        self._nothing = label("No setting matches. Try other words.", "muted")
        self._build()
        for section in self.sections:
            section.changed = preferences.change
        shell.bridge.settings_changed.connect(self._show_values)

    def _build(self) -> None:
        self.search.setPlaceholderText("Search settings")
        self.search.setAccessibleName("Search settings")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(260)
        self.search.textChanged.connect(self._filter)
        self._nothing.hide()
        head = row(label("Settings", "heading"), None, self.search)
        body = frame(
            column(
                head, self._nothing, *self.sections, self.secrets, self.allowed,
                self.environment, None,
                spacing=SPACE_6, margins=(SPACE_6, SPACE_8, SPACE_6, SPACE_8),
            )
        )  # fmt: skip
        body.setMaximumWidth(WIDTH)
        area = QScrollArea()
        area.setWidget(frame(row(body)))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        self.setLayout(column(area))

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        shown = [section.filter(words) for section in self.sections]
        for part in (self.secrets, self.allowed, self.environment):
            part.setVisible(not words or part.matches(words))
            shown.append(not part.isHidden())
        self._nothing.setVisible(not any(shown))

    def _show_values(self) -> None:
        for section in self.sections:
            section.show_values(getattr(self._settings.current, section.name))

    def show_environment(self) -> None:
        """Scroll to the state of this computer and look at it anew."""
        self.search.clear()
        area = self.findChild(QScrollArea)
        if area is not None:
            area.ensureWidgetVisible(self.environment)
        self.environment.check()


class Section(QFrame):
    """The settings of one section as a card of rows."""

    def __init__(self, name: str, title: str, values: Any) -> None:  # noqa: ANN401 - any section
        super().__init__()
        self.name = name
        self.changed: Callable[[str, str, object], None] = lambda *_: None
        self.rows = [
            SettingRow(field, getattr(values, field.name), self._row_changed)
            for field in dataclasses.fields(values)
            if not field.metadata.get("hidden")
        ]
        card: QVBoxLayout = column(spacing=0)
        for place, setting in enumerate(self.rows):
            if place:
                card.addWidget(line())
            card.addWidget(setting)
        self._title = title
        self.setLayout(column(label(title, "subtitle"), frame(card, "card"), spacing=SPACE_3))

    def _row_changed(self, field: str, value: object) -> None:
        self.changed(self.name, field, value)

    def show_values(self, values: object) -> None:
        """Show values that were changed elsewhere."""
        for setting in self.rows:
            setting.show_value(getattr(values, setting.field.name))

    def filter(self, words: list[str]) -> bool:
        """Show the rows that contain all words; false when there is none."""
        for setting in self.rows:
            setting.setVisible(setting.matches([*words], self._title))
        found = any(not setting.isHidden() for setting in self.rows)
        self.setVisible(found)
        return found


class SettingRow(QFrame):
    """One setting: label, help, editor, and the way back to its default."""

    def __init__(
        self, field: "dataclasses.Field[Any]", value: object, changed: Callable[[str, object], None]
    ) -> None:
        super().__init__()
        self.field = field
        self._changed = changed
        title, text = field.metadata["label"], field.metadata["help"]
        self.editor: Editor = editor_for(field, value, self._edited)
        self._reset = tool_button(
            "arrow-counter-clockwise", f"Back to the default of “{title}”", self.reset
        )
        policy = self._reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(policy)
        words = column(label(title, "strong"), spacing=2)
        if text:
            words.addWidget(label(text, "caption", wrap=True))
        self.setLayout(
            row(
                words, self._reset, self.editor.widget,
                spacing=SPACE_3, margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3),
            )
        )  # fmt: skip
        self._mark(value)

    def _edited(self, value: object) -> None:
        self._mark(value)
        self._changed(self.field.name, value)

    def _mark(self, value: object) -> None:
        self._reset.setVisible(value != self.field.default)

    def reset(self) -> None:
        """Return to the default."""
        self.show_value(self.field.default)
        self._edited(self.field.default)

    def show_value(self, value: object) -> None:
        """Show a value without saving it again."""
        if self.editor.read() != value:
            self.editor.show(value)
        self._mark(value)

    def matches(self, words: list[str], section: str) -> bool:
        """Tell whether label, help or section contain all ``words``."""
        metadata = self.field.metadata
        text = f"{metadata['label']} {metadata['help']} {section}".casefold()
        return all(word in text for word in words)


MARKS = {
    CheckState.OK: ("check-circle", "success"),
    CheckState.WARNING: ("warning", "warning"),
    CheckState.ERROR: ("x-circle", "danger"),
}


class EnvironmentSection(QFrame):
    """What this computer can do, looked at when it is shown the first time."""

    def __init__(self, environment: EnvironmentService) -> None:
        super().__init__()
        self._environment = environment
        self._looked = False
        self._text = "this computer check environment"
        self._again = button("Check again", self.check, kind="quiet", glyph="arrow-clockwise")
        self._list = column(spacing=SPACE_2, margins=(SPACE_4, SPACE_3, SPACE_4, SPACE_3))
        head = row(label("This computer", "subtitle"), None, self._again)
        self.setLayout(column(head, frame(self._list, "card"), spacing=SPACE_3))
        self._list.addWidget(label("Looking…", "muted"))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._looked:
            self.check()

    def check(self) -> None:
        """Look again; the rows appear when the look is complete (seconds)."""
        if self._again.isEnabled():
            self._looked = True
            self._again.setEnabled(False)
            tasks.start(self, self._look(), "environment report")

    def matches(self, words: list[str]) -> bool:
        """Tell whether a finding contains all ``words``."""
        return all(word in self._text for word in words)

    async def _look(self) -> None:
        try:
            report = await self._environment.report()
        finally:
            self._again.setEnabled(True)
        clear(self._list)
        for check in report:
            self._list.addWidget(_check_row(check))
        self._text = " ".join(f"{check.name} {check.detail}" for check in report).casefold()


def _check_row(check: Check) -> QWidget:
    glyph, role = MARKS[check.state]
    picture = Glyph(glyph, role, 18)
    picture.setAccessibleName(check.state.value)
    name = label(check.name, "strong")
    name.setFixedWidth(140)
    words = column(label(check.detail, "muted", wrap=True), spacing=2)
    if check.remedy:
        words.addWidget(label(check.remedy, wrap=True))
    layout = row(picture, name, words, spacing=SPACE_3)
    layout.setStretch(2, 1)
    layout.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
    layout.setAlignment(name, Qt.AlignmentFlag.AlignTop)
    return frame(layout)
