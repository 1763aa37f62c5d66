"""Beginning, and going on from whatever the ledger says: after a crash, a pause, or a wait.

There is one way only. What the service says it has is the truth; the ledger says which of it was
ours, and the file whether it is still of use.
"""

from dataclasses import replace

from desktop.domain.errors import InvalidInput
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Moment, TransferState
from desktop.domain.uploads import Orphan, Part
from desktop.transfers import orphans, plan
from desktop.transfers.commands import (
    CreateUpload,
    Cut,
    FindUploads,
    HeadObject,
    LookAtSource,
    Save,
)
from desktop.transfers.stepping import then
from desktop.transfers.steps import (
    Begin,
    Created,
    Failed,
    Headed,
    Looked,
    PartsListed,
    PartsProven,
    UploadsFound,
)
from desktop.transfers.uploading import faults, finishing, sending, stopping
from desktop.transfers.uploading.run import Phase, Run, Step, Wish, ask, save, write


def begin(run: Run, event: Begin, now: float) -> Step:
    """Begin as soon as nothing of before is under way any more."""
    state = run.transfer.state
    if run.going or state.over or state is TransferState.PAUSED:
        return run, ()
    if state is TransferState.CANCELLING:
        return replace(run, wish=Wish.ABORT), ()
    return replace(run, wish=Wish.BEGIN), ((Cut(),) if run.busy else ())


def take_up(run: Run, now: float) -> Step:
    """Find out where it stands, the latest possibility first."""
    row = run.transfer
    upload = run.upload.told(state=_shown(row.state), reason="", remedy="", fault=None)
    run = replace(run, upload=upload, wish=None, going=True)
    if row.etag:
        return finishing.verify(run)
    if run.recovered and run.upload.parts:
        run = _resumed(run)
    if run.all_there:
        return finishing.recall(run, Phase.RECALLING)
    return ask(run, Phase.LOOKING, LookAtSource())


def looked(run: Run, event: Looked, now: float) -> Step:
    """Plan a new upload; go on with one that was begun, if the file is still the same."""
    if run.upload.source is None:
        return _plan(run, event, now)
    return finishing.compared(run, event, now, _go_on)


def found(run: Run, event: UploadsFound, now: float) -> Step:
    """Leave an upload whose id never came to be aborted, and ask for another."""
    row = run.transfer
    left = tuple(
        Orphan(row.destination, row.bucket, row.key, stray.upload_id, "Its id never came")
        for stray in orphans.strays(run.upload.creating_at or 0.0, event.uploads)
    )
    run = replace(run, upload=replace(run.upload, creating_at=None))
    return then(write(run, Save(run.upload, orphans=left)), lambda run: create(run, now))


def peeked(run: Run, event: Headed, now: float) -> Step:
    """Say that the key is taken before anything is sent."""
    return finishing.occupied(run, event, now)


def may_be_free(run: Run, event: Failed, now: float) -> Step:
    """The key is free, or these credentials may not look."""
    return create(run, now)


def create(run: Run, now: float) -> Step:
    """Ask for a multipart upload; that it was asked for is known first."""
    upload = replace(run.upload, creating_at=now).told(state=TransferState.CREATING)
    run = replace(run, upload=upload)
    return then(save(run), lambda run: ask(run, Phase.CREATING, CreateUpload()))


def created(run: Run, event: Created, now: float) -> Step:
    """Write down the id before anything is sent to it."""
    run = _with_id(run, event)
    moment = Moment(now, "created", f"Begun in {run.plan.count} parts")
    return then(save(run, moment), lambda run: sending.send(run, now))


def created_late(run: Run, event: Created, now: float) -> Step:
    """Keep the id although it stands still: that is how it is found, to go on or to abort."""
    return save(_with_id(run, event))


def listed(run: Run, event: PartsListed, now: float) -> Step:
    """Keep parts that service and ledger agree on; have those compared that only one knows."""
    there = {part.number: part for part in event.parts}
    known = run.upload.parts
    kept = {n: part for n, part in known.items() if n in there and agree(part, there[n])}
    lost = tuple(n for n in known if n not in kept)
    new = tuple(part for n, part in there.items() if n not in kept and _planned(run, part))
    run = replace(run, upload=run.upload.with_parts(kept), found=new)
    step = write(run, Save(run.upload, lost=lost)) if lost else (run, ())
    if new or run.source is not None or run.doubted:
        return then(step, lambda run: finishing.prove(run, now))
    return then(step, lambda run: sending.send(run, now))


def proven(run: Run, event: PartsProven, now: float) -> Step:
    """Adopt parts that are what the file has there; stop if one that was ours is not."""
    begun = run.source or run.upload.source
    assert begun is not None, "it was looked at before"
    if not begun.stamp.same_content(event.stamp):
        return stopping.source_changed(run, now, "The file changed while it was compared.")
    if begun.stamp != event.stamp:
        return ask(run, Phase.LOOKING, LookAtSource())
    ours = {part.number: part for part in event.parts}
    if not all(agree(part, ours[n]) for n, part in run.upload.parts.items() if n in ours):
        return stopping.source_changed(run, now, "The file's contents changed.")
    adopted = tuple(part for part in run.found if agree(part, ours[part.number]))
    upload = replace(run.upload, source=begun)
    for part in adopted:
        upload = upload.with_part(part)
    run = replace(run, upload=upload, source=None, found=(), doubted=False)
    step = write(run, Save(upload, parts=adopted, moments=_adopted(adopted, now)))
    return then(step, lambda run: sending.send(run, now))


def agree(one: Part, other: Part) -> bool:
    """Tell whether two accounts of a part are of the same bytes, by what both of them say."""
    if one.size != other.size:
        return False
    pairs = [(one.checksum, other.checksum), (one.etag, other.etag)]
    said = [(a, b) for a, b in pairs if a and b]
    return bool(said) and all(a == b for a, b in said)


def _shown(state: TransferState) -> TransferState:
    """Return what it says while it finds out where it stands."""
    kept = {TransferState.CREATING, TransferState.COMPLETING, TransferState.VERIFYING}
    return state if state in kept else TransferState.ACTIVE


def _plan(run: Run, event: Looked, now: float) -> Step:
    source = event.source
    try:
        made = plan.planned(source.size, run.upload.largest_part)
    except InvalidInput as error:
        return faults.fail(run, Fault(FaultKind.INVALID, error.detail, error.remedy), now)
    upload = replace(run.upload, source=source).told(
        size=source.size, part_size=made.part_size, parts=made.count
    )
    run = replace(run, upload=upload, source=None)
    if made.whole:
        return finishing.put(run, now)
    return _ask_for_upload(run, now)


def _go_on(run: Run, now: float) -> Step:
    if run.plan.whole:
        return finishing.recall(run, Phase.RECALLING)
    if run.transfer.upload_id:
        return finishing.list_parts(run)
    return _ask_for_upload(run, now)


def _ask_for_upload(run: Run, now: float) -> Step:
    if run.upload.creating_at is not None:
        return ask(run, Phase.SEARCHING, FindUploads())
    if run.upload.only_if_new:
        return ask(run, Phase.PEEKING, HeadObject())
    return create(run, now)


def _with_id(run: Run, event: Created) -> Run:
    upload = replace(run.upload, creating_at=None).told(upload_id=event.upload_id)
    return replace(run, upload=upload)


def _planned(run: Run, part: Part) -> bool:
    return part.number <= run.plan.count and part.size == run.plan.length(part.number)


def _resumed(run: Run) -> Run:
    row = run.transfer
    again = min(row.in_flight, max(0, row.size - row.confirmed))
    upload = run.upload.told(resumed_from=row.confirmed, sent_again=row.sent_again + again)
    return replace(run, upload=upload, recovered=False)


def _adopted(parts: tuple[Part, ...], now: float) -> tuple[Moment, ...]:
    if not parts:
        return ()
    words = f"{len(parts)} parts had arrived without our knowing; they need not be sent again"
    return (Moment(now, "adopted", words),)
