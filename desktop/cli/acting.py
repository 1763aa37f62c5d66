"""What the commands of ``proofreel transfers`` have in common: whom they mean, what they say."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from desktop.cli import telling
from desktop.cli.addressing import find_transfers
from desktop.cli.reporting import terminal
from desktop.cli.running import with_services
from desktop.cli.secrets import unlock_destinations
from desktop.config.paths import system_paths
from desktop.domain.transfers import Transfer

if TYPE_CHECKING:
    from desktop.services.services import Services
    from desktop.services.transfers import TransferService

OptionalWords = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TRANSFER...]", help="Ids as the list shows them, or names of files; none: all."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="For other programs.")]


async def chosen_by(
    transfers: "TransferService", words: list[str] | None
) -> tuple[Transfer, ...] | None:
    """Return the transfers that were named; None when none was: all are meant."""
    return await find_transfers(transfers, words) if words else None


def ids_of(chosen: tuple[Transfer, ...] | None) -> list[str] | None:
    """Return the ids of transfers; None for all."""
    return None if chosen is None else [row.id for row in chosen]


def say_done(what: str, chosen: tuple[Transfer, ...] | None) -> None:
    """Say what was done to which transfers, on standard error."""
    if chosen is None:
        terminal().print(f"{what} all transfers")
        return
    names = ", ".join(telling.name_of(row) for row in chosen[:3])
    more = f" and {len(chosen) - 3} more" if len(chosen) > 3 else ""
    terminal().print(Text(f"{what} {names or 'nothing'}{more}"))


def with_transfers(
    context: typer.Context,
    work: "Callable[[TransferService], Awaitable[int]]",
    *,
    unlocked: bool = False,
) -> None:
    """Run ``work`` with the transfers of the library; ``unlocked`` if it needs their keys."""

    async def opened(services: "Services") -> int:
        if unlocked:
            await unlock_destinations(services.secrets)
        return await work(services.transfers)

    with_services(context.obj, system_paths(), opened)
