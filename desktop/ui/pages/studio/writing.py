"""Brings together text, scenes and problems: each shows where the others are."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import Problem
from desktop.domain.library import SourceKind
from desktop.domain.lines import Span, lines_of, with_lines, with_moved
from desktop.services.undo import Undo
from desktop.services.values import Outline, OutlineScene, SourceDocument
from desktop.ui import dialogs
from desktop.ui.dialogs import Sheet
from desktop.ui.models.scenes import ScenesModel
from desktop.ui.pages.studio.editor_area import EditorArea
from desktop.ui.pages.studio.scene_list import SceneList
from desktop.ui.pages.studio.session import Session
from desktop.ui.widgets.labels import label

NEW_SCENE = """## New scene

> What is said here.

- What is shown here
"""


class Writing(QObject):
    """Keeps editor, scene list and problem list in step with the text."""

    scene_changed = Signal(object)
    """The cursor is in another scene: an ``OutlineScene`` or None."""

    def __init__(
        self, session: Session, area: EditorArea, model: ScenesModel, scenes: SceneList
    ) -> None:
        super().__init__(scenes)
        self._session = session
        self._area = area
        self._model = model
        self._scenes = scenes
        self._current = ""
        session.opened.connect(self._opened)
        session.replaced.connect(self._replaced)
        session.outlined.connect(self._outlined)
        area.editor.edited.connect(session.touch)
        area.editor.line_changed.connect(lambda *_: self._follow())
        area.code_wanted.connect(self._show_code)
        area.problems.chosen.connect(self.go_to_problem)

    @property
    def scene(self) -> OutlineScene | None:
        """The scene the cursor is in."""
        return self._model.at_line(self._area.editor.line())

    @property
    def arrangeable(self) -> bool:
        """Whether scenes can be added, moved and removed: those of storyboards can."""
        video = self._session.video
        return video is not None and video.kind is SourceKind.STORYBOARD

    # The text changes

    def _opened(self, document: SourceDocument) -> None:
        self._model.clear()
        self._current = ""
        self._area.begin(document.text, document.kind)

    def _replaced(self, document: SourceDocument) -> None:
        self._area.editor.load(document.text, document.kind, keep_place=True)

    def _outlined(self, outline: Outline) -> None:
        self._model.show_scenes(outline.scenes)
        self._area.editor.show_problems(outline.problems)
        self._area.problems.show_problems(outline.problems)
        self._follow(again=True)

    def _follow(self, *, again: bool = False) -> None:
        """Let list and code show the scene the cursor is in."""
        scene = self.scene
        identity = scene.id if scene is not None else ""
        if identity == self._current and not again:
            return
        moved, self._current = identity != self._current, identity
        self._scenes.show_current(identity)
        self._area.editor.show_current_scene(_span(scene) if scene else None)
        if self._area.code_shown:
            self._show_code()
        if moved:
            self.scene_changed.emit(scene)

    def _show_code(self) -> None:
        """Show the code of the scene the cursor is in; above all scenes, of the first one."""
        rows = self._model.rows()
        self._area.show_code(self.scene or (rows[0].scene if rows else None))

    # Going to places

    def go_to_scene(self, scene_id: str, *, focus: bool = False) -> None:
        """Show where a scene begins in the text; ``focus`` lets the person write there."""
        scene = self._model.scene(scene_id)
        if scene is None:
            return
        before = self._scenes.hasFocus()
        self._area.editor.go_to_line(scene.line)
        if before and not focus:
            self._scenes.setFocus()
        elif focus:
            self._area.show_text()
            self._area.editor.setFocus()

    def go_to_problem(self, problem: Problem) -> None:
        """Show the line of a problem."""
        self._area.show_text()
        self._area.editor.go_to_line(problem.line or 1, problem.column)

    # Putting scenes in order

    def add_scene(self) -> None:
        """Put a new scene after the one the cursor is in, and go there."""
        text, scene = self._area.editor.text(), self.scene
        spans = self._spans()
        after = _span(scene)[1] if scene else (spans[-1][1] if spans else _last(text))
        gap = "\n" if after and lines_of(text, (after, after)).strip() else ""
        self._area.editor.replace(with_lines(text, (after + 1, after), gap + NEW_SCENE))
        self._area.show_text()
        self._area.editor.go_to_line(after + 1 + len(gap))

    def move_scene(self, direction: int) -> None:
        """Move the current scene one place up (-1) or down (1)."""
        scene = self.scene
        place = self._model.row_of(scene.id) if scene is not None else None
        spans = self._spans()
        if place is None or not 0 <= place + direction < len(spans):
            return
        text = with_moved(self._area.editor.text(), spans, place, place + direction)
        offset = self._area.editor.line() - spans[place][0]
        self._area.editor.replace(text)
        self._area.editor.go_to_line(_start_after(spans, place, direction) + offset)

    def duplicate_scene(self, scene_id: str) -> None:
        """Put a copy of a scene after it."""
        scene, text = self._model.scene(scene_id), self._area.editor.text()
        if scene is not None:
            copy = "\n" + lines_of(text, _span(scene))
            place = (scene.end_line + 1, scene.end_line)
            self._area.editor.replace(with_lines(text, place, copy))
            self._area.editor.go_to_line(scene.end_line + 2)

    def remove_scene(self, scene_id: str) -> Undo | None:
        """Take a scene out of the text; the result puts it back."""
        scene, text = self._model.scene(scene_id), self._area.editor.text()
        if scene is None:
            return None
        removed = lines_of(text, (scene.line, scene.end_line + 1))
        self._area.editor.replace(with_lines(text, (scene.line, scene.end_line + 1), ""))

        async def revert() -> None:
            place = min(scene.line, _last(self._area.editor.text()) + 1)
            now = with_lines(self._area.editor.text(), (place, place - 1), removed)
            self._area.editor.replace(now)

        return Undo(f"Removed the scene “{scene.title}”", revert)

    def _spans(self) -> list[Span]:
        return [_span(row.scene) for row in self._model.rows()]


def _span(scene: OutlineScene) -> Span:
    return scene.line, scene.end_line


def _last(text: str) -> int:
    return len(text.splitlines())


def _start_after(spans: list[Span], place: int, direction: int) -> int:
    """Return the line a moved scene begins at; scenes are one blank line apart afterwards."""
    lengths = [last - first + 2 for first, last in spans]
    lengths.insert(place + direction, lengths.pop(place))
    return spans[0][0] + sum(lengths[: place + direction])


async def ask_which(parent: QWidget, resolve: Callable[[bool], object]) -> None:
    """Ask which of two texts shall stay; ``resolve`` hears whether it is the one on screen."""
    words = (
        "Another window or a command has saved this text while you were writing. "
        "Versions that were rendered are not affected."
    )
    sheet = Sheet(parent, "The text was changed elsewhere", label(words, "muted", wrap=True))
    sheet.add_buttons("Keep my text", cancel="Take the other text")
    resolve(await dialogs.finished(sheet))
