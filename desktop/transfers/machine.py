"""An upload as a machine without hands: what it does next, for everything that can happen to it.

The table below is the whole of it. A run is a frozen value; ``step`` looks up the transition for
what is being waited for and what happened, and returns the next run and the commands for the
runner (see ``steps``). What is not in the table is ignored. After a crash ``open_run`` makes the
run again from the ledger; ``Begin`` then finds out where it stands, by the same transitions that
wake it after a pause.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from desktop.domain.faults import FaultKind
from desktop.domain.transfers import TransferState
from desktop.domain.uploads import Upload
from desktop.transfers import steps as s
from desktop.transfers.entries import sealed
from desktop.transfers.scheduler import Lane
from desktop.transfers.uploading import faults, finishing, sending, stopping, taking_up
from desktop.transfers.uploading.run import Phase, Run, Step, Wish

__all__ = ["Phase", "Run", "arranged", "lane", "open_run", "step"]

Transition = Callable[[Run, Any, float], Step]

READY = 32
"""Parts shown to the scheduler at once: as many as there can be connections."""

UNDER_WAY = {
    TransferState.CREATING,
    TransferState.ACTIVE,
    TransferState.WAITING_NETWORK,
    TransferState.WAITING_RETRY,
    TransferState.COMPLETING,
    TransferState.VERIFYING,
    TransferState.CANCELLING,
}
"""States that are gone on with at once when the process comes up again."""

ANSWERS: Mapping[tuple[Phase, type[s.Happened]], Transition] = {
    (Phase.LOOKING, s.Looked): taking_up.looked,
    (Phase.PEEKING, s.Headed): taking_up.peeked,
    (Phase.SEARCHING, s.UploadsFound): taking_up.found,
    (Phase.CREATING, s.Created): taking_up.created,
    (Phase.LISTING, s.PartsListed): taking_up.listed,
    (Phase.PROVING, s.PartsProven): taking_up.proven,
    (Phase.PUTTING, s.WholeSent): finishing.completed,
    (Phase.LOOKING_LAST, s.Looked): finishing.looked_last,
    (Phase.COMPLETING, s.Completed): finishing.completed,
    (Phase.VERIFYING, s.Headed): finishing.verified,
    (Phase.RECALLING, s.Headed): finishing.recalled,
    (Phase.MISSING, s.Headed): finishing.missing,
    (Phase.OCCUPIED, s.Headed): finishing.occupied,
    (Phase.UNGUARDED, s.Headed): finishing.occupied,
    (Phase.MENDING, s.Ready): faults.mended,
    (Phase.ABORTING, s.Aborted): stopping.aborted,
    (Phase.COUNTING, s.PartsListed): stopping.counted,
    (Phase.ENDING, s.Headed): finishing.after_all,
}
"""What each answer leads to."""

FAULTS: Mapping[tuple[Phase, FaultKind], Transition] = {
    (Phase.PEEKING, FaultKind.NO_OBJECT): taking_up.may_be_free,
    (Phase.PEEKING, FaultKind.DENIED): taking_up.may_be_free,
    (Phase.CREATING, FaultKind.UNSUPPORTED): faults.lesser_checksums,
    (Phase.LISTING, FaultKind.NO_UPLOAD): finishing.upload_gone,
    (Phase.PUTTING, FaultKind.EXISTS): finishing.exists,
    (Phase.PUTTING, FaultKind.UNSUPPORTED): finishing.unconditional,
    (Phase.COMPLETING, FaultKind.EXISTS): finishing.exists,
    (Phase.COMPLETING, FaultKind.NO_UPLOAD): finishing.upload_gone,
    (Phase.COMPLETING, FaultKind.UNSUPPORTED): finishing.unconditional,
    (Phase.COMPLETING, FaultKind.DIGEST): finishing.check_parts,
    (Phase.COMPLETING, FaultKind.INVALID): finishing.check_parts,
    (Phase.VERIFYING, FaultKind.NO_OBJECT): finishing.vanished,
    (Phase.VERIFYING, FaultKind.DENIED): finishing.not_readable,
    (Phase.RECALLING, FaultKind.NO_OBJECT): finishing.not_there,
    (Phase.RECALLING, FaultKind.DENIED): finishing.not_there,
    (Phase.MISSING, FaultKind.NO_OBJECT): finishing.nothing_there,
    (Phase.MISSING, FaultKind.DENIED): finishing.nothing_there,
    (Phase.OCCUPIED, FaultKind.NO_OBJECT): finishing.freed,
    (Phase.OCCUPIED, FaultKind.DENIED): finishing.cannot_tell_whose,
    (Phase.UNGUARDED, FaultKind.NO_OBJECT): finishing.unguarded,
    (Phase.UNGUARDED, FaultKind.DENIED): finishing.unguarded,
    (Phase.MENDING, FaultKind.EXPIRED): faults.not_mended,
    (Phase.ABORTING, FaultKind.NO_UPLOAD): stopping.already_gone,
    (Phase.COUNTING, FaultKind.NO_UPLOAD): stopping.already_gone,
    (Phase.ENDING, FaultKind.NO_OBJECT): stopping.not_done,
}
"""Answers that are faults and mean something particular; others go by the table of faults.

Who may not list a bucket is denied to look at what is not there: that counts as nothing there.
"""

ENDINGS: Mapping[Phase, Transition] = {
    Phase.ABORTING: stopping.could_not_abort,
    Phase.COUNTING: stopping.could_not_abort,
    Phase.ENDING: stopping.not_done,
}
"""What any other fault means for an upload that is being cancelled: nobody waits for it."""

PARTS: Mapping[type[s.Happened], Transition] = {
    s.PartStarted: sending.part_started,
    s.PartSent: sending.part_sent,
    s.PartFailed: sending.part_failed,
    s.PartCut: sending.part_cut,
}
"""What becomes of parts, whatever else goes on."""

PERSON: Mapping[type[s.Happened], Transition] = {
    s.Begin: taking_up.begin,
    s.Pause: stopping.pause,
    s.Resume: stopping.resume,
    s.Cancel: stopping.cancel,
    s.Retry: stopping.retry,
    s.Woke: faults.woke,
    s.SaveFailed: faults.save_failed,
    s.RequestCut: faults.request_cut,
}
"""What people, time and the disk ask for, at any time."""

LATE: Mapping[type[s.Happened], Transition] = {
    s.Created: taking_up.created_late,
    s.Completed: finishing.completed,
    s.WholeSent: finishing.completed,
}
"""Answers that count although it has been told to stand still meanwhile."""

WISHES: Mapping[Wish, Callable[[Run, float], Step]] = {
    Wish.BEGIN: taking_up.take_up,
    Wish.ABORT: stopping.abort,
}
"""What is done once nothing is under way any more."""


ANSWERING = {kind for _phase, kind in ANSWERS} | {s.Failed, s.RequestCut}
"""What ends the question that is open."""


def open_run(upload: Upload) -> Run:
    """Return the run of an upload from the ledger; it stands still until ``Begin``."""
    return Run(upload, recovered=upload.transfer.state in UNDER_WAY)


def step(run: Run, event: s.Happened, now: float) -> Step:
    """Return what becomes of ``run`` by ``event``, and what is to be done, in order."""
    transition = _transition(run, event)
    if run.asked and type(event) in ANSWERING:
        run = run.to(Phase.IDLE)
    run, commands = transition(run, event, now)
    if run.wish is not None and not run.busy:
        run, more = WISHES[run.wish](run, now)
        commands += more
    return run, sealed(commands, run.upload)


def arranged(run: Run, priority: int, position: int, rate_limit: int) -> Run:
    """Return it as a person has put it in the list."""
    row = replace(run.transfer, priority=priority, position=position, rate_limit=rate_limit)
    return replace(run, upload=replace(run.upload, transfer=row))


def lane(run: Run, now: float) -> Lane:
    """Return what the scheduler needs to know of it."""
    row = run.transfer
    return Lane(
        id=run.upload.id,
        priority=row.priority,
        position=row.position,
        part_size=row.part_size,
        ready=sending.ready(run, now, READY),
        sending=tuple(n for n in run.pieces.sending if n not in run.upload.parts),
        left=run.plan.count - row.parts_done,
        wake_at=run.pieces.next_ready_at,
    )


def _transition(run: Run, event: s.Happened) -> Transition:
    kind = type(event)
    always = PARTS.get(kind) or PERSON.get(kind)
    if always is not None:
        return always
    if not run.asked:
        return _noted
    if not run.going:
        return LATE.get(kind, _noted)
    if isinstance(event, s.Failed):
        return _of_fault(run.phase, event.fault.kind)
    return ANSWERS.get((run.phase, kind), _noted)


def _of_fault(phase: Phase, kind: FaultKind) -> Transition:
    special = FAULTS.get((phase, kind)) or ENDINGS.get(phase)
    return special or faults.question_failed


def _noted(run: Run, event: s.Happened, now: float) -> Step:
    return run, ()
