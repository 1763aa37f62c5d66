"""The middle of the studio: the text of the video, the Manim code made of it, what is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QTabBar, QWidget
from typing_extensions import override

from desktop.domain.library import SourceKind
from desktop.services.values import OutlineScene
from desktop.ui.actions import Action
from desktop.ui.editor.source_editor import SourceEditor
from desktop.ui.pages.studio.problem_list import ProblemList
from desktop.ui.tokens import SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import column, frame, line, row
from desktop.ui.widgets.labels import ElidedLabel

TEXT, CODE = 0, 1

NO_CODE = "# The code of this scene appears here once its text has no errors.\n"


class EditorArea(QFrame):
    """Text and code as two tabs; a Manim file is its own code and has one."""

    code_wanted = Signal()
    """The tab with the code was opened: ``show_code`` tells what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "panel")
        self.editor = SourceEditor()
        self.code = SourceEditor()
        self.code.set_read_only(True)
        self.problems = ProblemList()
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Text or code")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.hint = ElidedLabel("", "caption")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.editor)
        self._pages.addWidget(self._code_page())
        self.tabs.currentChanged.connect(self._turn)
        body = column(row(self.tabs, None), line(), self._pages, self.problems, spacing=0)
        body.setStretch(2, 1)
        self.setLayout(body)

    def _code_page(self) -> QWidget:
        bar = frame(row(self.hint, margins=(SPACE_3, SPACE_2, SPACE_3, SPACE_2)))
        return frame(column(bar, self.code, spacing=0), "panel")

    def begin(self, text: str, kind: SourceKind) -> None:
        """Show the text of another video."""
        storyboard = kind is SourceKind.STORYBOARD
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            self.tabs.addTab("Storyboard" if storyboard else "Manim file")
            if storyboard:
                self.tabs.addTab("Manim code")
        self._turn(TEXT)
        self.problems.show_problems(())
        self.editor.load(text, kind)
        self.show_code(None)

    @property
    def code_shown(self) -> bool:
        """Whether the tab with the code is open."""
        return self._pages.currentIndex() == CODE

    def show_text(self) -> None:
        """Open the tab with the text."""
        self.tabs.setCurrentIndex(TEXT)

    def show_line(self, line: int) -> None:
        """Bring a line of the text into view, without taking the keyboard from anybody."""
        area = self.editor.area
        area.setTextCursor(area.cursor_at(line, 1))
        area.centerCursor()
        area.light_up_line()

    @override
    def actions(self) -> Sequence[Action]:  # type: ignore[override]  # the registry's, not Qt's
        """Return what can be done in the text or, while that is shown, in the code."""
        pairs = zip(self.editor.actions(), self.code.actions(), strict=True)
        return [replace(one, run=self._in_sight(one, other)) for one, other in pairs]

    def _in_sight(self, of_text: Action, of_code: Action) -> Callable[[], object]:
        def run() -> None:
            (of_code if self.code_shown else of_text).run()

        return run

    def show_code(self, scene: OutlineScene | None) -> None:
        """Show what a scene was compiled to."""
        text = scene.code if scene is not None and scene.code else NO_CODE
        name = f"Made from “{scene.title}”, renders with plain Manim" if scene else ""
        self.hint.setText(name)
        if text != self.code.text():
            self.code.load(text, SourceKind.MANIM, keep_place=True)

    def _turn(self, tab: int) -> None:
        self._pages.setCurrentIndex(max(tab, TEXT))
        if tab == CODE:
            self.code_wanted.emit()
