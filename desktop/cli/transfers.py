"""``proofreel transfers``: the list of the window, without a window."""

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from desktop.cli import limiting, remnants, telling
from desktop.cli.acting import (
    JsonOption,
    OptionalWords,
    chosen_by,
    ids_of,
    say_done,
    with_transfers,
)
from desktop.cli.addressing import all_transfers, find_transfers, short
from desktop.cli.reporting import CANCELLED, output, terminal
from desktop.cli.running import with_services
from desktop.cli.transfer_watch import TransferWatch
from desktop.config.paths import system_paths
from desktop.domain.errors import InvalidInput, Refused
from desktop.domain.transfers import Transfer, TransferState

if TYPE_CHECKING:
    from desktop.services.services import Services
    from desktop.services.transfers import TransferService

SHOWN = 30
"""Rows that are over and shown unless all are asked for."""


def build() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(
        help="Show, pause, resume, limit and cancel uploads and downloads.",
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    group.callback()(start)
    group.command("list")(show)
    group.command("watch")(watch)
    group.command("pause")(pause)
    group.command("resume")(resume)
    group.command("cancel")(cancel)
    group.command("retry")(retry)
    group.command("limit")(limiting.limit)
    group.command("history")(history)
    group.command("forget")(forget)
    group.command("unfinished")(remnants.unfinished)
    return group


def start(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Show the list when no command is given."""
    if context.invoked_subcommand is None:
        show(context, as_json=as_json)


def show(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="Part of a name.")] = "",
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also everything that ended long ago.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List transfers: what goes on first, then what ended last."""

    async def work(transfers: "TransferService") -> int:
        rows = await all_transfers(transfers, text)
        over = [row for row in rows if row.state.over]
        shown = rows if everything else rows[: len(rows) - len(over) + SHOWN]
        if as_json:
            output().print_json(json.dumps([telling.as_json(row) for row in shown]))
        elif shown:
            output().print(_table(shown))
            _say_more(len(rows) - len(shown))
        else:
            output().print("There are no transfers.")
        await _say_paused(transfers)
        return 0

    with_transfers(context, work)


def _table(rows: list[Transfer]) -> Table:
    table = Table("Id", "State", "Done", "Size", "What", "Where", box=None)
    for row in rows:
        colour = telling.COLOURS.get(row.state, "")
        arrow = f"s3://{row.bucket}"
        table.add_row(
            short(row),
            Text(telling.state_words(row), style=colour),
            f"{row.progress:.0%}",
            telling.size(row.size),
            Text(telling.name_of(row), overflow="fold"),
            Text(arrow),
        )
        if row.reason and row.state is not TransferState.DONE:
            table.add_row("", "", "", "", Text(f"{row.reason} {row.remedy}".strip(), style="dim"))
    return table


def _say_more(count: int) -> None:
    if count > 0:
        terminal().print(f"{count:,} more that ended earlier; --all shows them.")


async def _say_paused(transfers: "TransferService") -> None:
    if (await transfers.standing()).paused:
        terminal().print("All transfers are paused; proofreel transfers resume lets them go on.")


def watch(context: typer.Context) -> None:
    """Show how far everything is until all has ended; Ctrl+C only stops showing."""

    async def work(services: "Services") -> int:
        rows = await services.transfers.unfinished()
        if not rows:
            output().print("Nothing is under way.")
            return 0
        try:
            with TransferWatch(services.bus, terminal(), rows):
                ended = await services.transfers.wait([row.id for row in rows])
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
            terminal().print("They go on in the background.")
            return CANCELLED
        return int(any(row.state is not TransferState.DONE for row in ended))

    with_services(context.obj, system_paths(), work)


def pause(
    context: typer.Context,
    words: OptionalWords = None,
    *,
    softly: Annotated[
        bool, typer.Option("--softly", help="Finish the parts that are on their way.")
    ] = False,
) -> None:
    """Pause transfers, or all of them and what is added later."""

    async def work(transfers: "TransferService") -> int:
        chosen = await chosen_by(transfers, words)
        await transfers.pause(ids_of(chosen), hard=False if softly else None)
        say_done("Paused", chosen)
        return 0

    with_transfers(context, work)


def resume(context: typer.Context, words: OptionalWords = None) -> None:
    """Let paused transfers go on."""

    async def work(transfers: "TransferService") -> int:
        chosen = await chosen_by(transfers, words)
        await transfers.resume(ids_of(chosen))
        say_done("Going on with", chosen)
        return 0

    with_transfers(context, work, unlocked=True)


def cancel(
    context: typer.Context,
    words: OptionalWords = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Everything under way.")] = False,
) -> None:
    """Give transfers up for good; what was sent of them is removed at the service."""

    async def work(transfers: "TransferService") -> int:
        if not words and not everything:
            raise InvalidInput("Nothing was cancelled", remedy="Name transfers, or add --all.")
        chosen = await chosen_by(transfers, words) or await transfers.unfinished()
        living = tuple(row for row in chosen if not row.state.over)
        await transfers.cancel([row.id for row in living])
        rows = await transfers.wait([row.id for row in living])
        say_done("Cancelled", rows)
        return 0

    with_transfers(context, work)


def retry(context: typer.Context, words: OptionalWords = None) -> None:
    """Try again what failed; a file that was changed is sent as it is now."""

    async def work(transfers: "TransferService") -> int:
        chosen = await chosen_by(transfers, words)
        if chosen is None:
            failed = {TransferState.FAILED, TransferState.SOURCE_CHANGED}
            chosen = tuple(row for row in await all_transfers(transfers) if row.state in failed)
        await transfers.retry([row.id for row in chosen])
        say_done("Trying again", chosen)
        return 0

    with_transfers(context, work, unlocked=True)


def forget(context: typer.Context, words: OptionalWords = None) -> None:
    """Take transfers that are over from the list; nothing at the service changes."""

    async def work(transfers: "TransferService") -> int:
        chosen = await chosen_by(transfers, words) or tuple(await all_transfers(transfers))
        over = tuple(row for row in chosen if row.state.over)
        if words and len(over) < len(chosen):
            raise Refused(
                "What is under way cannot be taken from the list",
                remedy="proofreel transfers cancel ends it first.",
            )
        await transfers.forget([row.id for row in over])
        say_done("Forgotten", over)
        return 0

    with_transfers(context, work)


def history(
    context: typer.Context,
    word: Annotated[str, typer.Argument(metavar="TRANSFER", help="Id or name of a file.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Show what happened to a transfer, oldest first."""

    async def work(transfers: "TransferService") -> int:
        (row,) = await find_transfers(transfers, [word])
        moments = await transfers.history(row.id)
        if as_json:
            lines = [{"at": one.at, "kind": one.kind, "text": one.text} for one in moments]
            output().print_json(json.dumps(lines))
            return 0
        for moment in moments:
            at = datetime.fromtimestamp(moment.at, UTC).astimezone()
            output().print(Text(f"{at:%Y-%m-%d %H:%M:%S}  {moment.text}"))
        return 0

    with_transfers(context, work)
