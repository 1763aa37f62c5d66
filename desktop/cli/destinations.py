"""``proofreel destinations``: the places that uploads go to.

No option takes a secret: arguments are seen by every program of the machine. Keys are asked for, or
come from standard input.
"""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from desktop.cli.addressing import find_destination
from desktop.cli.reporting import output, terminal
from desktop.cli.running import with_services
from desktop.cli.secrets import asks, unlock_destinations, unlock_to_keep
from desktop.config.paths import system_paths
from desktop.domain.errors import Conflict, InvalidInput, Refused
from desktop.domain.transfers import Destination, Encryption

if TYPE_CHECKING:
    from desktop.cloud.credentials import AccessKeys
    from desktop.services.services import Services
    from desktop.services.transfers import TransferService

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name or id.")]


def build() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(
        help="Say where uploads go; keys are kept in the keyring.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(show)
    group.command("add")(add)
    group.command("check")(check)
    group.command("keys")(keys)
    group.command("remove")(remove)
    group.command("profiles")(profiles)
    return group


def show(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
) -> None:
    """List the destinations there are."""

    async def work(services: "Services") -> int:
        found = await services.transfers.destinations()
        signing = await services.transfers.signing()
        if as_json:
            output().print_json(json.dumps([_row(one, signing.get(one.id, "")) for one in found]))
        elif found:
            output().print(_table(found, signing))
        else:
            output().print("There is no destination. proofreel destinations add makes one.")
        return 0

    with_services(context.obj, system_paths(), work)


def _row(one: Destination, signing: str) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "bucket": one.bucket,
        "prefix": one.prefix,
        "region": one.region,
        "endpoint_url": one.endpoint_url,
        "path_style": one.path_style,
        "profile": one.profile,
        "signs_in_with": signing,
        "encryption": one.encryption.value,
        "kms_key_id": one.kms_key_id,
        "certificates": one.certificates,
    }


def _table(found: tuple[Destination, ...], signing: dict[str, str]) -> Table:
    table = Table("Name", "Bucket", "Service", "Signs in with", "Id", box=None)
    for one in found:
        where = f"{one.bucket}/{one.prefix}" if one.prefix else one.bucket
        cells = (one.name, where, one.endpoint_url or "Amazon S3", signing.get(one.id, ""), one.id)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def add(  # noqa: PLR0913 - one for each option
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What you want to call it.")],
    *,
    bucket: Annotated[str, typer.Option(metavar="BUCKET", help="Name of the bucket.")],
    prefix: Annotated[str, typer.Option(help="Folder in it that everything goes to.")] = "",
    profile: Annotated[
        str, typer.Option(help="AWS profile to sign in with; the best way for AWS.")
    ] = "",
    key_id: Annotated[
        str, typer.Option(metavar="ID", help="Access key id; the secret key is asked for.")
    ] = "",
    endpoint: Annotated[
        str, typer.Option(metavar="URL", help="Address of a service other than AWS.")
    ] = "",
    region: Annotated[str, typer.Option(help="Default: found out.")] = "",
    path_style: Annotated[
        bool | None,
        typer.Option(
            "--path-style/--host-style", help="Bucket in the path; default with --endpoint."
        ),
    ] = None,
    encryption: Annotated[
        Encryption, typer.Option(help="How objects are encrypted there.")
    ] = Encryption.DEFAULT,
    kms_key: Annotated[str, typer.Option(metavar="ID", help="Key of KMS to encrypt with.")] = "",
    certificates: Annotated[
        Path | None, typer.Option(help="File of certificates to trust, for --endpoint.")
    ] = None,
    checked: Annotated[
        bool, typer.Option("--check/--no-check", help="Try whether it works.")
    ] = True,
) -> None:
    """Add a place to upload to.

    The secret key is asked for, or read from standard input: first line the secret key, second
    the session token if there is one, third the encryption key if --encryption is customer.
    """

    async def work(services: "Services") -> int:
        transfers = services.transfers
        if any(one.name.casefold() == name.casefold() for one in await transfers.destinations()):
            raise Conflict(
                f"There is a destination “{name}” already", remedy="Choose another name."
            )
        if not profile and not key_id and not _has_environment_keys():
            raise InvalidInput(
                "It is not said how to sign in",
                f"AWS profiles here: {', '.join(await transfers.profiles()) or 'none'}.",
                "Add --profile, or --key-id and enter the secret key, or set AWS_ACCESS_KEY_ID "
                "and AWS_SECRET_ACCESS_KEY.",
            )
        from ulid import ULID  # noqa: PLC0415 - the help needs none

        wanted = Destination(
            str(ULID()),
            name,
            bucket,
            region,
            endpoint,
            bool(endpoint) if path_style is None else path_style,
            profile,
            prefix,
            encryption,
            kms_key,
            str(certificates.absolute()) if certificates else "",
        )
        if key_id or encryption is Encryption.CUSTOMER:
            await unlock_to_keep(services.secrets)
        saved = await transfers.save_destination(wanted, _keys(key_id, encryption))
        output().print(saved.id, markup=False)
        return await _tried(transfers, saved, checked=checked)

    with_services(context.obj, system_paths(), work)


async def _tried(transfers: "TransferService", saved: Destination, *, checked: bool) -> int:
    """Check a new destination if that is wanted; it is kept, whatever comes of it."""
    if not checked:
        _say_warnings(await transfers.warnings(saved))
        return 0
    failed = await _check(transfers, saved)
    if failed:
        terminal().print("It is kept; proofreel destinations check tries it again,")
        terminal().print("proofreel destinations remove takes it away.")
    return failed


def _has_environment_keys() -> bool:
    from desktop.cloud.credentials import keys_of  # noqa: PLC0415 - brings the keychain along

    return keys_of(os.environ) is not None


def keys(
    context: typer.Context,
    name: NameArgument,
    *,
    key_id: Annotated[
        str, typer.Option(metavar="ID", help="Access key id; the secret key is asked for.")
    ] = "",
) -> None:
    """Enter keys of a destination anew; what failed for want of them goes on by itself.

    They are asked for, or read from standard input as add does.
    """

    async def work(services: "Services") -> int:
        transfers = services.transfers
        found = await find_destination(transfers, name)
        await unlock_to_keep(services.secrets)
        entered = _keys("" if found.profile else key_id, found.encryption)
        if entered is None or not (key_id or found.profile):
            raise InvalidInput(
                "There are no keys to enter",
                f"“{found.name}” signs in with {(await transfers.signing())[found.id]}.",
                "Add --key-id." if not found.profile else "",
            )
        await transfers.save_destination(found, entered)
        return await _check(transfers, found)

    with_services(context.obj, system_paths(), work)


def _keys(key_id: str, encryption: Encryption) -> "AccessKeys | None":
    """Ask for the secrets, or read them from standard input."""
    own = encryption is Encryption.CUSTOMER
    if not key_id and not own:
        return None
    from desktop.cloud.credentials import AccessKeys  # noqa: PLC0415 - brings the keychain along
    from desktop.config.keychain import Secret  # noqa: PLC0415

    secret = token = customer = ""
    if asks():
        if key_id:
            secret = _typed("Secret key")
            token = _typed("Session token (none: Enter)")
        customer = _typed("Encryption key, 32 bytes as base64") if own else ""
    else:
        lines = [*sys.stdin.read().splitlines(), "", "", ""]
        secret, token, customer = (line.strip() for line in lines[:3])
    if key_id and not secret:
        raise InvalidInput("The secret key is missing", remedy="Type it, or pipe it in.")
    if own and not customer:
        raise InvalidInput("The encryption key is missing", remedy="Type it, or pipe it in.")
    return AccessKeys(
        key_id,
        Secret(secret),
        Secret(token) if token else None,
        Secret(customer) if customer else None,
    )


def _typed(what: str) -> str:
    return str(typer.prompt(what, hide_input=True, default="", show_default=False, err=True))


def check(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Default: the only one.")] = "",
) -> None:
    """Try whether a destination can be reached and written to; 1 when not."""

    async def work(services: "Services") -> int:
        found = await find_destination(services.transfers, name)
        await unlock_destinations(services.secrets)
        return await _check(services.transfers, found)

    with_services(context.obj, system_paths(), work)


async def _check(transfers: "TransferService", destination: Destination) -> int:
    found = await transfers.check(destination.id)
    console = output()
    if found.ok:
        facts = [found.region and f"region {found.region}", found.checksums and found.checksums]
        said = ", ".join(fact for fact in facts if fact)
        console.print(Text.assemble(("ok    ", "green"), f"{destination.name} works: {said}"))
    else:
        fault = found.fault
        console.print(Text.assemble(("error ", "bold red"), destination.name))
        if fault is not None:
            console.print(Text(f"      {fault.message}"))
            if fault.remedy:
                console.print(Text(f"      → {fault.remedy}"))
    _say_warnings(found.warnings)
    return int(not found.ok)


def _say_warnings(warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        terminal().print(Text(f"note: {warning}", style="yellow"))


def remove(
    context: typer.Context,
    name: NameArgument,
    *,
    sure: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove a destination and its keys; what lies in the bucket stays there."""

    async def work(services: "Services") -> int:
        found = await find_destination(services.transfers, name)
        if not sure:
            _ask(found)
        await services.transfers.remove_destination(found.id)
        output().print(f"Removed {found.name}", markup=False)
        return 0

    with_services(context.obj, system_paths(), work)


def _ask(found: Destination) -> None:
    if not asks():
        raise Refused(f"{found.name} was not removed", remedy="Add --yes when nobody can be asked.")
    if not typer.confirm(f"Remove {found.name} and its keys?", err=True):
        raise typer.Exit(1)


def profiles(context: typer.Context) -> None:
    """List the AWS profiles on this computer."""

    async def work(services: "Services") -> int:
        for name in await services.transfers.profiles():
            output().print(name, markup=False)
        return 0

    with_services(context.obj, system_paths(), work)
