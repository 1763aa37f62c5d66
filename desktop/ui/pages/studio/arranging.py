"""Puts scenes in order: each act changes the lines of one scene and not a byte besides.

An act waits until the lines of the scenes are known for the text as it is at that moment: whoever
types and moves a scene at once, or keeps the key for moving pressed, is ahead of the reading.
"""

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop.domain.errors import Conflict
from desktop.domain.library import SourceKind
from desktop.domain.lines import (
    Span,
    line_count,
    lines_of,
    with_lines,
    with_margin,
    with_moved,
)
from desktop.services.authoring import AuthoringService
from desktop.services.undo import Undo
from desktop.services.values import OutlineScene
from desktop.ui.pages.studio.editor_area import EditorArea
from desktop.ui.pages.studio.session import Session

NEW_SCENE = """## New scene

> What is said here.

- What is shown here
"""


class Arranging(QObject):
    """Adds, moves, copies and removes the scenes of the open storyboard, one act at a time."""

    def __init__(self, session: Session, authoring: AuthoringService, area: EditorArea) -> None:
        super().__init__(area)
        self._session = session
        self._authoring = authoring
        self._area = area
        self._acting = asyncio.Lock()

    @property
    def possible(self) -> bool:
        """Whether scenes can be added, moved and removed: those of storyboards can."""
        video = self._session.video
        return video is not None and video.kind is SourceKind.STORYBOARD

    async def add(self) -> None:
        """Put a new scene after the one the cursor is in, and go there."""
        async with self._acting:
            scenes, text = await self._scenes(), self._area.editor.text()
            place = _place_at(scenes, self._area.editor.line())
            if scenes is None:
                return
            after = scenes[max(place, 0)].end_line if scenes else line_count(text)
            if scenes and place < 0:
                after = scenes[0].line - 1
            gap = "\n" if after and lines_of(text, (after, after)).strip() else ""
            tail = "\n" if lines_of(text, (after + 1, after + 1)).strip() else ""
            self._replace(with_lines(text, (after + 1, after), gap + NEW_SCENE + tail))
            self._area.show_text()
            self._area.editor.go_to_line(after + 1 + len(gap))

    async def move(self, direction: int) -> None:
        """Move the scene the cursor is in one place up (-1) or down (1)."""
        async with self._acting:
            scenes, editor = await self._scenes(), self._area.editor
            place = _place_at(scenes, editor.line())
            if scenes is None or place < 0 or not 0 <= place + direction < len(scenes):
                return
            offset = editor.line() - scenes[place].line
            text, first = with_moved(
                editor.text(), [_span(one) for one in scenes], place, place + direction
            )
            self._replace(text)
            editor.go_to_line(first + offset)

    async def duplicate(self, scene_id: str) -> None:
        """Put a copy of a scene after it."""
        async with self._acting:
            scene, text = _by_id(await self._scenes(), scene_id), self._area.editor.text()
            if scene is None:
                return
            last = with_margin(text, _span(scene))[1]
            gap = lines_of(text, (scene.end_line + 1, last)) or "\n"
            body = lines_of(text, _span(scene))
            ended = body if body.endswith("\n") else body + "\n"
            place = (scene.end_line + 1, scene.end_line)
            self._replace(with_lines(text, place, gap + ended))
            self._area.editor.go_to_line(scene.end_line + 1 + line_count(gap))

    async def remove(self, scene_id: str) -> Undo | None:
        """Take a scene out of the text; the result puts it back."""
        async with self._acting:
            scenes, before = await self._scenes(), self._area.editor.text()
            scene = _by_id(scenes, scene_id)
            if scenes is None or scene is None:
                return None
            span = with_margin(before, _span(scene))
            after = with_lines(before, span, "")
            self._replace(after)
        following = next((one.id for one in scenes if one.line > scene.line), "")
        removed = _Removed(self._session.video_id, before, after, lines_of(before, span), following)
        return Undo(f"Removed the scene “{scene.title}”", lambda: self._put_back(removed))

    async def _put_back(self, removed: "_Removed") -> None:
        if removed.video_id != self._session.video_id:
            await self._put_back_unseen(removed)
            return
        async with self._acting:
            scenes = await self._scenes()
            if scenes is None:
                raise Conflict(
                    "The scene was not put back",
                    "The text is being changed without a pause.",
                    "Wait a moment, then undo in the text with Ctrl+Z.",
                )
            self._replace(removed.put_back(self._area.editor.text(), scenes))

    async def _put_back_unseen(self, removed: "_Removed") -> None:
        """Put a scene back into a text that is not open any more."""
        document = await self._authoring.open(removed.video_id)
        outline = await self._authoring.outline(removed.video_id, document.text)
        text = removed.put_back(document.text, outline.scenes)
        await self._authoring.save(removed.video_id, text, document.revision, own=True)

    def _replace(self, text: str) -> None:
        self._area.editor.replace(text)

    async def _scenes(self) -> Sequence[OutlineScene] | None:
        """Return the scenes with the lines they have right now; None without a storyboard."""
        outline = await self._session.exact_outline() if self.possible else None
        return outline.scenes if outline is not None else None


class _Removed:
    """A scene that was taken out, and where it was."""

    def __init__(self, video_id: str, before: str, after: str, text: str, following: str) -> None:
        self.video_id = video_id
        self._before = before
        self._after = after
        self._text = text
        self._following = following

    def put_back(self, text: str, scenes: Sequence[OutlineScene]) -> str:
        """Return ``text`` with the scene where it was, whatever else was changed since."""
        if text in {self._before, self._after}:
            return self._before
        following = _by_id(scenes, self._following)
        line = following.line if following is not None else line_count(text) + 1
        apart = lines_of(text, (line - 1, line - 1)).strip() and not self._text.startswith("\n")
        return with_lines(text, (line, line - 1), ("\n" if apart else "") + self._text)


def _span(scene: OutlineScene) -> Span:
    return scene.line, scene.end_line


def _by_id(scenes: Sequence[OutlineScene] | None, scene_id: str) -> OutlineScene | None:
    return next((one for one in scenes or () if one.id == scene_id), None)


def _place_at(scenes: Sequence[OutlineScene] | None, line: int) -> int:
    """Return the 0-based place of the scene a line is in; -1 above all scenes."""
    return sum(one.line <= line for one in scenes or ()) - 1
