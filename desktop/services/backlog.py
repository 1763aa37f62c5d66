"""Whether there is anything to go on with, seen without starting an engine."""

from desktop.services.transfer_engine import Backlog
from desktop.storage.ledger_glance import glance
from desktop.transfers.engine.place import Place, is_taken


def look(place: Place) -> Backlog:
    """Look at a library's transfers; blocks on the disk for moments, changes nothing."""
    seen = glance(place.ledger)
    if not place.folder.is_dir():
        return Backlog()
    record = place.read()
    running = record is not None and is_taken(place)
    return Backlog(
        exists=seen.exists or running,
        unfinished=seen.unfinished,
        process=record.pid if running and record is not None else 0,
        problem=seen.problem,
    )
