"""``proofreel check``: what is wrong with a storyboard or Manim file; nothing of it is run.

What keeps a scene from being rendered is an error. What screening says is a warning: it never
keeps anything from being rendered, and ``--strict`` is for those who want it to.
"""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from desktop.cli.reporting import output, print_problems, terminal
from desktop.cli.running import run
from desktop.config.paths import system_paths
from desktop.config.settings import load_settings
from desktop.domain.errors import InvalidInput, NotFound, Problem, Severity
from desktop.domain.library import SourceKind

if TYPE_CHECKING:
    from desktop.services.reading import ReadingTask

KINDS = {
    ".md": SourceKind.STORYBOARD,
    ".markdown": SourceKind.STORYBOARD,
    ".py": SourceKind.MANIM,
}

NO_SCENE = {
    SourceKind.STORYBOARD: Problem(
        "It has no scene.", None, "Begin one with a line like “## Title”."
    ),
    SourceKind.MANIM: Problem("It has no scene.", None, "Write a class that derives from Scene."),
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a text and in the code beside it."""

    scenes: int
    files: tuple[tuple[Path, tuple[Problem, ...]], ...]
    """Each file with its findings, the text itself first."""

    def count(self, severity: Severity) -> int:
        """Return how many findings are that severe."""
        return sum(one.severity is severity for _, found in self.files for one in found)


def check(
    source: Annotated[
        Path, typer.Argument(metavar="FILE", help="A storyboard (.md) or a Manim file (.py).")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail for warnings as well.")] = False,
) -> None:
    """Say what is wrong with a file without running it; 1 when it cannot be rendered."""

    async def work() -> int:
        found = await asyncio.to_thread(look, source)
        if as_json:
            output().print_json(json.dumps(list(_rows(found))))
        else:
            for path, problems in found.files:
                print_problems(output(), problems, path)
            terminal().print(_summary(found, source))
        bad = found.count(Severity.ERROR) + (found.count(Severity.WARNING) if strict else 0)
        return 1 if bad else 0

    raise typer.Exit(run(work, source))


def look(source: Path) -> Findings:
    """Return what is wrong with a file, and what screening says about it and what it imports.

    Raises NotFound when it is not there, InvalidInput when it is neither kind of text.
    """
    from desktop.services.evidence import examine  # noqa: PLC0415 - the others start sooner
    from desktop.services.reading import read  # noqa: PLC0415 - likewise

    task = _task(source)
    reading = read(task)
    beside = ((file.name, file.findings) for file in examine(task).files if file.name)
    files = [(source.parent / name, _advice(found)) for name, found in beside]
    problems = reading.problems
    if not reading.scenes and all(one.severity is not Severity.ERROR for one in problems):
        problems = (*problems, NO_SCENE[task.kind])
    return Findings(len(reading.scenes), ((source, problems), *files))


def _task(source: Path) -> "ReadingTask":
    from desktop.services.importing import read_text  # noqa: PLC0415 - likewise
    from desktop.services.reading import ReadingTask  # noqa: PLC0415 - likewise

    kind = KINDS.get(source.suffix.lower())
    if not source.is_file():
        raise NotFound(f"There is no file {source}", remedy="Check the name and the folder.")
    if kind is None:
        raise InvalidInput(
            f"{source.name} is neither a storyboard nor a Manim file",
            remedy="Give a file that ends in .md or .py.",
        )
    rendering = load_settings(system_paths().settings).rendering
    return ReadingTask(kind, read_text(source), source.parent, rendering)


def _advice(found: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(
        Problem(one.message, one.line, one.remedy, Severity.WARNING, one.column) for one in found
    )


def _rows(found: Findings) -> "Iterable[dict[str, str | int | None]]":
    for path, problems in found.files:
        for one in problems:
            yield {
                "file": str(path),
                "line": one.line,
                "column": one.column,
                "severity": one.severity.value,
                "message": one.message,
                "remedy": one.remedy,
            }


def _summary(found: Findings, source: Path) -> Text:
    errors, warnings = (found.count(one) for one in (Severity.ERROR, Severity.WARNING))
    counts = [_counted(errors, "error"), _counted(warnings, "warning")]
    said = ", ".join(filter(None, counts)) or "nothing to mend"
    colour = "red" if errors else "yellow" if warnings else "green"
    scenes = _counted(found.scenes, "scene") or "no scenes"
    return Text.assemble(f"{source}: {scenes}, ", (said, colour))


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}" if count else ""
