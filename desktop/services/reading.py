"""Reading working texts in a process of its own.

Parsing and compiling are pure Python; on a thread of the window's process they would make it late
by 30-45 ms at a time, since threads share one interpreter lock.
"""

import asyncio
import contextlib
import hashlib
import multiprocessing
import os
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from desktop.config.settings import RenderingSettings
from desktop.domain.errors import Problem, Severity
from desktop.domain.library import SceneTake, SourceKind
from desktop.domain.picture import Aspect, Quality, RenderProfile, profile_for
from desktop.rendering.jobs import Asset, SceneJob
from desktop.rendering.keys import render_key
from desktop.rendering.reading import SourceReading, SourceScene

if TYPE_CHECKING:
    from desktop.rendering.executable import Passage

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class ReadScene:
    """A scene of the text with everything a render of it needs."""

    scene: SourceScene
    assets: tuple[Asset, ...]
    keys: dict[Quality, str]
    """Render key of each quality; empty when the scene has errors."""
    code_sha256: str
    problems: tuple[Problem, ...]

    def job(self, profile: RenderProfile) -> SceneJob:
        """Return the job that renders this scene in ``profile``."""
        return SceneJob(
            key=self.keys[profile.quality],
            title=self.scene.title,
            class_name=self.scene.class_name,
            code=self.scene.code,
            profile=profile,
            assets=self.assets,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its scenes and their render keys."""

    source: SourceReading
    scenes: tuple[ReadScene, ...]
    problems: tuple[Problem, ...]
    runs_code: bool = False
    """Whether code stands in the text that runs as it is written."""
    files_run: tuple[str, ...] = ()
    """SHA-256 of each file beside the text that its scenes may run."""


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """What the reading process is asked."""

    kind: SourceKind
    text: str
    assets: Path
    """Folder that relative names in the text are looked up in."""
    rendering: RenderingSettings


def profile(rendering: RenderingSettings, aspect: Aspect, quality: Quality) -> RenderProfile:
    """Return the profile the settings give to ``quality`` for pictures of ``aspect``."""
    draft = quality is Quality.DRAFT
    return profile_for(
        aspect,
        quality,
        short_side=rendering.draft_short_side if draft else rendering.final_short_side,
        fps=rendering.draft_fps if draft else rendering.final_fps,
    )


def latex_installed() -> bool:
    """Tell whether formulas can be set with LaTeX: both programs Manim calls are found."""
    return bool(shutil.which("latex") and shutil.which("dvisvgm"))


def read(task: ReadingTask) -> Reading:
    """Read a text completely; runs in the reading process, and in tests."""
    from desktop.rendering.executable import is_run, passages  # noqa: PLC0415 - 60 ms the
    from desktop.rendering.source import read_source  # noqa: PLC0415 - window saves

    latex = task.rendering.latex == "auto" and latex_installed()
    source = read_source(task.kind, task.text, latex=latex)
    profiles = {quality: profile(task.rendering, source.aspect, quality) for quality in Quality}
    scenes = tuple(_read_scene(scene, task.assets, profiles) for scene in source.scenes)
    missing = [problem for scene in scenes for problem in _new_problems(scene)]
    run = {one.name: one.sha256 for scene in scenes for one in scene.assets if is_run(one.name)}
    code = passages(task.kind, task.text)
    beside = {Path(name).stem for scene in source.scenes for name in scene.assets}
    advice = _advice(code, beside)
    problems = sorted((*source.problems, *missing, *advice), key=lambda problem: problem.line or 0)
    return Reading(source, scenes, tuple(problems), bool(code), tuple(run.values()))


def _advice(code: "Iterable[Passage]", siblings: Collection[str]) -> Iterator[Problem]:
    """Yield what screening says: advice, which never keeps a text from being rendered."""
    from desktop.rendering.screening import screen  # noqa: PLC0415 - see above

    for piece in code:
        for found in screen(piece.code, first_line=piece.line, siblings=siblings):
            yield replace(found, severity=Severity.WARNING)


def _new_problems(scene: ReadScene) -> tuple[Problem, ...]:
    return scene.problems[len(scene.scene.problems) :]


def _read_scene(
    scene: SourceScene, folder: Path, profiles: dict[Quality, RenderProfile]
) -> ReadScene:
    assets: list[Asset] = []
    problems = list(scene.problems)
    for name in scene.assets:
        path = folder / name
        try:
            assets.append(Asset(name, str(path), _sha256(path)))
        except OSError as error:
            problems.append(_missing(scene, name, error))
    keys = {}
    if scene.code:
        keys = {
            quality: render_key(scene.code, scene.class_name, profiles[quality], assets)
            for quality in Quality
        }
    code_sha256 = hashlib.sha256(scene.code.encode()).hexdigest()
    return ReadScene(scene, tuple(assets), keys, code_sha256, tuple(problems))


def _missing(scene: SourceScene, name: str, error: OSError) -> Problem:
    line = next(
        (
            scene.line + offset
            for offset, text in enumerate(scene.text.splitlines())
            if name in text or Path(name).stem in text
        ),
        scene.line,
    )
    if name.endswith(".py") and isinstance(error, FileNotFoundError):
        return Problem(
            f"The module “{Path(name).stem}” is not installed, nor is {name} beside the file.",
            line,
            f"Remove the import, or drop {name} on the window while this video is open.",
        )
    return Problem(
        f"The file {name} cannot be read: {error.strerror}.",
        line,
        "Drop it on the window while this video is open, or correct the name.",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class SourceReader:
    """Reads texts one after the other in one helper process, started at the first request."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def read(self, task: ReadingTask) -> Reading:
        """Read ``task`` completely."""
        return await self.ask(read, task)

    async def ask(self, work: Callable[[ReadingTask], Answer], task: ReadingTask) -> Answer:
        """Do ``work`` in the reading process; one that died is started again once."""
        try:
            return await self._submit(work, task)
        except BrokenProcessPool:
            self._pool = None
            return await self._submit(work, task)

    async def _submit(self, work: Callable[[ReadingTask], Answer], task: ReadingTask) -> Answer:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_end_with_parent,
            )
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, work, task)

    async def close(self) -> None:
        """Stop the reading process."""
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)
            self._pool = None


def _end_with_parent() -> None:
    """Leave when the program dies, however it dies: an orphan would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        with contextlib.suppress(OSError):
            parent.join()
        os._exit(0)

    threading.Thread(target=wait, name="end-with-parent", daemon=True).start()


def scene_takes(ids: Sequence[str], reading: Reading) -> tuple[SceneTake, ...]:
    """Return the scenes of a text as a version would list them, without pictures."""
    return tuple(
        SceneTake(identity, scene.scene.title, scene.scene.class_name, "", scene.code_sha256, 0, 0)
        for identity, scene in zip(ids, reading.scenes, strict=True)
    )


def editor_problems(scene: SourceScene, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Move problems from lines of the generated code to lines of the editor's text.

    A line of code that comes from no line of the text is blamed on the scene's heading.
    """
    return tuple(replace(problem, line=_editor_line(scene, problem.line)) for problem in problems)


def _editor_line(scene: SourceScene, code_line: int | None) -> int:
    if code_line is None or not 1 <= code_line <= len(scene.line_map):
        return scene.line
    return scene.line_map[code_line - 1] or scene.line
