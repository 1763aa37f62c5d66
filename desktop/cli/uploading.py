"""``proofreel upload``: files and folders to a bucket, by the engine that the window uses too."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from desktop.cli import telling
from desktop.cli.addressing import find_destination
from desktop.cli.following import follow
from desktop.cli.reporting import terminal
from desktop.cli.running import with_services
from desktop.cli.secrets import unlock_destinations
from desktop.config.paths import system_paths
from desktop.domain.errors import InvalidInput
from desktop.domain.rates import parse_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.domain.transfers import Transfer
    from desktop.services.gathering import Gathering
    from desktop.services.services import Services

SKIPPED_SHOWN = 20
"""Paths that are named when they are left out; of more there is a count."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent where, and how."""

    paths: tuple[Path, ...]
    to: str
    key: str = ""
    """Name of a single file at the destination, in place of its own."""
    prefix: str = ""
    replace: bool = False
    compress: bool = False
    rate_limit: int = 0
    wait: bool = True
    as_json: bool = False


def upload(  # noqa: PLR0913 - one for each option
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files and folders.")],
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="NAME", help="Destination; default: the only one.")
    ] = "",
    key: Annotated[
        str, typer.Option(metavar="KEY", help="What a single file is called there.")
    ] = "",
    prefix: Annotated[
        str, typer.Option(metavar="PREFIX", help="Folder there, such as lectures/2026/.")
    ] = "",
    replaces: Annotated[
        bool, typer.Option("--replace", help="Replace objects that are there already.")
    ] = False,
    compress: Annotated[
        bool, typer.Option("--compress", help="Send as gzip with Content-Encoding: for text.")
    ] = False,
    limit: Annotated[
        str, typer.Option(metavar="RATE", help="Bytes per second of each file: 500k, 5M, 5Mi.")
    ] = "off",
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait until all is sent, or leave it to it.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
) -> None:
    """Upload files and folders; pausing, crashes and lost networks cost nothing.

    Ctrl+C pauses. Closing the terminal does not stop it.
    """

    async def work(services: "Services") -> int:
        folder = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        order = Order(
            tuple(paths), to, key, folder, replaces, compress, parse_rate(limit), wait, as_json
        )
        return await send(services, order)

    with_services(context.obj, system_paths(), work)


async def send(services: "Services", order: Order) -> int:
    """Queue files, wait if asked to, and say what became of them; return the exit code."""
    transfers = services.transfers
    destination = await find_destination(transfers, order.to)
    found = _named(await transfers.gather(order.paths, order.prefix), order)
    left_out = _say_skipped(found, order.paths)
    await unlock_destinations(services.secrets)

    def heading(rows: "Sequence[Transfer]") -> str:
        plural = "" if len(rows) == 1 else "s"
        total = telling.size(sum(row.size for row in rows))
        return f"{len(rows)} file{plural}, {total}, to {destination.name}"

    code = await follow(
        services,
        lambda: transfers.upload_gathered(
            found,
            destination.id,
            replace=order.replace,
            compress=order.compress,
            rate_limit=order.rate_limit,
        ),
        heading,
        wait=order.wait,
        as_json=order.as_json,
    )
    return code or int(left_out)


def _named(found: "Gathering", order: Order) -> "Gathering":
    """Give a single file the name that was asked for."""
    if not order.key:
        return found
    if len(found.files) != 1 or len(order.paths) != 1:
        raise InvalidInput(
            "--key names one file",
            f"There are {len(found.files)} to upload.",
            "Use --prefix to put several into a folder.",
        )
    return replace(found, files=(replace(found.files[0], key=f"{order.prefix}{order.key}"),))


def _say_skipped(found: "Gathering", given: "Sequence[Path]") -> bool:
    """Say what is left out; true when something is missed, or was asked for by name."""
    console = terminal()
    for one in found.skipped[:SKIPPED_SHOWN]:
        console.print(Text.assemble(("skip  ", "yellow"), (str(one.path), "bold"), f"  {one.why}"))
    if (more := len(found.skipped) - SKIPPED_SHOWN) > 0:
        console.print(f"… and {more} more")
    if found.hidden:
        plural = "" if found.hidden == 1 else "s"
        console.print(f"{found.hidden} hidden file{plural} or folder{plural} left out")
    asked = {path.absolute() for path in given}
    return any(one.missed or one.path in asked for one in found.skipped)
