"""From a storyboard or Manim file to a video file, without a window and without a library.

The video is made in a library of its own that is deleted afterwards; rendered scenes go into the
shared store, so that the second time only what changed is drawn.
"""

import contextlib
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.filesize import decimal
from rich.text import Text

from desktop.cli import consenting
from desktop.cli.reporting import shifted, terminal
from desktop.cli.watching import RenderWatch
from desktop.config.paths import Paths
from desktop.config.settings import load_settings, save_settings
from desktop.domain.errors import InvalidInput, NotFound, Refused, RenderFailed
from desktop.domain.library import SourceKind, Version
from desktop.domain.picture import Quality, clock
from desktop.domain.storyboard import Theme

if TYPE_CHECKING:
    from desktop.services.services import Services

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<body>.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
THEME_LINE = re.compile(r"^theme[ \t]*:.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made of which file."""

    source: Path
    target: Path
    """An .mp4 or .gif file."""
    quality: Quality
    theme: Theme | None = None
    """Replaces the theme the storyboard names."""
    unprotected: bool = False
    """Run its scenes without a sandbox."""
    yes: bool = False
    """Its code may run, wherever it comes from."""


@contextlib.contextmanager
def workshop(paths: Paths, *, jobs: int, keep: bool) -> Iterator[Paths]:
    """Yield folders to work in: the shared store of renders, and a library to throw away.

    ``keep`` takes the real library instead. ``jobs`` scenes render at once; 0 is the setting.
    """
    with tempfile.TemporaryDirectory(prefix="proofreel-make-", ignore_cleanup_errors=True) as home:
        folder = Path(home)
        settings = load_settings(paths.settings)
        if jobs:
            settings = replace(settings, rendering=replace(settings.rendering, workers=jobs))
        data = paths.data if keep else folder / "data"
        own = Paths(
            data=data, config=folder / "config", cache=paths.cache, consents=paths.allowed_code
        )
        save_settings(own.settings, settings)
        yield own


async def make(services: "Services", order: Order, project: str) -> int:
    """Make the video, write the file, and say where it is; return the exit code.

    Raises the errors of importing, rendering and exporting; lines are those of the file.
    """
    began = time.monotonic()
    console = terminal()
    if order.unprotected:
        await services.environment.allow_unprotected()
    video_id, added = await _bring_in(services, order, project)

    async def draw() -> Version:
        with RenderWatch(services.bus, console, video_id, order.source) as watch:
            watch.lines_added = added
            return await services.production.render(video_id, order.quality)

    try:
        version = await consenting.allowed(
            services, video_id, draw, yes=order.yes, name=order.source.name
        )
    except InvalidInput as error:
        problems = shifted(error.problems, added)
        raise InvalidInput(error.title, error.detail, error.remedy, problems) from error
    except RenderFailed as error:
        problems = shifted(error.problems, added)
        raise RenderFailed(error.title, error.detail, error.remedy, problems, error.log) from error
    await _write(services, video_id, order.target)
    say_done(console, order.target, version, time.monotonic() - began)
    return 0


async def _bring_in(services: "Services", order: Order, project: str) -> tuple[str, int]:
    """Import the file; return the video's id and how many lines the theme put before its text."""
    if not order.source.is_file():
        raise NotFound(f"There is no file {order.source}", remedy="Check the name and the folder.")
    plan = await services.importing.plan([order.source])
    if not plan.items or not plan.items[0].accepted:
        why = plan.items[0].problem if plan.items else ""
        raise InvalidInput(
            f"{order.source.name} cannot be made into a video",
            why,
            "Give a storyboard (.md) or a Manim file (.py) with at least one scene.",
        )
    target = await project_named(services, project)
    done = await services.importing.carry_out(plan, target)
    if not done.video_ids:
        raise InvalidInput(f"{order.source.name} could not be read", " ".join(done.failures))
    video_id = done.video_ids[0]
    return video_id, await _set_theme(services, video_id, order)


async def draw_all(services: "Services", video_ids: tuple[str, ...], *, yes: bool) -> None:
    """Draw drafts of imported videos; the code of all of them is asked about at once."""
    await consenting.ask(services, video_ids, yes=yes)
    for video_id in video_ids:
        video = await services.library.video(video_id)
        if video.kind is SourceKind.FOOTAGE:
            continue
        began = time.monotonic()
        with RenderWatch(services.bus, terminal(), video_id, None):
            made = await services.production.render(video_id, Quality.DRAFT)
        film = Path(services.library.files(video_id, made.number).video)
        say_done(terminal(), film, made, time.monotonic() - began)


async def project_named(services: "Services", title: str) -> str:
    """Return the id of the project of that title, made if need be."""
    for project in await services.library.projects():
        if project.title.casefold() == title.casefold():
            return project.id
    return (await services.library.create_project(title)).id


async def _set_theme(services: "Services", video_id: str, order: Order) -> int:
    if order.theme is None:
        return 0
    if order.source.suffix.lower() == ".py":
        raise Refused(
            "A Manim file chooses its own colours",
            "--theme changes storyboards only.",
            "Leave --theme out.",
        )
    document = await services.authoring.open(video_id)
    text, added = themed(document.text, order.theme)
    await services.authoring.save(video_id, text, document.revision, own=True)
    return added


def themed(text: str, theme: Theme) -> tuple[str, int]:
    """Return a storyboard with another theme, and how many lines came in before its text."""
    line = f"theme: {theme.value}"
    front = FRONT_MATTER.match(text)
    if front is None:
        return f"---\n{line}\n---\n{text}", 3
    body = front["body"]
    changed, count = THEME_LINE.subn(line, body, count=1)
    if not count:
        changed = f"{line}\n{body}"
    return text[: front.start("body")] + changed + text[front.end("body") :], 0 if count else 1


async def _write(services: "Services", video_id: str, target: Path) -> None:
    if target.suffix.lower() == ".gif":
        await services.exporting.gif(video_id, target)
    else:
        await services.exporting.mp4(video_id, target)


def say_done(console: Console, target: Path, version: Version, seconds: float) -> None:
    """Say where the result is and what it is."""
    facts = ", ".join(
        (
            clock(version.seconds),
            f"{version.width}x{version.height}",
            f"{float(version.rate):g} fps",
            decimal(version.size),
        )
    )
    console.print(Text.assemble(("Made ", "green"), (str(target), "bold"), f" ({facts}) "), end="")
    console.print(Text(f"in {seconds:.1f} s"))
