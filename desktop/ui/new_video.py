"""The dialog that starts a new video: what it is made from, its title, its project."""

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QWidget,
)
from typing_extensions import override

from desktop.config.paths import resource_dir
from desktop.domain.library import Project, SourceKind
from desktop.ui.dialogs import Sheet
from desktop.ui.icons import icon, paint_icon
from desktop.ui.theme import text_font
from desktop.ui.tokens import CAPTION, RADIUS_LARGE, SPACE_3, tokens
from desktop.ui.widgets.boxes import frame
from desktop.ui.widgets.labels import label

FIRST_PROJECT = "My videos"


@dataclass(frozen=True, slots=True)
class Template:
    """One way to begin."""

    file: str
    """Name below ``resources/templates``."""
    name: str
    text: str
    glyph: str
    kind: SourceKind = SourceKind.STORYBOARD

    def source(self, title: str, folder: Path | None = None) -> str:
        """Return the first working text of a video called ``title``."""
        path = (folder or resource_dir() / "templates") / self.file
        text, plain = path.read_text(encoding="utf-8"), " ".join(title.split())
        if self.kind is SourceKind.MANIM:
            return text.replace("TITLE", plain.replace("\\", " ").replace('"', "'"))
        head, key, body = text.partition("title: TITLE")
        return head + key.replace("TITLE", _scalar(plain)) + body.replace("TITLE", plain)


def _scalar(text: str) -> str:
    """Quote what YAML would not take for plain text, such as a title with a colon."""
    if re.fullmatch(r"\w[\w ,.'!?()-]*", text):
        return text
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML one


TEMPLATES = (
    Template("blank.md", "Blank storyboard", "One scene to begin with", "file"),
    Template("concept.md", "Explain a concept", "Question, idea, example, summary", "lightbulb"),
    Template("proof.md", "Proof or derivation", "Formulas transformed line by line",
             "math-operations"),
    Template("code.md", "Code walk", "Code read step by step, an algorithm at work", "code"),
    Template("short.md", "Vertical short", "9:16, one idea in half a minute", "device-mobile"),
    Template("scene.py", "Manim file", "Scenes in Python, as Manim runs them", "brackets-curly",
             SourceKind.MANIM),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewVideo:
    """What the person decided."""

    title: str
    template: Template
    project_id: str | None
    """None makes a new project."""
    project_title: str = ""
    """Name of the new project."""


class NewVideoDialog(Sheet):
    """Asks how a new video begins."""

    def __init__(
        self, parent: QWidget, projects: tuple[Project, ...], project_id: str | None = None
    ) -> None:
        self.title = QLineEdit()
        self.title.setPlaceholderText("Untitled video")
        self.title.setAccessibleName("Title")
        self.project = QComboBox()
        self.project.setAccessibleName("Project")
        self._cards = [TemplateCard(template) for template in TEMPLATES]
        super().__init__(
            parent, "New video", self._grid(),
            label("Title", "caption"), self.title,
            label("Project", "caption"), self.project,
            width=640,
        )  # fmt: skip
        self._offer(projects, project_id)
        self.add_buttons("Create")
        self.title.setFocus()

    def _grid(self) -> QWidget:
        grid = QGridLayout()
        grid.setSpacing(SPACE_3)
        grid.setContentsMargins(0, 0, 0, 0)
        group = QButtonGroup(self.title)
        for place, card in enumerate(self._cards):
            group.addButton(card)
            grid.addWidget(card, place // 3, place % 3)
        self._cards[0].setChecked(True)
        return frame(grid)

    def _offer(self, projects: tuple[Project, ...], project_id: str | None) -> None:
        for project in projects:
            self.project.addItem(icon("folder"), project.title, project.id)
        self._new_project = _free_title([project.title for project in projects])
        self.project.addItem(icon("plus"), f"New project “{self._new_project}”", None)
        place = self.project.findData(project_id) if project_id else 0
        self.project.setCurrentIndex(max(0, place))

    def choose(self, template: Template) -> None:
        """Select a template, as a click on its card does."""
        for card in self._cards:
            if card.template == template:
                card.setChecked(True)

    def decision(self) -> NewVideo:
        """Return what the person decided."""
        card = next(card for card in self._cards if card.isChecked())
        chosen = self.project.currentData()
        title = self.title.text().strip() or "Untitled video"
        project_id = str(chosen) if chosen else None
        return NewVideo(title, card.template, project_id, self._new_project)


def _free_title(taken: Sequence[str]) -> str:
    """Return a name for a project that no other has."""
    names = (f"{FIRST_PROJECT} {number}" for number in itertools.count(2))
    return next(name for name in itertools.chain((FIRST_PROJECT,), names) if name not in taken)


class TemplateCard(QAbstractButton):
    """One template: icon, name, and what it is for."""

    def __init__(self, template: Template) -> None:
        super().__init__()
        self.template = template
        self.setText(template.name)
        self.setCheckable(True)
        self.setAccessibleName(f"{template.name}: {template.text}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMinimumSize(self.sizeHint())

    @override
    def sizeHint(self) -> QSize:
        return QSize(184, 112)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        marked = chosen or self.hasFocus()
        painter.setPen(scheme.color("accent_text" if marked else "border"))
        ground = "selected" if chosen else "hover" if self.underMouse() else "surface"
        painter.setBrush(scheme.color(ground))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), RADIUS_LARGE, RADIUS_LARGE)
        color = scheme.color("accent_text" if chosen else "muted")
        paint_icon(painter, QRect(14, 14, 24, 24), self.template.glyph, color)
        painter.setPen(scheme.color("text"))
        painter.setFont(text_font(weight=QFont.Weight.DemiBold))
        painter.drawText(QRect(14, 46, self.width() - 28, 20), 0, self.template.name)
        painter.setPen(scheme.color("muted"))
        painter.setFont(text_font(CAPTION))
        words = QRect(14, 66, self.width() - 28, 40)
        painter.drawText(words, Qt.TextFlag.TextWordWrap, self.template.text)
        painter.end()
