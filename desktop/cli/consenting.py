"""Asking on the terminal before code from elsewhere runs: the facts, then yes or no."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from desktop.cli.reporting import terminal
from desktop.domain.errors import NotAllowed
from desktop.domain.library import Version
from desktop.services.values import CheckState

if TYPE_CHECKING:
    from desktop.services.consent import CodeOfVideo, ConsentQuestion
    from desktop.services.services import Services

YES = frozenset({"y", "yes"})

MOST_FINDINGS = 10


async def ask(
    services: "Services", video_ids: tuple[str, ...], *, yes: bool, name: str = ""
) -> None:
    """Return once the code of the videos may run; ``name`` is what the file is called.

    ``yes`` is the answer given on the command line. Without it the person at the terminal is
    asked. Raises NotAllowed when they say no, and when nobody can be asked.
    """
    question = await services.consent.needed(*video_ids)
    if question is None:
        return
    if not yes:
        print_question(terminal(), question, name)
        if not interactive():
            raise _refusal("There is no terminal to ask on.")
        if not await _agreed("Run this code? [y/N] "):
            raise _refusal("You did not allow it. Nothing was run.")
    await services.consent.give(question)


async def allowed(
    services: "Services",
    video_id: str,
    draw: Callable[[], Awaitable[Version]],
    *,
    yes: bool,
    name: str = "",
) -> Version:
    """Return what ``draw`` makes of a video; when that runs new code, ask and draw again.

    So nobody is asked about a text that cannot be rendered anyway.
    """
    try:
        return await draw()
    except NotAllowed:
        await ask(services, (video_id,), yes=yes, name=name)
        return await draw()


def interactive() -> bool:
    """Tell whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def print_question(console: Console, question: "ConsentQuestion", name: str = "") -> None:
    """Print what would run, what screening says about it, and what it is kept in."""
    several = len(question.videos) > 1
    what = f"{len(question.videos)} videos bring" if several else "This brings"
    console.print(Text(f"{what} code that has not run here before:", style="bold"))
    for video in question.videos:
        _print_video(console, video, name)
    if question.imports:
        console.print(Text(f"  imports {', '.join(question.imports)}"))
    protection = question.protection
    colour = "green" if protection.state is CheckState.OK else "yellow"
    console.print(Text.assemble("  runs in: ", (protection.detail, colour)))
    if protection.remedy:
        console.print(Text(f"    {protection.remedy}"))


def _print_video(console: Console, video: "CodeOfVideo", name: str) -> None:
    for file in video.files:
        shown = file.name or name or video.title
        count = file.line_count
        lines = "1 line" if count == 1 else f"{count} lines"
        scenes = f", scenes: {', '.join(video.scenes)}" if video.scenes and not file.name else ""
        console.print(Text(f"  {shown} ({lines}{scenes})"))
        for finding in file.findings[:MOST_FINDINGS]:
            console.print(Text(f"    {shown}:{finding.line}: {finding.message}", style="yellow"))
        if (more := len(file.findings) - MOST_FINDINGS) > 0:
            console.print(Text(f"    and {more} more", style="yellow"))


async def _agreed(words: str) -> bool:
    """Ask for one word; Ctrl+C ends the waiting as it ends everything else."""
    terminal().print(words, end="", markup=False)
    return (await _line()).strip().casefold() in YES


async def _line() -> str:
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        if not typed.done():
            typed.set_result(sys.stdin.readline())

    try:
        loop.add_reader(sys.stdin.fileno(), read)
    except NotImplementedError:  # Windows
        return await asyncio.to_thread(sys.stdin.readline)
    try:
        return await typed
    finally:
        loop.remove_reader(sys.stdin.fileno())


def _refusal(why: str) -> NotAllowed:
    return NotAllowed(
        "Code that has not run here before needs your consent",
        why,
        "Read it, then allow it with --yes; it is asked about once.",
    )
