"""The list of transfers as a person sees it: pages, search, order, history, and forgetting."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from desktop.domain.transfers import NORMAL, Moment, Transfer, TransferState
from desktop.storage import ledger_rows as rows
from desktop.storage.transaction import Transaction

MOMENTS_KEPT = 500
"""Lines of history kept of each transfer."""


@dataclass(frozen=True, slots=True)
class BatchCount:
    """How far what was added together is."""

    open: int
    done: int
    failed: int
    size: int
    """Bytes of what was done."""


def page(
    tx: Transaction, text: str, states: Collection[TransferState], offset: int, limit: int
) -> tuple[tuple[Transfer, ...], int]:
    """Return rows that match, what is not over first, and how many match in all."""
    where, values = _condition(text, states)
    waiting = _count(tx, f"is_over = 0 AND {where}", values)
    over = _count(tx, f"is_over = 1 AND {where}", values)
    first = _rows(tx, f"is_over = 0 AND {where} ORDER BY priority DESC, position, id",
                  values, offset, limit)  # fmt: skip
    left = limit - len(first)
    order = f"is_over = 1 AND {where} ORDER BY finished_at DESC, id DESC"
    more = _rows(tx, order, values, max(0, offset - waiting), left) if left else ()
    return first + more, waiting + over


def ids(tx: Transaction, text: str, states: Collection[TransferState]) -> tuple[str, ...]:
    """Return the ids of all rows that match, what is not over first."""
    where, values = _condition(text, states)
    query = (
        f"SELECT id FROM transfers WHERE {where} "
        "ORDER BY is_over, priority * (1 - is_over) DESC, position * (1 - is_over), "
        "finished_at DESC, id DESC"
    )
    return tuple(row[0] for row in tx.execute(query, values))


def counts(tx: Transaction) -> dict[TransferState, int]:
    """Return how many rows are in each state."""
    found = tx.execute("SELECT state, count(*) FROM transfers GROUP BY state")
    return {TransferState(state): number for state, number in found}


def batch(tx: Transaction, name: str) -> BatchCount:
    """Return how far what was added together is."""
    done = TransferState.DONE.value
    row = tx.execute(
        "SELECT coalesce(sum(NOT is_over), 0), coalesce(sum(state = ?), 0), "
        "coalesce(sum(is_over AND state <> ?), 0), coalesce(sum(iif(state = ?, size, 0)), 0) "
        "FROM transfers WHERE batch = ? AND batch <> ''",
        (done, done, done, name),
    ).fetchone()
    return BatchCount(*row)


def history(tx: Transaction, transfer_id: str) -> tuple[Moment, ...]:
    """Return what happened to a transfer, oldest first."""
    found = tx.execute(
        "SELECT at, kind, text FROM moments WHERE transfer_id = ? ORDER BY seq", (transfer_id,)
    )
    return tuple(Moment(*row) for row in found)


def prioritise(tx: Transaction, chosen: Sequence[str], priority: int) -> None:
    """Give rows another priority."""
    tx.executemany(
        "UPDATE transfers SET priority = ? WHERE id = ?", ((priority, id_) for id_ in chosen)
    )


def limit_rate(tx: Transaction, chosen: Sequence[str], rate: int) -> None:
    """Limit each of these rows."""
    tx.executemany(
        "UPDATE transfers SET rate_limit = ? WHERE id = ?", ((rate, id_) for id_ in chosen)
    )


def move(tx: Transaction, chosen: Sequence[str], before: str | None) -> None:
    """Put rows before another one, with its priority; None: after all others."""
    moving = dict.fromkeys(chosen)
    query = "SELECT id, priority FROM transfers WHERE is_over = 0 ORDER BY priority DESC, position"
    order = [(id_, priority) for id_, priority in tx.execute(query) if id_ not in moving]
    place = next((n for n, (id_, _p) in enumerate(order) if id_ == before), len(order))
    level = order[place : place + 1] or order[-1:] or [("", NORMAL)]
    priority = level[0][1]
    order[place:place] = [(id_, priority) for id_ in moving]
    tx.executemany(
        "UPDATE transfers SET position = ?, priority = ? WHERE id = ? "
        "AND (position <> ? OR priority <> ?)",
        ((n, priority, id_, n, priority) for n, (id_, priority) in enumerate(order, start=1)),
    )


def forget(tx: Transaction, chosen: Sequence[str]) -> int:
    """Remove rows that are over; return how many there were."""
    done = tx.executemany(
        "DELETE FROM transfers WHERE id = ? AND is_over = 1", ((id_,) for id_ in chosen)
    )
    return done.rowcount


def prune(tx: Transaction, before: float, kept: int) -> int:
    """Remove what ended long ago or is beyond so many rows; return how many rows that were.

    What failed stays until a person removes it: parts of it may lie at the service.
    """
    ended = (TransferState.DONE.value, TransferState.CANCELLED.value)
    done = tx.execute(
        "DELETE FROM transfers WHERE is_over = 1 AND state IN (?, ?) AND (finished_at < ? OR id IN "
        "(SELECT id FROM transfers WHERE is_over = 1 ORDER BY finished_at DESC, id DESC "
        "LIMIT -1 OFFSET ?))",
        (*ended, before, kept),
    )
    tx.execute(
        "DELETE FROM moments WHERE seq IN (SELECT seq FROM (SELECT seq, row_number() OVER "
        "(PARTITION BY transfer_id ORDER BY seq DESC) AS age FROM moments) WHERE age > ?)",
        (MOMENTS_KEPT,),
    )
    return done.rowcount


def rows_of(tx: Transaction, chosen: Sequence[str]) -> tuple[Transfer, ...]:
    """Return rows that there are, in the order asked for."""
    found = (_rows(tx, "id = ?", [id_], 0, 1) for id_ in chosen)
    return tuple(row for some in found for row in some)


def _condition(text: str, states: Collection[TransferState]) -> tuple[str, list[object]]:
    conditions, values = ["1"], list[object]()
    for word in text.casefold().split():
        conditions.append("instr(words, ?) > 0")
        values.append(word)
    if states:
        marks = ", ".join("?" * len(states))
        conditions.append(f"state IN ({marks})")
        values.extend(state.value for state in states)
    return " AND ".join(conditions), values


def _count(tx: Transaction, condition: str, values: Sequence[object]) -> int:
    query = f"SELECT count(*) FROM transfers WHERE {condition}"
    return int(tx.execute(query, values).fetchone()[0])


def _rows(
    tx: Transaction, condition: str, values: Sequence[object], offset: int, limit: int
) -> tuple[Transfer, ...]:
    query = f"SELECT {rows.SELECTED} FROM transfers WHERE {condition} LIMIT ? OFFSET ?"
    found = tx.execute(query, [*values, limit, offset])
    return tuple(rows.transfer_of(row) for row in found)
