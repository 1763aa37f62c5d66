"""What commands say: results on standard output, everything about them on standard error."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from desktop.domain.errors import InvalidInput, Problem, RenderFailed, Severity, StudioError

CANCELLED = 130
"""Exit code after Ctrl+C, as shells expect it: 128 + SIGINT."""


def terminal() -> Console:
    """Return the console for progress, findings and errors; made anew so that tests see it."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def output() -> Console:
    """Return the console for what a command was asked for."""
    return Console(highlight=False, soft_wrap=True)


def print_error(console: Console, error: StudioError, source: Path | None = None) -> None:
    """Print what went wrong, where in ``source``, and what to do."""
    problems = _problems(error)
    console.print(Text.assemble(("Error: ", "bold red"), error.title))
    print_problems(console, problems, source)
    said = " ".join(f"{one.message} {one.remedy}" for one in problems)
    if error.detail and error.detail not in said and not _repeats(error.detail, problems):
        console.print(Text(f"  {error.detail}"))
    if error.remedy and error.remedy not in said:
        console.print(Text.assemble(("  → ", "bold"), error.remedy))


def print_problems(console: Console, problems: Iterable[Problem], source: Path | None) -> None:
    """Print one line for each finding, as compilers do: ``file:line: message remedy``."""
    for problem in problems:
        place = ":".join(str(part) for part in (source, problem.line) if part)
        colour = "red" if problem.severity is Severity.ERROR else "yellow"
        line = Text("  ")
        line.append(f"{place}: " if place else "", style="bold")
        line.append(f"{problem.severity.value}: ", style=colour)
        line.append(" ".join(part for part in (problem.message, problem.remedy) if part))
        console.print(line)


def shifted(problems: Iterable[Problem], added: int) -> tuple[Problem, ...]:
    """Return problems with the lines of the file instead of the text with ``added`` lines."""
    return tuple(
        replace(one, line=max(1, one.line - added)) if one.line else one for one in problems
    )


def _problems(error: StudioError) -> tuple[Problem, ...]:
    return error.problems if isinstance(error, InvalidInput | RenderFailed) else ()


def _repeats(detail: str, problems: Iterable[Problem]) -> bool:
    return any(one.message in detail for one in problems)
