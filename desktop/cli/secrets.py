# ruff: noqa: A005 - imports are absolute: nothing is shadowed
"""``proofreel secrets``: which secrets exist, whether they can be read, and their end.

No command prints a value, and none takes one: arguments are seen by every program of the machine.
"""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from desktop.cli.reporting import output, print_error, terminal
from desktop.cli.running import with_services
from desktop.config.paths import system_paths
from desktop.domain.errors import NotFound, Refused, StudioError

if TYPE_CHECKING:
    from desktop.config.keychain import KeychainStatus, SecretInfo, SecretName
    from desktop.services.secrets import SecretService
    from desktop.services.services import Services

PLACES = {
    "keyring": "keyring",
    "sealed": "keyring, as a sealed file",
    "passphrase": "file behind a passphrase",
    "memory": "memory only",
}

BEHIND = "passphrase"
"""The place of what a passphrase opens."""

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="As the list shows it: provider:field.")
]


def build() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(
        help="Show, test and delete what is kept secret, and where; values are never shown.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(show)
    group.command("test")(try_out)
    group.command("passphrase")(passphrase)
    group.command("delete")(delete)
    return group


def show(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
) -> None:
    """List the secrets that exist, and where they are kept."""

    async def work(services: "Services") -> int:
        infos = await services.secrets.all()
        if as_json:
            output().print_json(json.dumps([_row(info) for info in infos]))
        elif infos:
            output().print(_table(infos))
        else:
            output().print("There are no secrets.")
        _say_status(await services.secrets.status())
        return 0

    with_services(context.obj, system_paths(), work)


def _row(info: "SecretInfo") -> dict[str, str]:
    return {
        "name": str(info.name),
        "label": info.label,
        "place": info.place.value,
        "saved": info.saved.isoformat(timespec="seconds") if info.saved else "",
    }


def _table(infos: "tuple[SecretInfo, ...]") -> Table:
    table = Table("Name", "What it is", "Kept in", "Saved", box=None)
    for info in infos:
        saved = f"{info.saved.astimezone():%Y-%m-%d %H:%M}" if info.saved else "unknown"
        cells = (str(info.name), info.label, PLACES[info.place.value], saved)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _say_status(status: "KeychainStatus") -> None:
    """Tell where new secrets go, on standard error."""
    console = terminal()
    if status.keyring:
        console.print(f"New secrets go into the {status.keyring}.")
        return
    console.print(Text(status.reason, style="yellow"))
    console.print(Text.assemble(("  → ", "bold"), status.remedy))


def try_out(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="Default: the keyring itself and every secret.")
    ] = "",
) -> None:
    """Try whether the keyring works and secrets can be read; 1 when something cannot."""

    async def work(services: "Services") -> int:
        await _unlock_if_asked_for(services.secrets, name)
        if name:
            return await _read_back(services.secrets, _parsed(name))
        status = await services.secrets.try_out()
        _say_status(status)
        failed = not status.keyring
        for info in await services.secrets.all():
            failed |= bool(await _read_back(services.secrets, info.name))
        return int(failed)

    with_services(context.obj, system_paths(), work)


async def _read_back(secrets: "SecretService", name: "SecretName") -> int:
    try:
        info = await secrets.test(name)
    except StudioError as error:
        output().print(Text.assemble(("error ", "bold red"), str(name)))
        print_error(terminal(), error)
        return 1
    output().print(Text.assemble(("ok    ", "green"), f"{name}: {PLACES[info.place.value]}"))
    return 0


async def _unlock_if_asked_for(secrets: "SecretService", name: str) -> None:
    """Ask for the passphrase when something to be tested is behind it and somebody can answer."""
    behind = {str(info.name) for info in await secrets.all() if info.place.value == BEHIND}
    if behind and (not name or name in behind):
        await _ask_for_passphrase(secrets)


async def unlock_destinations(secrets: "SecretService") -> None:
    """Ask for the passphrase when keys of destinations are behind it and somebody can answer."""
    owners = [info.name.provider for info in await secrets.all() if info.place.value == BEHIND]
    if any(owner.startswith("destination-") for owner in owners):
        await _ask_for_passphrase(secrets)


async def unlock_to_keep(secrets: "SecretService") -> None:
    """Ask for the passphrase when what is to be kept goes behind it and somebody can answer."""
    status = await secrets.status()
    if not status.keyring and status.passphrase.value == "locked":
        await _ask_for_passphrase(secrets)


async def _ask_for_passphrase(secrets: "SecretService") -> None:
    """Unlock what a passphrase opens; nothing typed leaves it locked."""
    if not asks():
        return
    from desktop.config.keychain import Secret  # noqa: PLC0415 - the list needs no encryption

    typed = typer.prompt("Passphrase", hide_input=True, default="", show_default=False, err=True)
    if typed:
        await secrets.unlock(Secret(typed))


def passphrase(context: typer.Context) -> None:
    """Choose a passphrase that keeps secrets in encrypted files where there is no keyring.

    It is asked for, or read from standard input.
    """

    async def work(services: "Services") -> int:
        from desktop.config.keychain import Secret  # noqa: PLC0415 - the list needs no encryption

        if asks():
            typed = typer.prompt(
                "New passphrase", hide_input=True, confirmation_prompt=True, err=True
            )
        else:
            typed = sys.stdin.readline().rstrip("\r\n")
        await services.secrets.start_passphrase(Secret(typed))
        output().print("Secrets that no keyring takes are kept behind the passphrase from now on.")
        return 0

    with_services(context.obj, system_paths(), work)


def delete(
    context: typer.Context,
    name: NameArgument,
    *,
    sure: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete a secret for good."""

    async def work(services: "Services") -> int:
        wanted = _parsed(name)
        if wanted not in {info.name for info in await services.secrets.all()}:
            raise NotFound(
                f"There is no secret {wanted}",
                remedy="proofreel secrets list shows what there is.",
            )
        if not sure:
            _ask(wanted)
        await services.secrets.delete(wanted)
        output().print(f"Deleted {wanted}", markup=False)
        return 0

    with_services(context.obj, system_paths(), work)


def _ask(name: "SecretName") -> None:
    if not asks():
        raise Refused(f"{name} was not deleted", remedy="Add --yes when nobody can be asked.")
    if not typer.confirm(f"Delete {name} for good?", err=True):
        raise typer.Exit(1)


def asks() -> bool:
    """Tell whether somebody is there who can answer."""
    return sys.stdin.isatty()


def _parsed(text: str) -> "SecretName":
    from desktop.config.keychain import SecretName  # noqa: PLC0415 - needs no time until used

    return SecretName.parse(text)
