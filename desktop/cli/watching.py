"""Showing a render on the terminal: a bar with frames and time left, a line for each finding."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from desktop.cli.reporting import print_problems, shifted
from desktop.domain.errors import Problem
from desktop.domain.events import (
    EventBus,
    RenderProgressed,
    RenderStarted,
    SceneFailed,
    SceneFinished,
)
from desktop.domain.picture import clock


class RenderWatch:
    """Draws the progress of one video's render while its block is entered."""

    def __init__(self, bus: EventBus, console: Console, video_id: str, source: Path | None) -> None:
        self._bus = bus
        self._console = console
        self._video_id = video_id
        self._source = source
        self._scenes = self._finished = self._reused = 0
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("frames"),
            TextColumn("[dim]{task.fields[left]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._unsubscribe: list[Callable[[], None]] = []
        self._findings: list[Problem] = []
        self.lines_added = 0
        """Lines in front of the text that the person's file does not have."""

    def __enter__(self) -> Self:
        """Begin to listen and to draw."""
        self._unsubscribe = [
            self._bus.subscribe(RenderStarted, self._started),
            self._bus.subscribe(RenderProgressed, self._progressed),
            self._bus.subscribe(SceneFinished, self._scene_finished),
            self._bus.subscribe(SceneFailed, self._scene_failed),
        ]
        self._progress.start()
        self._task = self._progress.add_task("Reading", total=None, left="")
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away; what was said above it stays."""
        self._progress.stop()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        print_problems(self._console, dict.fromkeys(self._findings), self._source)

    def _started(self, event: RenderStarted) -> None:
        if event.video_id != self._video_id:
            return
        self._scenes, self._reused = event.scenes + event.reused, event.reused
        again = f", {event.reused} of them rendered before" if event.reused else ""
        plural = "" if self._scenes == 1 else "s"
        self._console.print(f"{self._scenes} scene{plural} in {event.quality.value}{again}")
        self._update(description="Starting")

    def _progressed(self, event: RenderProgressed) -> None:
        if event.video_id != self._video_id:
            return
        left = "" if event.seconds_left is None else f"{clock(event.seconds_left)} left"
        self._update(
            completed=event.frames_done,
            total=event.frames_total or None,
            left=left,
            description=f"Scenes {self._finished}/{self._scenes}",
        )

    def _scene_finished(self, event: SceneFinished) -> None:
        if event.video_id != self._video_id:
            return
        self._finished += 1
        self._findings.extend(shifted(event.findings, self.lines_added))
        self._update(description=f"Scenes {self._finished}/{self._scenes}")
        if not self._console.is_terminal and not event.reused:
            self._console.print(f"Scene {self._finished} of {self._scenes} is done")

    def _scene_failed(self, event: SceneFailed) -> None:
        if event.video_id == self._video_id:
            self._console.print(f"Scene “{event.title}” failed", style="red", markup=False)

    def _update(self, **values: object) -> None:
        if self._task is not None:
            self._progress.update(self._task, **values)  # type: ignore[arg-type]  # rich's fields
