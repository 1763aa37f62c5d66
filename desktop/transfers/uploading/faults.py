"""What a fault comes to: a wait, something that is mended first, a new beginning, or the end.

An upload that fails keeps what the service has of it; trying again goes on from there.
"""

from dataclasses import replace

from desktop.domain.faults import Fault, FaultKind, RecoveryAction
from desktop.domain.transfers import Moment, TransferState
from desktop.domain.uploads import CHECKSUM_KINDS, Upload
from desktop.transfers import retry
from desktop.transfers.commands import (
    Command,
    Cut,
    Rest,
    Save,
    WaitForNetwork,
    WaitUntil,
)
from desktop.transfers.entries import merged
from desktop.transfers.stepping import PAUSE_FOR_LEDGER, WAITING, mending, then
from desktop.transfers.steps import Failed, Ready, RequestCut, SaveFailed, Woke
from desktop.transfers.uploading import stopping
from desktop.transfers.uploading.run import Phase, Run, Step, Wish, ask, save, write

RESTARTS = 4
"""New multipart uploads in one process before a person is asked to look."""


def question_failed(run: Run, event: Failed, now: float) -> Step:
    """Treat a question's fault as the table of faults says."""
    return treat(run, event.fault, now)


def treat(run: Run, fault: Fault, now: float) -> Step:
    """Do what the table says about a fault that concerns the upload as a whole."""
    if fault.kind is FaultKind.SOURCE_CHANGED:
        return stopping.source_changed(run, now, fault.message)
    attempts = run.transfer.attempts
    decision = retry.decide(fault, attempts, retry.jitter(run.upload.id, attempts))
    if decision.action is RecoveryAction.WAIT_FOR_NETWORK:
        return wait_for_network(run, fault, now)
    if decision.action in retry.WAITS:
        return wait(run, fault, now, now + decision.delay)
    if decision.action in retry.MENDS:
        return mend(run, fault, now)
    return fail(run, fault, now)


def wait(run: Run, fault: Fault, now: float, until: float) -> Step:
    """Stand still until a time, then go on from what the ledger says."""
    attempts = run.transfer.attempts + 1
    run = _waiting(run, TransferState.WAITING_RETRY, fault, until)
    run = replace(run, upload=run.upload.told(attempts=attempts))
    step = save(run, Moment(now, "retry", f"{fault.message} It is tried again."))
    return then(step, lambda run: (run, (WaitUntil(until),)))


def wait_for_network(run: Run, fault: Fault, now: float) -> Step:
    """Stand still until the service can be reached; being offline is never a failure."""
    chance = retry.jitter(run.upload.id, run.offline)
    until = now + 0.5 + retry.delay(retry.THROTTLE, run.offline, chance, fault.retry_after)
    run = _waiting(run, TransferState.WAITING_NETWORK, fault, until)
    run = replace(run, offline=run.offline + 1, losses=0)
    step = save(run, Moment(now, "network", fault.message))
    return then(step, lambda run: (run, (WaitForNetwork(until),)))


def mend(run: Run, fault: Fault, now: float) -> Step:
    """Put credentials, clock or region in order; parts on their way may finish meanwhile."""
    run = replace(run, upload=run.upload.told(attempts=run.transfer.attempts + 1))
    return ask(run, Phase.MENDING, mending(fault))


def mended(run: Run, event: Ready, now: float) -> Step:
    """Go on from what the ledger says."""
    return again(run)


def again(run: Run, *commands: Command) -> Step:
    """Go on from what the ledger says as soon as nothing is under way any more."""
    phase = Phase.IDLE if run.phase is Phase.SENDING else run.phase
    return replace(run, phase=phase, going=False, wish=Wish.BEGIN), commands


def not_mended(run: Run, event: Failed, now: float) -> Step:
    """Fail: what was tried to mend it had the same fault."""
    return fail(run, event.fault, now)


def fail(run: Run, fault: Fault, now: float) -> Step:
    """End as failed; what the service has stays, for another try."""
    cut: tuple[Command, ...] = (Cut(),) if run.pieces.sending else ()
    run = stopping.standing(run, TransferState.FAILED, fault)
    run = replace(run, upload=run.upload.told(finished_at=now))
    step = save(run, Moment(now, "fault", fault.message))
    return then(step, lambda run: (run, (*cut, Rest())))


def start_over(run: Run, now: float, why: str, upload: Upload | None = None) -> Step:
    """Begin a new multipart upload; what there is of the old one is left to be aborted."""
    if run.restarts >= RESTARTS:
        return fail(run, Fault(FaultKind.NO_UPLOAD, why, "Look at the bucket, then retry."), now)
    cut: tuple[Command, ...] = (Cut(),) if run.pieces.sending else ()
    orphans = stopping.left_behind(run.upload, why)
    run = replace(
        run,
        upload=stopping.fresh(upload or run.upload),
        restarts=run.restarts + 1,
        pieces=run.pieces.rested(),
        found=(),
    )
    moment = Moment(now, "again", why)
    entry = Save(run.upload, forget_parts=True, orphans=orphans, moments=(moment,))
    return then(write(run, entry), lambda run: again(run, *cut))


def lesser_checksums(run: Run, event: Failed, now: float) -> Step:
    """Begin again with the next best kind of checksum, if the endpoint does not know this one."""
    place = CHECKSUM_KINDS.index(run.upload.checksums) + 1
    if place == len(CHECKSUM_KINDS):
        return fail(run, event.fault, now)
    kind = CHECKSUM_KINDS[place]
    upload = replace(run.upload, checksums=kind)
    return start_over(run, now, f"The endpoint is asked for {kind} instead.", upload)


def woke(run: Run, event: Woke, now: float) -> Step:
    """Go on; connections that survived a wait are not trusted."""
    if not run.going and run.transfer.state in WAITING:
        return again(run, *((Cut(),) if run.busy else ()))
    if run.owed is not None:
        return save(run)
    return run, ()


def save_failed(run: Run, event: SaveFailed, now: float) -> Step:
    """Keep what could not be written, to be written with the next thing that is."""
    owed = event.save if run.owed is None else merged(event.save, run.owed)
    run = replace(run, owed=replace(owed, guarding=False))
    if event.save.guarding:
        run = run.to(Phase.IDLE)
    cut: tuple[Command, ...] = (Cut(),) if run.busy and not run.going else ()
    if run.transfer.state is TransferState.CANCELLING:
        return replace(run, wish=Wish.ABORT), cut
    if not _standing_for_good(run):
        until = now + PAUSE_FOR_LEDGER
        attempts = run.transfer.attempts + 1
        if attempts > retry.ATTEMPTS:
            run = stopping.standing(run, TransferState.FAILED, event.fault)
            return run, (*cut, WaitUntil(until))
        run = _waiting(run, TransferState.WAITING_RETRY, event.fault, until)
        run = replace(run, upload=run.upload.told(attempts=attempts))
    return run, (*cut, WaitUntil(now + PAUSE_FOR_LEDGER))


def request_cut(run: Run, event: RequestCut, now: float) -> Step:
    """Take note that a question has no answer."""
    return again(run) if run.going else (run, ())


def _waiting(run: Run, state: TransferState, fault: Fault, until: float) -> Run:
    run = stopping.standing(run, state, fault)
    return replace(run, upload=run.upload.told(next_try_at=until))


def _standing_for_good(run: Run) -> bool:
    state = run.transfer.state
    return state.over or state in {TransferState.PAUSED, TransferState.QUEUED}
