"""How an upload comes to stand: paused, cancelled, or because the file is another one.

The row says so at once; what is on its way still comes in, and is taken note of. Whatever lies at
the service and is of no more use is aborted until nothing of it is held, now or by whoever looks
after orphans.
"""

from dataclasses import replace

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Moment, TransferState
from desktop.domain.uploads import NO_PARTS, Orphan, Upload
from desktop.transfers.commands import AbortUpload, Command, Cut, HeadObject, ListParts, Rest, Save
from desktop.transfers.stepping import then
from desktop.transfers.steps import Aborted, Cancel, Failed, PartsListed, Pause, Resume, Retry
from desktop.transfers.uploading.run import Phase, Run, Step, Wish, ask, save, write

ABORTS = 5
"""Rounds of aborting and counting while a person waits; orphans get as many as it takes."""


def pause(run: Run, event: Pause, now: float) -> Step:
    """Let a person stop it for a while; nothing that was acknowledged is lost."""
    state = run.transfer.state
    if state.over or state in {TransferState.PAUSED, TransferState.CANCELLING}:
        return run, ()
    run = standing(run, TransferState.PAUSED)
    cut = _cut(run) if event.hard and run.phase is not Phase.COMPLETING else ()
    return then(save(run, Moment(now, "paused", "Paused")), lambda run: (run, (*cut, Rest())))


def resume(run: Run, event: Resume, now: float) -> Step:
    """Put it back into the queue."""
    if run.transfer.state is not TransferState.PAUSED:
        return run, ()
    run = standing(run, TransferState.QUEUED)
    return save(run, Moment(now, "resumed", "Queued again"))


def cancel(run: Run, event: Cancel, now: float) -> Step:
    """Stop for good; what lies at the service goes."""
    state = run.transfer.state
    if state in {TransferState.DONE, TransferState.CANCELLED, TransferState.CANCELLING}:
        return run, ()
    if run.transfer.etag:
        return _too_late(run, now)
    if not run.busy and not _leaves_something(run.upload):
        return cancelled(run, now)
    cut = () if run.phase is Phase.COMPLETING else _cut(run)
    run = replace(standing(run, TransferState.CANCELLING), wish=Wish.ABORT)
    moment = Moment(now, "cancelling", "Cancelling: what lies at the service is removed")
    return then(save(run, moment), lambda run: (run, (*cut, Rest())))


def retry(run: Run, event: Retry, now: float) -> Step:
    """Queue it again after it had ended; from the beginning if there is nothing to go on with."""
    state = run.transfer.state
    if not state.over or state is TransferState.DONE:
        return run, ()
    upload = run.upload
    if upload.source is None or state is not TransferState.FAILED:
        upload = replace(fresh(upload), nonce=event.nonce)
    if event.replace is not None:
        upload = replace(upload, request=replace(upload.request, replace=event.replace))
    upload = upload.told(attempts=0, finished_at=None)
    run = standing(replace(run, upload=upload, restarts=0, looks=0), TransferState.QUEUED)
    return save(run, Moment(now, "retry", "Queued again"))


def source_changed(run: Run, now: float, reason: str) -> Step:
    """Stop because the file is another one than the parts are of: they are of no use."""
    fault = Fault(FaultKind.SOURCE_CHANGED, reason, "Retry to send it as it is now.")
    return abandon(run, now, TransferState.SOURCE_CHANGED, fault)


def abandon(run: Run, now: float, state: TransferState, fault: Fault) -> Step:
    """Stop, and leave what lies at the service to be aborted."""
    orphans = left_behind(run.upload, fault.message)
    cut = _cut(run)
    run = replace(run, upload=fresh(run.upload))
    run = standing(run, state, fault)
    run = replace(run, upload=run.upload.told(finished_at=now))
    moment = Moment(now, "fault", fault.message)
    entry = Save(run.upload, forget_parts=True, orphans=orphans, moments=(moment,))
    return then(write(run, entry), lambda run: (run, (*cut, Rest())))


def standing(run: Run, state: TransferState, fault: Fault | None = None) -> Run:
    """Return it standing still in ``state``."""
    words = (fault.message, fault.remedy) if fault else ("", "")
    upload = run.upload.told(
        state=state, reason=words[0], remedy=words[1], fault=fault, next_try_at=None
    )
    phase = Phase.IDLE if run.phase is Phase.SENDING else run.phase
    return replace(run, upload=upload, going=False, wish=None, phase=phase)


def fresh(upload: Upload) -> Upload:
    """Return it as it was before it was begun."""
    clean = replace(upload, source=None, creating_at=None, parts=NO_PARTS)
    return clean.told(
        upload_id="", part_size=0, parts=0, parts_done=0, confirmed=0, etag="", checksum=""
    )


def left_behind(upload: Upload, reason: str) -> tuple[Orphan, ...]:
    """Return what of it lies at the service, or may lie there, as something to be aborted."""
    row = upload.transfer
    if not row.upload_id and upload.creating_at is None:
        return ()
    asked_at = 0.0 if row.upload_id else upload.creating_at or 0.0
    return (Orphan(row.destination, row.bucket, row.key, row.upload_id, reason, asked_at),)


def abort(run: Run, now: float) -> Step:
    """Remove what lies at the service, now that nothing is under way any more."""
    run = replace(run, wish=None)
    if run.transfer.upload_id:
        return ask(replace(run, aborts=run.aborts + 1), Phase.ABORTING, AbortUpload())
    if run.upload.creating_at is not None:
        return not_aborted(run, now)
    if run.upload.source is not None:
        return ask(run, Phase.ENDING, HeadObject())
    return cancelled(run, now)


def aborted(run: Run, event: Aborted, now: float) -> Step:
    """Count what is held all the same: parts that were on their way may have come after it."""
    return ask(run, Phase.COUNTING, ListParts())


def counted(run: Run, event: PartsListed, now: float) -> Step:
    """Abort again while something is held."""
    if not event.parts:
        return gone(run, now)
    if run.aborts < ABORTS:
        return abort(run, now)
    return not_aborted(run, now)


def gone(run: Run, now: float) -> Step:
    """Make sure that it was not completed before, by a request whose answer was lost."""
    if run.all_there:
        return ask(run, Phase.ENDING, HeadObject(expect=True, parts=run.upload.in_order))
    return cancelled(run, now)


def already_gone(run: Run, event: Failed, now: float) -> Step:
    """Nothing of it is held."""
    return gone(run, now)


def not_done(run: Run, event: Failed, now: float) -> Step:
    """It was not completed, as far as can be told."""
    return cancelled(run, now)


def could_not_abort(run: Run, event: Failed, now: float) -> Step:
    """Leave it to whoever looks after orphans; the person does not wait for that."""
    return not_aborted(run, now)


def not_aborted(run: Run, now: float) -> Step:
    """End as cancelled, and have the rest aborted later."""
    orphans = left_behind(run.upload, "It could not be aborted when it was cancelled")
    return cancelled(run, now, orphans)


def done(run: Run, now: float, etag: str, checksum: str, words: str) -> Step:
    """End as done."""
    row = run.transfer
    upload = run.upload.with_parts(NO_PARTS).told(
        state=TransferState.DONE,
        reason="",
        remedy="",
        fault=None,
        etag=etag,
        checksum=checksum,
        confirmed=row.size,
        parts_done=row.parts,
        next_try_at=None,
        finished_at=now,
    )
    run = replace(run, upload=upload, going=False, phase=Phase.IDLE, wish=None)
    entry = Save(run.upload, forget_parts=True, moments=(Moment(now, "done", words),))
    return then(write(run, entry), lambda run: (run, (Rest(),)))


def cancelled(run: Run, now: float, orphans: tuple[Orphan, ...] = ()) -> Step:
    """End as cancelled."""
    run = replace(run, upload=fresh(run.upload), phase=Phase.IDLE, aborts=0)
    run = standing(run, TransferState.CANCELLED)
    run = replace(run, upload=run.upload.told(finished_at=now))
    moment = Moment(now, "cancelled", "Cancelled")
    entry = Save(run.upload, forget_parts=True, orphans=orphans, moments=(moment,))
    return then(write(run, entry), lambda run: (run, (Rest(),)))


def _too_late(run: Run, now: float) -> Step:
    """End as done: the service has put it together, whatever else it would say of it."""
    row, cut = run.transfer, _cut(run)
    words = "It was done before it could be cancelled"
    phase = run.phase
    run, commands = done(run, now, row.etag, row.checksum, words)
    return run.to(phase), (*commands, *cut)


def _leaves_something(upload: Upload) -> bool:
    return bool(upload.source is not None or upload.creating_at is not None)


def _cut(run: Run) -> tuple[Command, ...]:
    return (Cut(),) if run.busy else ()
