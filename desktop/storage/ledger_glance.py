"""A look at the ledger of transfers that starts nothing, changes nothing and waits for nobody.

Whoever opens a window wants to know whether there is anything to go on with, before an engine is
started for it.
"""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from desktop.storage import ledger_schema

PATIENCE = 1.0
"""Seconds to wait while another process changes the file."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What is in a ledger."""

    exists: bool = False
    unfinished: int = 0
    """Transfers that are not over, and aborts that are still owed to a service."""
    problem: str = ""
    """Why it cannot be read, as a sentence; empty when it can."""


def glance(path: Path) -> Glance:
    """Look at the ledger in ``path``; blocks on the disk for moments."""
    if not path.exists():
        return Glance()
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as file:
            return _count(file)
    except sqlite3.Error as error:
        return Glance(exists=True, problem=f"The list of transfers cannot be read: {error}.")


def _count(file: sqlite3.Connection) -> Glance:
    (version,) = file.execute("PRAGMA user_version").fetchone()
    if version > len(ledger_schema.STEPS):
        return Glance(exists=True, problem="The list of transfers was made by a newer Proofreel.")
    if not version:
        return Glance()  # being made at this moment
    (waiting,) = file.execute("SELECT count(*) FROM transfers WHERE is_over = 0").fetchone()
    (owed,) = file.execute("SELECT count(*) FROM orphans").fetchone()
    return Glance(exists=True, unfinished=waiting + owed)
