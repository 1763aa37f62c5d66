"""The commands and their options; what each does is in the modules beside this one."""

import os
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import desktop
from desktop.cli import (
    allowed,
    checking,
    consenting,
    destinations,
    downloading,
    listing,
    making,
    secrets,
    transfers,
    uploading,
)
from desktop.cli.finding import find_video
from desktop.cli.reporting import output, print_error, terminal
from desktop.cli.running import OpenServices, Program, with_services
from desktop.cli.watching import RenderWatch
from desktop.config.paths import Paths, system_paths
from desktop.domain.errors import Unavailable
from desktop.domain.library import Version
from desktop.domain.picture import Quality
from desktop.domain.storyboard import Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.services.services import Services

KEPT_IN = "Made on the command line"
"""Project that ``make --keep`` puts videos into unless told otherwise."""

OUTPUTS = {".mp4", ".gif"}


class Format(StrEnum):
    """What a video can be exported as."""

    MP4 = "mp4"
    GIF = "gif"
    STILLS = "stills"
    FOLDER = "folder"


QualityOption = Annotated[
    Quality, typer.Option("--quality", "-q", help="Draft is small and quick, final is for showing.")
]
UnprotectedOption = Annotated[
    bool,
    typer.Option("--unprotected", help="Run scenes without a sandbox; every version records it."),
]
YesOption = Annotated[
    bool, typer.Option("--yes", "-y", help="Run code that has not run here before, unasked.")
]
VideoArgument = Annotated[str, typer.Argument(metavar="VIDEO", help="Id or title of the video.")]


def build(
    open_services: OpenServices,
    run_window: "Callable[[Paths], int]",
    run_tour: "Callable[[Paths, Path], int]",
) -> typer.Typer:
    """Return the command line, wired to what the composition root lends."""
    program = Program(open_services, run_window, run_tour)
    app = typer.Typer(
        name="proofreel",
        help="Makes videos of storyboards and Manim files. Without a command: opens the window.",
        no_args_is_help=False,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"obj": program, "help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(start)
    app.command("make")(make)
    app.command("check")(checking.check)
    app.command("render")(render)
    app.command("export")(export)
    app.command("import")(import_files)
    app.command("list")(list_videos)
    app.command("upload")(uploading.upload)
    app.command("download")(downloading.download)
    app.command("doctor")(doctor)
    app.command("tour")(tour)
    app.command("version")(version)
    app.add_typer(transfers.build(), name="transfers")
    app.add_typer(destinations.build(), name="destinations")
    app.add_typer(secrets.build(), name="secrets")
    app.add_typer(allowed.build(), name="allowed")
    return app


def start(
    context: typer.Context,
    *,
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.")
    ] = False,
) -> None:
    """Open the window when no command is given."""
    if show_version:
        version()
        raise typer.Exit
    if context.invoked_subcommand is None:
        _need_display()
        program: Program = context.obj
        raise typer.Exit(program.run_window(system_paths()))


def make(  # noqa: PLR0913 - one for each option
    context: typer.Context,
    source: Annotated[
        Path, typer.Argument(metavar="FILE", help="A storyboard (.md) or a Manim file (.py).")
    ],
    *,
    target: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="OUT", help="An .mp4 or .gif; default FILE.mp4."),
    ] = None,
    quality: QualityOption = Quality.FINAL,
    theme: Annotated[
        Theme | None, typer.Option(help="Instead of the theme the storyboard names.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, max=64, help="Scenes at once; 0 is the setting.")
    ] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="Put it into the library as well.")] = False,
    unprotected: UnprotectedOption = False,
    yes: YesOption = False,
) -> None:
    """Turn a storyboard or Manim file into a video file."""
    out = target or Path(source.with_suffix(".mp4").name)
    if out.suffix.lower() not in OUTPUTS:
        raise typer.BadParameter(f"{out} should end in .mp4 or .gif", param_hint="--output")
    order = making.Order(source, out, quality, theme, unprotected=unprotected, yes=yes)
    with making.workshop(system_paths(), jobs=jobs, keep=keep) as paths:
        with_services(
            context.obj,
            paths,
            lambda services: making.make(services, order, KEPT_IN),
            source=source,
        )


def render(
    context: typer.Context,
    video: VideoArgument,
    *,
    quality: QualityOption = Quality.DRAFT,
    unprotected: UnprotectedOption = False,
    yes: YesOption = False,
) -> None:
    """Render a video of the library; only scenes that changed are drawn."""

    async def work(services: "Services") -> int:
        began = time.monotonic()
        found = await find_video(services, video)
        if unprotected:
            await services.environment.allow_unprotected()

        async def draw() -> Version:
            with RenderWatch(services.bus, terminal(), found.id, None):
                return await services.production.render(found.id, quality)

        made = await consenting.allowed(services, found.id, draw, yes=yes)
        files = services.library.files(found.id, made.number)
        making.say_done(terminal(), Path(files.video), made, time.monotonic() - began)
        return 0

    with_services(context.obj, system_paths(), work)


def export(
    context: typer.Context,
    video: VideoArgument,
    *,
    target: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT", help="File, or folder to write into.")
    ],
    form: Annotated[
        Format,
        typer.Option("--format", "-f", help="folder is a project that plain Manim renders."),
    ] = Format.MP4,
    number: Annotated[
        int | None, typer.Option("--version", min=1, help="Default: the newest version.")
    ] = None,
) -> None:
    """Write a copy of a video: a file, a GIF, stills, or a project for plain Manim."""

    async def work(services: "Services") -> int:
        found = await find_video(services, video)
        written = await _export(services, found.id, target, form, number)
        output().print(str(written), markup=False)
        return 0

    with_services(context.obj, system_paths(), work)


async def _export(
    services: "Services", video_id: str, target: Path, form: Format, number: int | None
) -> Path:
    exporting = services.exporting
    if form is Format.GIF:
        return await exporting.gif(video_id, target, number=number)
    if form is Format.STILLS:
        return await exporting.scene_stills(video_id, target, number)
    if form is Format.FOLDER:
        return await exporting.folder(video_id, target, number)
    return await exporting.mp4(video_id, target, number)


def import_files(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
    *,
    project: Annotated[
        str, typer.Option(help="Title of the project; default: named after what is imported.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    draw: Annotated[bool, typer.Option("--render", help="Draw drafts of all of it.")] = False,
    yes: YesOption = False,
) -> None:
    """Bring storyboards, Manim files and videos into the library."""

    async def work(services: "Services") -> int:
        plan = await services.importing.plan(paths)
        listing.print_plan(terminal(), plan)
        if dry_run:
            return 0
        target = await making.project_named(services, project) if project else None
        result = await services.importing.carry_out(plan, target)
        for failure in result.failures:
            terminal().print(failure, style="red", markup=False)
        terminal().print(result.undo_label, markup=False)
        for video_id in result.video_ids:
            output().print(video_id, markup=False)
        if draw:
            await making.draw_all(services, result.video_ids, yes=yes)
        return 1 if result.failures else 0

    with_services(context.obj, system_paths(), work)


def list_videos(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
) -> None:
    """List the videos of the library."""
    with_services(
        context.obj,
        system_paths(),
        lambda services: listing.list_videos(services, as_json=as_json),
    )


def doctor(context: typer.Context) -> None:
    """Say what this machine can do and what is missing."""
    with_services(context.obj, system_paths(), listing.doctor)


def tour(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the pictures go.")],
) -> None:
    """Drive the window through every page and save pictures of it."""
    _need_display()
    program: Program = context.obj
    raise typer.Exit(program.run_tour(system_paths(), folder))


def version() -> None:
    """Print the version."""
    output().print(f"Proofreel {desktop.__version__}")


def _need_display() -> None:
    """Leave with a sentence where Qt would abort the process."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in named):
        error = Unavailable(
            "There is no display to open a window on",
            remedy="Start it in a desktop session, or use a command: proofreel --help.",
        )
        print_error(terminal(), error)
        raise typer.Exit(1)
