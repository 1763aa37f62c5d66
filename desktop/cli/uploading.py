"""``proofreel upload``: files and folders to a bucket, by the engine that the window uses too.

Ctrl+C pauses what was added: nobody who interrupts a command wants it to go on unseen, and nothing
is lost by it. Closing the terminal lets it go on in the background.
"""

import asyncio
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from desktop.cli import telling
from desktop.cli.addressing import find_destination, short
from desktop.cli.reporting import CANCELLED, output, terminal
from desktop.cli.running import with_services
from desktop.cli.secrets import unlock_destinations
from desktop.cli.transfer_watch import TransferWatch
from desktop.config.paths import system_paths
from desktop.domain.errors import InvalidInput, StudioError
from desktop.domain.rates import parse_rate
from desktop.domain.transfers import Destination, Transfer, TransferState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.services.gathering import Gathering
    from desktop.services.services import Services
    from desktop.services.transfers import TransferService

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
    ids: tuple[str, ...] = ()
    try:
        ids = await transfers.upload_gathered(
            found,
            destination.id,
            replace=order.replace,
            compress=order.compress,
            rate_limit=order.rate_limit,
        )
        rows = await _outcome(services, ids, destination, order)
    except asyncio.CancelledError:
        return await _pause(transfers, ids)
    _say_rows(rows, order)
    failed = order.wait and any(row.state is not TransferState.DONE for row in rows)
    return int(failed or left_out)


def _say_rows(rows: "Sequence[Transfer]", order: Order) -> None:
    if order.as_json:
        output().print_json(json.dumps([telling.as_json(row) for row in rows]))
    elif not order.wait:
        for row in rows:
            output().print(short(row), markup=False)


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


async def _outcome(
    services: "Services", ids: "Sequence[str]", destination: Destination, order: Order
) -> tuple[Transfer, ...]:
    transfers, console = services.transfers, terminal()
    rows = tuple([await transfers.get(one) for one in ids])
    total = telling.size(sum(row.size for row in rows))
    plural = "" if len(rows) == 1 else "s"
    console.print(Text(f"{len(rows)} file{plural}, {total}, to {destination.name}"))
    if (await transfers.standing()).paused:
        console.print("All transfers are paused; proofreel transfers resume lets them go on.")
    if not order.wait:
        console.print("They go on in the background; proofreel transfers shows how far they are.")
        return rows
    with TransferWatch(services.bus, console, rows) as watch:
        ended = await transfers.wait(ids)
        for row in ended:
            watch.say_ended(row)
    return ended


async def _pause(transfers: "TransferService", ids: "Sequence[str]") -> int:
    """Pause what was added, because somebody interrupts; what was sent is kept."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
    console = terminal()
    if not ids:
        console.print("Cancelled before anything was queued.")
        return CANCELLED
    try:
        await transfers.pause(ids)
    except StudioError as error:
        console.print(Text(f"They could not be paused and go on in the background: {error}"))
        return CANCELLED
    console.print("Paused; what was sent is kept.")
    console.print("  → proofreel transfers resume goes on, proofreel transfers cancel gives it up.")
    return CANCELLED
