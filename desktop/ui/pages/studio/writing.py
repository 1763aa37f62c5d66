"""Brings together text, scenes and problems: each shows where the others are."""

from PySide6.QtCore import QObject

from desktop.domain.errors import Problem, Severity
from desktop.domain.library import SourceKind
from desktop.services.values import Outline, OutlineScene, SourceDocument
from desktop.ui.models.scenes import ScenesModel
from desktop.ui.pages.studio.editor_area import EditorArea
from desktop.ui.pages.studio.scene_list import SceneList
from desktop.ui.pages.studio.session import Session


class Writing(QObject):
    """Keeps editor, scene list and problem list in step with the text."""

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

    # The text changes

    def _opened(self, document: SourceDocument) -> None:
        self._model.clear()
        self._current = ""
        self._area.begin(document.text, document.kind)

    def _replaced(self, document: SourceDocument) -> None:
        self._area.editor.load(document.text, document.kind, keep_place=True)

    def _outlined(self, outline: Outline) -> None:
        if not self._hidden_by_error(outline):
            self._model.show_scenes(outline.scenes)
        self._area.editor.show_problems(outline.problems)
        self._area.problems.show_problems(outline.problems)
        self._follow(again=True)

    def _hidden_by_error(self, outline: Outline) -> bool:
        """Tell whether scenes are only out of sight: half a line of Python hides the whole file."""
        video = self._session.video
        manim = video is not None and video.kind is SourceKind.MANIM
        broken = any(one.severity is Severity.ERROR for one in outline.problems)
        return manim and broken and not outline.scenes

    def _follow(self, *, again: bool = False) -> None:
        """Let list and code show the scene the cursor is in."""
        scene = self.scene
        identity = scene.id if scene is not None else ""
        if identity == self._current and not again:
            return
        self._current = identity
        self._scenes.show_current(identity)
        span = (scene.line, scene.end_line) if scene is not None else None
        self._area.editor.show_current_scene(span)
        if self._area.code_shown:
            self._show_code()

    def _show_code(self) -> None:
        """Show the code of the scene the cursor is in; above all scenes, of the first one."""
        rows = self._model.rows()
        self._area.show_code(self.scene or (rows[0].scene if rows else None))

    # Going to places

    def go_to_scene(self, scene_id: str) -> None:
        """Show where a scene begins in the text; the keyboard stays where it is."""
        scene = self._model.scene(scene_id)
        if scene is not None:
            self._area.show_line(scene.line)

    def write_scene(self, scene_id: str) -> None:
        """Let the person write where a scene begins."""
        scene = self._model.scene(scene_id)
        if scene is not None:
            self._area.show_text()
            self._area.editor.go_to_line(scene.line)

    def go_to_problem(self, problem: Problem) -> None:
        """Let the person write at the line of a problem."""
        self._area.show_text()
        self._area.editor.go_to_line(problem.line or 1, problem.column)
