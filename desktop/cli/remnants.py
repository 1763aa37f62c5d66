"""``proofreel transfers unfinished``: what lies at a service, costs money and is no object."""

import json
import time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from desktop.cli import telling
from desktop.cli.acting import JsonOption, with_transfers
from desktop.cli.addressing import find_destination
from desktop.cli.reporting import output
from desktop.domain.transfers import Remnant

if TYPE_CHECKING:
    from desktop.services.transfers import TransferService


def unfinished(
    context: typer.Context,
    destination: Annotated[
        str, typer.Argument(metavar="[DESTINATION]", help="Default: the only one.")
    ] = "",
    *,
    abort: Annotated[
        bool, typer.Option("--abort", help="Remove those that nobody here goes on with.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List unfinished uploads that lie at a destination and cost money."""

    async def work(transfers: "TransferService") -> int:
        place = await find_destination(transfers, destination)
        found = await transfers.remnants(place.id)
        if abort:
            found = tuple(one for one in found if not one.ours)
            for one in found:
                await transfers.abort(one)
        if as_json:
            output().print_json(json.dumps([_remnant(one) for one in found]))
        else:
            _print_remnants(found, "Removed" if abort else "Unfinished")
        return 0

    with_transfers(context, work)


def _remnant(one: Remnant) -> dict[str, object]:
    return {
        "bucket": one.bucket,
        "key": one.key,
        "upload_id": one.upload_id,
        "initiated_at": one.initiated_at,
        "held": one.held,
        "parts": one.parts,
        "ours": one.ours,
        "abort_at": one.abort_at,
    }


def _print_remnants(found: tuple[Remnant, ...], word: str) -> None:
    if not found:
        output().print("Nothing unfinished lies there.")
        return
    table = Table(word, "Held", "Parts", "Begun", "Whose", box=None)
    for one in found:
        days = max(0, round((time.time() - one.initiated_at) / 86_400))
        whose = "of this library" if one.ours else "unknown here"
        ago = f"{days} day{'' if days == 1 else 's'} ago" if days else "today"
        table.add_row(Text(one.key), telling.size(one.held), str(one.parts), ago, whose)
    output().print(table)
    output().print(f"{telling.size(sum(one.held for one in found))} in all")
