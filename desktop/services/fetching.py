"""Getting back what was uploaded: which object is meant, and under which name it is kept."""

import asyncio
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from desktop.domain.errors import InvalidInput, NotFound
from desktop.domain.transfers import Destination, DownloadRequest, Transfer
from desktop.services.transfers import TransferService


async def fetch(
    transfers: TransferService,
    destination: Destination,
    keys: Sequence[str],
    target: Path,
    *,
    replace: bool = False,
) -> tuple[str, ...]:
    """Queue objects; return the ids of their transfers.

    ``keys`` may have the destination's prefix or not. A single object becomes the file ``target``
    unless that is a folder; several go into the folder ``target`` by their last names. Raises
    InvalidInput when two of them have the same.
    """
    inside = await asyncio.to_thread(target.is_dir)
    if len(keys) > 1 and not inside:
        raise InvalidInput(
            f"{target} is not a folder", f"{len(keys)} objects go into one.", "Make it first."
        )
    names = [PurePosixPath(key).name for key in keys]
    if len(set(names)) < len(names):
        raise InvalidInput("Two of these have the same name", remedy="Fetch them one by one.")
    requests = [
        DownloadRequest(
            destination=destination.id,
            key=key.removeprefix(destination.prefix),
            path=str((target / name if inside else target).absolute()),
            replace=replace,
        )
        for key, name in zip(keys, names, strict=True)
    ]
    return await transfers.download(requests)


async def fetch_copy(
    transfers: TransferService, row: Transfer, path: Path, *, replace: bool = False
) -> str:
    """Queue what a row has sent, to become the file ``path``; return the id of the new transfer.

    Raises NotFound when its destination is not known any more.
    """
    for destination in await transfers.destinations():
        if destination.id == row.destination:
            (made,) = await fetch(transfers, destination, [row.key], path, replace=replace)
            return made
    raise NotFound(
        "Where it was sent is not known any more",
        f"The destination of {row.key} was removed.",
        "Add a destination with the same bucket, then fetch it from there.",
    )
