"""The editor of a video's source: what a page needs of it, and nothing about pages."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.domain.errors import Problem
from desktop.domain.library import SourceKind
from desktop.ui.actions import Action
from desktop.ui.editor import editing
from desktop.ui.editor.brackets import bracket_marks
from desktop.ui.editor.colors import syntax
from desktop.ui.editor.editor_actions import editor_actions
from desktop.ui.editor.exact_text import Disguise, with_plain_ends
from desktop.ui.editor.find_bar import FindBar
from desktop.ui.editor.marks import Layer
from desktop.ui.editor.problem_marks import ProblemMarks, explain
from desktop.ui.editor.python_highlighter import PythonHighlighter
from desktop.ui.editor.search import Search
from desktop.ui.editor.sliced_highlighter import SlicedHighlighter
from desktop.ui.editor.storyboard_highlighter import StoryboardHighlighter
from desktop.ui.editor.text_area import TextArea
from desktop.ui.editor.tips import show_tip
from desktop.ui.tokens import BODY
from desktop.ui.widgets.boxes import column, line


class SourceEditor(QWidget):
    """Edits one storyboard or Manim file at a time."""

    edited = Signal()
    """The person changed the text."""
    line_changed = Signal(int)
    """The cursor is on another line, 1-based."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = TextArea()
        self.find_bar = FindBar()
        self.search = Search(self.area, self.find_bar, self)
        self._problems = ProblemMarks(self.area.document())
        self._highlighter: SlicedHighlighter = StoryboardHighlighter(self.area.document())
        self._loading = False
        self._line = 1
        self._size = BODY
        self._colors = syntax()
        self._edge = line()
        self._edge.hide()
        self.area.set_kind(SourceKind.STORYBOARD)
        self.setLayout(column(self.area, self._edge, self.find_bar, spacing=0))
        self.setFocusProxy(self.area)
        self._connect()

    def _connect(self) -> None:
        self.area.written.connect(self._text_changed)
        self.area.blockCountChanged.connect(self._place_problems)
        self.area.cursorPositionChanged.connect(self._cursor_moved)
        self.area.sizing_wanted.connect(self.resize_text)
        self.area.escaped.connect(self.search.close_if_open)
        self.area.coloring = lambda: self._highlighter.coloring
        self.area.explain_at = self._problems.text_at
        self.search.opened_changed.connect(self._edge.setVisible)

    # The text

    def load(self, text: str, kind: SourceKind, *, keep_place: bool = False) -> None:
        """Show another text and forget how the last one was edited."""
        spot = self.area.spot()
        self._loading = True
        try:
            self._use(kind)
            self.area.disguise = Disguise(text)
            self.show_problems(())
            self.show_current_scene(None)
            self.area.setPlainText(self.area.disguise.put_on(with_plain_ends(text)))
        finally:
            self._loading = False
        if keep_place:
            self.area.go_back(spot)
        self.area.recolor()
        self.search.text_replaced()
        self._cursor_moved()

    def _use(self, kind: SourceKind) -> None:
        if kind is self.area.kind:
            return
        self.area.clear()
        self._highlighter.retire()
        self.area.set_kind(kind)
        made = PythonHighlighter if kind is SourceKind.MANIM else StoryboardHighlighter
        self._highlighter = made(self.area.document())

    def replace(self, text: str) -> None:
        """Make the text another one, in one step that can be undone; the place is kept."""
        self.area.rewrite(self.area.disguise.put_on(with_plain_ends(text)))

    def text(self) -> str:
        """Return the exact text, with line feeds between lines."""
        return self.area.disguise.take_off(self.area.source)

    def set_read_only(self, read_only: bool) -> None:
        """Let the text be read and searched only, or changed again."""
        self.area.set_read_only(read_only)
        self.find_bar.allow_replacing(not read_only)

    def _text_changed(self) -> None:
        if not self._loading:
            self.edited.emit()

    # The place

    def line(self) -> int:
        """Return the 1-based line of the cursor."""
        return self.area.current_line()

    def go_to_line(self, line: int, column: int | None = None) -> None:
        """Put the cursor there, in the middle of the area, and light the line for a moment."""
        self.area.setTextCursor(self.area.cursor_at(line, column or 1))
        self.area.centerCursor()
        self.area.light_up_line()
        self.area.setFocus()

    def _cursor_moved(self) -> None:
        if self._loading:
            return
        self.area.set_marks(Layer.BRACKETS, bracket_marks(self.area.textCursor()))
        if self.line() == self._line:
            return
        self._line = self.line()
        self.line_changed.emit(self._line)

    def show_current_scene(self, span: tuple[int, int] | None) -> None:
        """Show a bar beside the lines of a scene, both included."""
        self.area.gutter.show_scene(span)

    # Problems

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Underline these problems and list them in the gutter; those without line are not."""
        self._problems.show(problems)
        self.area.set_marks(Layer.PROBLEMS, self._problems.underlines())
        self._place_problems()

    def _place_problems(self) -> None:
        self.area.gutter.show_problems(self._problems.by_line())

    def go_to_problem(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) problem and say what it is."""
        position = self.area.textCursor().position()
        found = self._problems.neighbour(position, direction)
        if found is None:
            return
        self.go_to_line(found.line, found.column)
        said = explain([found.problem])
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.area, said))
        below = self.area.cursorRect().bottomLeft() + QPoint(0, 4)
        viewport = self.area.viewport()
        show_tip(viewport.mapToGlobal(below), said, viewport)

    # Acts

    @override
    def actions(self) -> Sequence[Action]:  # type: ignore[override]  # the registry's, not Qt's
        """Return what can be done here, for the page to register."""
        return editor_actions(self)

    def open_find(self) -> None:
        """Open the bar to find."""
        self.search.open()

    def open_replace(self) -> None:
        """Open the bar to replace."""
        self.search.open(replacing=True)

    def find_next(self, direction: int) -> None:
        """Select the next (1) or previous (-1) match."""
        self.search.step(direction)

    def toggle_comment(self) -> None:
        """Comment lines out, or in again."""
        if self.area.isReadOnly():
            return
        cursor = self.area.textCursor()
        block = self.area.document().findBlock(cursor.selectionStart())
        python = self._highlighter.language_at(block) == "python"
        style = editing.PYTHON_COMMENT if python else editing.STORYBOARD_COMMENT
        editing.toggle_comment(cursor, style)

    def resize_text(self, steps: int) -> None:
        """Make the text larger or smaller; 0 gives back the usual size."""
        self.set_text_size(self.text_size() + steps if steps else BODY)

    def text_size(self) -> int:
        """Return the size of the text in pixels."""
        return self._size

    def set_text_size(self, pixels: int) -> None:
        """Show the text in this size, as far as it can be read."""
        self._size = self.area.set_size(pixels)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self._recolor()

    def _recolor(self) -> None:
        colors = syntax()
        if colors is not self._colors:
            self._colors = colors
            self.area.recolor()
            self.area.set_marks(Layer.PROBLEMS, self._problems.underlines())
            self._highlighter.start_over()
            self.search.recolor()
