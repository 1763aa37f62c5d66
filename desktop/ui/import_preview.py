"""What an import would do, file by file, before anything is done."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLabel, QScrollArea, QWidget
from typing_extensions import override

from desktop.domain.library import Project
from desktop.services.values import ImportAction, ImportItem, ImportPlan
from desktop.ui.dialogs import Sheet
from desktop.ui.icons import icon
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import ElidedLabel, label

LIST_WIDTH = 560

KNOWN = (
    "Proofreel imports storyboards (.md), Manim files (.py), videos (.mp4, .mov, .webm, .mkv, "
    ".avi) and folders that contain them."
)

GLYPHS = {
    ImportAction.STORYBOARD: "file-text",
    ImportAction.MANIM: "brackets-curly",
    ImportAction.FOOTAGE: "film-strip",
    ImportAction.ASSET: "image",
    ImportAction.SKIP: "prohibit",
}


class ImportPreview(Sheet):
    """Lists the files of a plan; the person unticks what should stay out."""

    def __init__(self, parent: QWidget, plan: ImportPlan, projects: tuple[Project, ...]) -> None:
        self._plan = plan
        self._rows = [ItemRow(item) for item in plan.items]
        self.project = QComboBox()
        self.project.setAccessibleName("Project the videos go to")
        _offer_projects(self.project, plan, projects)
        self._usable = any(item.action is not ImportAction.SKIP for item in plan.items)
        super().__init__(parent, "Import", self._summary(), self._list(), self._foot(), width=640)
        self._add_ends()
        for line in self._rows:
            line.changed.connect(self._count)
        self._count()

    def _add_ends(self) -> None:
        """Offer to import, or only to close when there is nothing that could be."""
        if self._usable:
            self.add_buttons("Import")
        else:
            self.add_buttons("Close", cancel="")

    def _summary(self) -> QLabel:
        count = len(self._plan.items)
        files = "1 file was" if count == 1 else f"{count:,} files were"
        end = "Nothing has been copied yet." if self._usable else "None can be imported."
        more = " There are more: import the rest folder by folder." if self._plan.more else ""
        return label(f"{files} looked at.{more} {end}", "muted", wrap=True)

    def _list(self) -> QWidget:
        area = QScrollArea()
        area.setWidget(frame(column(*self._rows, None, spacing=SPACE_1)))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        height = sum(line.height_at(LIST_WIDTH) + SPACE_1 for line in self._rows)
        area.setFixedHeight(min(360, height + SPACE_2))
        return area

    def _foot(self) -> QWidget:
        into = frame(row(label("Into", "muted"), self.project, None, spacing=SPACE_3))
        self.code = label("", "muted", wrap=True)
        known = label(KNOWN, "muted", wrap=True)
        into.setVisible(self._usable)
        known.setVisible(not self._usable)
        return frame(column(into, self.code, known, spacing=SPACE_1))

    @override
    def accept(self) -> None:
        # Return in a dialog that offers nothing closes it like Escape does.
        if self._accepted():
            super().accept()
        else:
            self.reject()

    def _accepted(self) -> int:
        return sum(item.accepted for item in self.plan().items)

    def _count(self) -> None:
        if not self._usable:
            return
        count = self._accepted()
        things = "1 item" if count == 1 else f"{count:,} items"
        self.accept_button.setText(f"Import {things}" if count else "Nothing to import")
        self.accept_button.setEnabled(count > 0)
        coded = sum(item.accepted and item.runs_code for item in self.plan().items)
        self.code.setText(_about_code(coded))
        self.code.setVisible(coded > 0)

    def plan(self) -> ImportPlan:
        """Return the plan as the person left it."""
        return replace(self._plan, items=tuple(line.item() for line in self._rows))

    def project_id(self) -> str | None:
        """Return the project the person chose; None makes a new one."""
        chosen = self.project.currentData()
        return str(chosen) if chosen else None


def _about_code(count: int) -> str:
    files = "One file brings code." if count == 1 else f"{count:,} files bring code."
    return f"{files} Importing runs none of it; you will be asked before it runs."


def _offer_projects(box: QComboBox, plan: ImportPlan, projects: tuple[Project, ...]) -> None:
    box.addItem(icon("plus"), f"New project “{plan.project_title}”", None)
    for project in projects:
        box.addItem(icon("folder"), project.title, project.id)
    box.setMinimumWidth(280)


class ItemRow(QFrame):
    """One file: tick, kind, title, what it is, and what is wrong with it."""

    changed = Signal()

    def __init__(self, item: ImportItem) -> None:
        super().__init__()
        self._item = item
        self.setProperty("surface", "card")
        self.setToolTip(str(item.path))
        self.tick = QCheckBox()
        self.tick.setAccessibleName(f"Import {item.title}")
        self.tick.setChecked(item.accepted)
        self.tick.setEnabled(item.action is not ImportAction.SKIP)
        self.tick.toggled.connect(lambda *_: self.changed.emit())
        picture = Glyph(GLYPHS[item.action], "warning" if item.problem else "muted", 20)
        words = column(ElidedLabel(item.title, "strong"), spacing=2)
        if item.detail:
            words.addWidget(ElidedLabel(item.detail, "caption"))
        if item.problem:
            sentence = item.problem.replace("line ", "Line ", item.problem.startswith("line "))
            words.addWidget(label(sentence, "warning", wrap=True))
        self.setLayout(
            row(
                self.tick,
                picture,
                words,
                spacing=SPACE_3,
                margins=(SPACE_3, SPACE_2, SPACE_3, SPACE_2),
            )
        )

    def height_at(self, width: int) -> int:
        """Return the height this row needs when it is ``width`` pixels wide."""
        layout = self.layout()
        wraps = layout is not None and layout.hasHeightForWidth()
        return layout.heightForWidth(width) if layout and wraps else self.sizeHint().height()

    def item(self) -> ImportItem:
        """Return the item with the person's decision."""
        return replace(self._item, accepted=self.tick.isChecked() and self.tick.isEnabled())
