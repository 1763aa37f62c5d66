"""Which destination and which transfers words on the command line mean."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from desktop.domain.errors import InvalidInput, NotFound
from desktop.domain.transfers import Destination, Transfer

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.services.transfers import TransferService

SHORT = 6
"""Characters at the end of an id that name a transfer in lists."""

LEAST = 4
"""Characters of an id that have to be typed at least."""

CHUNK = 1_000

SHOWN = 5
"""How many are named where a word may mean several."""

T = TypeVar("T")


async def find_destination(transfers: "TransferService", word: str) -> Destination:
    """Return the destination of this id or name; without a word the only one there is.

    Raises NotFound and InvalidInput.
    """
    known = await transfers.destinations()
    if not known:
        raise NotFound(
            "There is no destination yet",
            remedy="proofreel destinations add NAME --bucket BUCKET makes one.",
        )
    if not word:
        if len(known) == 1:
            return known[0]
        names = ", ".join(one.name for one in known)
        raise InvalidInput(f"There are {len(known)} destinations", names, "Choose one with --to.")
    wanted = word.casefold()
    found = _first(
        (
            [one for one in known if one.id.casefold() == wanted],
            [one for one in known if one.name.casefold() == wanted],
            [one for one in known if one.name.casefold().startswith(wanted)],
        ),
        word,
        lambda one: f"{one.name} ({one.id})",
    )
    if found is None:
        raise NotFound(
            f"There is no destination “{word}”",
            remedy="proofreel destinations list shows what there is.",
        )
    return found


async def find_transfers(
    transfers: "TransferService", words: Sequence[str]
) -> tuple[Transfer, ...]:
    """Return the transfers that words mean, in their order; raises NotFound, InvalidInput.

    A word is an id, the end of one as lists show it, or the name of a file or object.
    """
    rows = await all_transfers(transfers)
    return tuple(dict.fromkeys(_find(rows, word) for word in words))


async def all_transfers(transfers: "TransferService", text: str = "") -> list[Transfer]:
    """Return every row that matches, in the order of the list."""
    rows: list[Transfer] = []
    while True:
        page = await transfers.page(text=text, offset=len(rows), limit=CHUNK)
        rows.extend(page.transfers)
        if not page.transfers or len(rows) >= page.total:
            return rows


def _find(rows: Sequence[Transfer], word: str) -> Transfer:
    identity, name = word.upper(), word.casefold()
    by_end = [one for one in rows if len(word) >= LEAST and one.id.endswith(identity)]
    named = [one for one in rows if name in _names(one)]
    found = _first(
        (by_end, [one for one in named if not one.state.over], named),
        word,
        lambda one: f"{one.key} ({short(one)}, {one.state.value})",
    )
    if found is None:
        raise NotFound(
            f"There is no transfer “{word}”",
            remedy="proofreel transfers list shows what there is.",
        )
    return found


def _names(transfer: Transfer) -> set[str]:
    key, path = transfer.key.casefold(), transfer.path.casefold()
    return {key, path, key.rpartition("/")[2], path.replace("\\", "/").rpartition("/")[2]}


def _first(groups: Iterable[list[T]], word: str, name: "Callable[[T], str]") -> T | None:
    """Return what the first group that is not empty has; raises InvalidInput for several."""
    for group in groups:
        if len(group) == 1:
            return group[0]
        if group:
            names = "; ".join(name(one) for one in group[:SHOWN])
            raise InvalidInput(
                f"“{word}” may mean {len(group)}", names, "Give what stands in brackets."
            )
    return None


def short(transfer: Transfer) -> str:
    """Return what a transfer is called in lists."""
    return transfer.id[-SHORT:].lower()
