"""A download as a machine without hands; see ``machine``, whose younger sister it is.

A file is fetched beside its place under another name. It gets its name when every byte of it was
compared with what the service says of the object; until then, what stood there is untouched.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from desktop.domain.faults import FaultKind
from desktop.domain.transfers import TransferState
from desktop.domain.uploads import Download
from desktop.transfers import commands as c
from desktop.transfers import steps as s
from desktop.transfers.entries import merged, sealed
from desktop.transfers.fetching import moving, standing
from desktop.transfers.fetching.run import Phase, Run, Step, Wish
from desktop.transfers.scheduler import Lane

__all__ = ["Phase", "Run", "arranged", "lane", "open_run", "step"]

Transition = Callable[[Run, Any, float], Step]

READY = 32
"""Parts shown to the scheduler at once: as many as there can be connections."""

UNDER_WAY = {
    TransferState.ACTIVE,
    TransferState.WAITING_NETWORK,
    TransferState.WAITING_RETRY,
    TransferState.VERIFYING,
    TransferState.CANCELLING,
}
"""States that are gone on with at once when the process comes up again."""

ANSWERS: Mapping[tuple[Phase, type[s.Happened]], Transition] = {
    (Phase.HEADING, s.Headed): moving.headed,
    (Phase.OPENING, s.PartialOpened): moving.opened,
    (Phase.CHECKING, s.FileVerified): moving.checked,
    (Phase.PUBLISHING, s.Published): moving.published,
    (Phase.MENDING, s.Ready): standing.mended,
    (Phase.REMOVING, s.PartialRemoved): standing.removed,
    (Phase.REMOVING, s.Failed): standing.removed,
}
"""What each answer leads to."""

FAULTS: Mapping[tuple[Phase, FaultKind], Transition] = {
    (Phase.PUBLISHING, FaultKind.EXISTS): moving.name_taken,
    (Phase.MENDING, FaultKind.EXPIRED): standing.not_mended,
}
"""Answers that are faults and mean something particular; others go by the table of faults."""

ALWAYS: Mapping[type[s.Happened], Transition] = {
    s.PartStarted: moving.part_started,
    s.PartFetched: moving.part_fetched,
    s.PartFailed: moving.part_failed,
    s.PartCut: moving.part_cut,
    s.Begin: standing.begin,
    s.Pause: standing.pause,
    s.Resume: standing.resume,
    s.Cancel: standing.cancel,
    s.Retry: standing.retry,
    s.Woke: standing.woke,
    s.SaveFailed: standing.save_failed,
    s.RequestCut: standing.request_cut,
}
"""What counts whatever is being waited for."""

LATE: Mapping[type[s.Happened], Transition] = {s.Published: moving.published}
"""Answers that count although it has been told to stand still meanwhile."""

WISHES: Mapping[Wish, Callable[[Run, float], Step]] = {
    Wish.BEGIN: moving.take_up,
    Wish.REMOVE: standing.remove,
}
"""What is done once nothing is under way any more."""


ANSWERING = {kind for _phase, kind in ANSWERS} | {s.Failed, s.RequestCut}
"""What ends the question that is open."""


def open_run(download: Download) -> Run:
    """Return the run of a download from the ledger; it stands still until ``Begin``."""
    return Run(download, recovered=download.transfer.state in UNDER_WAY)


def step(run: Run, event: s.Happened, now: float) -> Step:
    """Return what becomes of ``run`` by ``event``, and what is to be done, in order."""
    transition = _transition(run, event)
    if run.asked and type(event) in ANSWERING:
        run = run.to(Phase.IDLE)
    run, commands = transition(run, event, now)
    if run.wish is not None and not run.busy:
        run, more = WISHES[run.wish](run, now)
        commands += more
    return _written(run, sealed(commands, run.download))


def arranged(run: Run, priority: int, position: int, rate_limit: int) -> Run:
    """Return it as a person has put it in the list."""
    row = replace(run.transfer, priority=priority, position=position, rate_limit=rate_limit)
    return replace(run, download=replace(run.download, transfer=row))


def lane(run: Run, now: float) -> Lane:
    """Return what the scheduler needs to know of it."""
    row, done = run.transfer, run.download.parts
    return Lane(
        id=run.download.id,
        priority=row.priority,
        position=row.position,
        part_size=row.part_size,
        ready=run.pieces.ready(now, READY, run.plan.count, done) if run.fetches else (),
        sending=tuple(n for n in run.pieces.sending if n not in done),
        left=run.plan.count - row.parts_done,
        wake_at=run.pieces.next_ready_at,
    )


def _transition(run: Run, event: s.Happened) -> Transition:
    kind = type(event)
    if kind in ALWAYS:
        return ALWAYS[kind]
    if not run.asked:
        return _noted
    if not run.going:
        return LATE.get(kind, _noted)
    if isinstance(event, s.Failed) and (run.phase, kind) not in ANSWERS:
        return FAULTS.get((run.phase, event.fault.kind), standing.question_failed)
    return ANSWERS.get((run.phase, kind), _noted)


def _written(run: Run, commands: tuple[c.Command, ...]) -> Step:
    """Write what could not be written before with what is written now."""
    if run.owed is None or not any(isinstance(command, c.Save) for command in commands):
        return run, commands
    owed, transfer = run.owed, run.download
    whole = tuple(
        replace(merged(owed, command), transfer=transfer, guarding=command.guarding)
        if isinstance(command, c.Save)
        else command
        for command in commands
    )
    return replace(run, owed=None), whole


def _noted(run: Run, event: s.Happened, now: float) -> Step:
    return run, ()
