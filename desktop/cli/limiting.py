"""``proofreel transfers limit``: how much of the line transfers may take."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli import telling
from desktop.cli.acting import OptionalWords, say_done, with_transfers
from desktop.cli.addressing import find_transfers
from desktop.cli.reporting import output
from desktop.domain.rates import parse_rate, parse_timetable, write_timetable

if TYPE_CHECKING:
    from desktop.services.transfers import TransferService


def limit(
    context: typer.Context,
    rate: Annotated[
        str, typer.Argument(metavar="[RATE]", help="500k, 5M, 5Mi or off; none: show.")
    ] = "",
    words: OptionalWords = None,
    *,
    hours: Annotated[
        str | None,
        typer.Option(metavar="HOURS", help="“Mon-Fri 09:00-17:00 2M; 22:00-06:00 off”; “” ends."),
    ] = None,
    connections: Annotated[
        int | None, typer.Option(min=0, max=32, help="At the same time; 0 finds out how many.")
    ] = None,
) -> None:
    """Limit all transfers together, or each of those that are named."""

    async def work(transfers: "TransferService") -> int:
        if words:
            chosen = await find_transfers(transfers, words)
            await transfers.limit([row.id for row in chosen], parse_rate(rate))
            say_done(f"Limited to {rate}:", chosen)
            return 0
        await _limit_all(transfers, rate, hours, connections)
        await _show_limits(transfers)
        return 0

    with_transfers(context, work)


async def _limit_all(
    transfers: "TransferService", rate: str, hours: str | None, connections: int | None
) -> None:
    changes: dict[str, object] = {}
    if rate:
        changes["rate"] = parse_rate(rate)
    if hours is not None:
        changes["timetable"] = parse_timetable(hours)
    if connections is not None:
        changes["connections"] = connections
    if changes:
        await transfers.set_limits(replace(await transfers.limits(), **changes))  # type: ignore[arg-type]


async def _show_limits(transfers: "TransferService") -> None:
    limits = await transfers.limits()
    names = {one.id: one.name for one in await transfers.destinations()}
    console = output()
    console.print(f"All together  {telling.pace(limits.rate) if limits.rate else 'no limit'}")
    console.print(f"Connections   {limits.connections or 'as many as are fastest'}")
    for identity, slower in limits.destinations:
        console.print(f"To {names.get(identity, identity)}: {telling.pace(slower)}", markup=False)
    for window in limits.timetable:
        console.print(f"At {write_timetable([window])}", markup=False)
