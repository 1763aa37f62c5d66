"""``proofreel download``: objects of a bucket become files, by the engine that uploads too."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.addressing import find_destination
from desktop.cli.following import follow
from desktop.cli.running import with_services
from desktop.cli.secrets import unlock_destinations
from desktop.config.paths import system_paths

if TYPE_CHECKING:
    from desktop.services.services import Services


def download(  # noqa: PLR0913 - one for each option
    context: typer.Context,
    keys: Annotated[
        list[str], typer.Argument(metavar="KEY...", help="Names of objects at the destination.")
    ],
    *,
    source: Annotated[
        str, typer.Option("--from", metavar="NAME", help="Destination; default: the only one.")
    ] = "",
    to: Annotated[
        Path, typer.Option("--output", "-o", metavar="PATH", help="File, or a folder for several.")
    ] = Path(),
    replaces: Annotated[
        bool, typer.Option("--replace", help="Replace files that are there already.")
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait until all is there, or leave it to it.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
) -> None:
    """Download objects; a file is there whole and checked, or not at all.

    Ctrl+C pauses. Closing the terminal does not stop it.
    """

    async def work(services: "Services") -> int:
        from desktop.services.fetching import fetch  # noqa: PLC0415 - --help answers without

        destination = await find_destination(services.transfers, source)
        await unlock_destinations(services.secrets)
        plural = "" if len(keys) == 1 else "s"
        return await follow(
            services,
            lambda: fetch(services.transfers, destination, keys, to, replace=replaces),
            lambda _rows: f"{len(keys)} object{plural} from {destination.name}",
            wait=wait,
            as_json=as_json,
        )

    with_services(context.obj, system_paths(), work)
