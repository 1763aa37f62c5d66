"""``proofreel allowed``: which code from elsewhere a person has allowed, and taking that back."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from desktop.cli.reporting import output
from desktop.cli.running import with_services
from desktop.config.paths import system_paths
from desktop.domain.errors import InvalidInput, NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.domain.allowances import Allowance
    from desktop.services.services import Services

SHOWN = 12
"""How much of an id the list shows; the beginning is enough wherever an id is asked for."""


def build() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(
        help="Show which code from elsewhere may run here, and take that back.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(show)
    group.command("withdraw")(withdraw)
    return group


def show(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
) -> None:
    """List what was allowed, the newest first."""

    async def work(services: "Services") -> int:
        found = await services.consent.allowed()
        if as_json:
            output().print_json(json.dumps([_row(one) for one in found]))
        elif found:
            output().print(_table(found))
        else:
            output().print("Nobody has allowed code from elsewhere.")
        return 0

    with_services(context.obj, system_paths(), work)


def withdraw(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="ID...", help="As the list shows it, or its beginning."),
    ],
    *,
    sure: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Allow code no longer: it is asked about again before it runs."""

    async def work(services: "Services") -> int:
        found = await services.consent.allowed()
        wanted = [_named(word, found) for word in words]
        if not sure:
            _ask(wanted)
        for one in dict.fromkeys(wanted):
            await services.consent.withdraw(one)
            output().print(f"{one.label} is asked about again before it runs", markup=False)
        return 0

    with_services(context.obj, system_paths(), work)


def _row(one: "Allowance") -> dict[str, str]:
    return {
        "id": one.digest,
        "title": one.title,
        "file": one.name,
        "from": one.origin,
        "allowed": one.when.isoformat(timespec="seconds"),
    }


def _table(found: "Sequence[Allowance]") -> Table:
    table = Table("Id", "What it is", "Allowed", "From", box=None)
    for one in found:
        when = f"{one.when.astimezone():%Y-%m-%d %H:%M}"
        cells = (one.digest[:SHOWN], one.label, when, one.origin or "unknown")
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _named(word: str, found: "Sequence[Allowance]") -> "Allowance":
    """Return what an id, or its beginning, names; raises NotFound, or InvalidInput for several."""
    matching = [one for one in found if word and one.digest.startswith(word.casefold())]
    if len(matching) > 1:
        raise InvalidInput(f"“{word}” may be {len(matching)} things", remedy="Give more of the id.")
    if not matching:
        raise NotFound(
            f"No allowed code has the id “{word}”",
            remedy="proofreel allowed list shows what there is.",
        )
    return matching[0]


def _ask(wanted: "Sequence[Allowance]") -> None:
    names = "; ".join(one.label for one in wanted)
    if not sys.stdin.isatty():
        raise Refused("Nothing was changed", names, "Add --yes when nobody can be asked.")
    if not typer.confirm(f"Allow {names} no longer?", err=True):
        raise typer.Exit(1)
