"""Putting parts together, and making sure that the object is what the file was.

The answer to completing may be lost, may say 200 and mean an error, and may come after minutes.
So the object itself is asked: it is ours if it has our nonce.
"""

from collections.abc import Callable
from dataclasses import replace

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Moment, TransferState
from desktop.domain.uploads import ObjectSeen
from desktop.transfers import retry
from desktop.transfers.commands import (
    CompleteUpload,
    HeadObject,
    ListParts,
    LookAtSource,
    ProveParts,
    PutWhole,
    UseChecksums,
)
from desktop.transfers.stepping import then
from desktop.transfers.steps import Completed, Failed, Headed, Looked, WholeSent
from desktop.transfers.uploading import faults, stopping
from desktop.transfers.uploading.run import Phase, Run, Step, ask, save

LOOKS = 5
"""How often contents are compared because a file is touched over and over."""


def look_last(run: Run) -> Step:
    """Look at the file once more before its parts become an object."""
    return ask(run, Phase.LOOKING_LAST, LookAtSource())


def looked_last(run: Run, event: Looked, now: float) -> Step:
    """Complete, if the file is still what the parts are of."""
    return compared(run, event, now, complete)


def compared(run: Run, event: Looked, now: float, go_on: Callable[[Run, float], Step]) -> Step:
    """Go on if the file is as it was; compare contents if only its attributes changed."""
    begun = run.upload.source
    assert begun is not None, "it was looked at when it began"
    same = begun.stamp.same_content(event.source.stamp) and begun.size == event.source.size
    if not same or begun.sample != event.source.sample:
        return stopping.source_changed(run, now, "The file changed since its upload began.")
    if begun.stamp == event.source.stamp or not (run.upload.parts or run.found):
        run = replace(run, upload=replace(run.upload, source=event.source), source=None)
        return go_on(run, now)
    return prove(replace(run, source=event.source), now)


def prove(run: Run, now: float) -> Step:
    """Compare parts that only the service knows with the file; if it was touched, all of them."""
    if run.looks >= LOOKS:
        return stopping.source_changed(run, now, "The file is being changed over and over.")
    every = run.upload.parts if run.source is not None or run.doubted else ()
    numbers = sorted({*every, *(part.number for part in run.found)})
    run = replace(run, looks=run.looks + 1)
    return ask(run, Phase.PROVING, ProveParts(tuple(numbers), md5=_needs_md5(run)))


def complete(run: Run, now: float) -> Step:
    """Ask for the object; that it was asked for is known first."""
    run = replace(run, upload=run.upload.told(state=TransferState.COMPLETING))
    request = CompleteUpload(run.upload.in_order, run.upload.only_if_new)
    return then(save(run), lambda run: ask(run, Phase.COMPLETING, request))


def put(run: Run, now: float) -> Step:
    """Send the file whole; that it was begun is known first."""
    source = run.upload.source
    assert source is not None, "it was looked at"
    started = now if run.transfer.started_at is None else run.transfer.started_at
    run = replace(run, upload=run.upload.told(state=TransferState.ACTIVE, started_at=started))
    request = PutWhole(run.upload.only_if_new, source.stamp)
    return then(save(run), lambda run: ask(run, Phase.PUTTING, request))


def completed(run: Run, event: Completed | WholeSent, now: float) -> Step:
    """Look at the object itself; the file does not matter any more."""
    row = run.transfer
    upload = run.upload.told(
        state=TransferState.VERIFYING,
        etag=event.etag,
        checksum=event.checksum,
        confirmed=row.size,
        parts_done=row.parts,
        attempts=0,
        next_try_at=None,
    )
    run = replace(run, upload=upload, offline=0, wish=None)
    kind = UseChecksums(upload.checksums)
    step = save(run, Moment(now, "completed", "The service has all of it"))
    return then(step, lambda run: then((run, (kind,)), verify))


def verify(run: Run) -> Step:
    """Ask what the object is."""
    return ask(run, Phase.VERIFYING, HeadObject())


def recall(run: Run, phase: Phase) -> Step:
    """Ask whose object is there, and what its checksum would have to be if it is ours."""
    return ask(run, phase, HeadObject(expect=True, parts=run.upload.in_order))


def verified(run: Run, event: Headed, now: float) -> Step:
    """Believe the object only if it says what we know."""
    if event.seen.nonce != run.upload.nonce:
        reason = "Somebody else put another object there right after it was sent."
        return faults.fail(run, Fault(FaultKind.CONFLICT, reason, "Retry to replace it."), now)
    return judged(run, event.seen, run.transfer.checksum, now)


def judged(run: Run, seen: ObjectSeen, expected: str, now: float) -> Step:
    """End as done, or say that the object is damaged; it is ours."""
    if seen.size != run.transfer.size or contradicts(seen, expected):
        run = replace(run, upload=stopping.fresh(run.upload))
        reason = "The object at the service is not what the file was."
        fault = Fault(FaultKind.DIGEST, reason, "Retry to send it again.")
        return stopping.abandon(run, now, TransferState.FAILED, fault)
    return stopping.done(run, now, seen.etag, seen.checksum or expected, "Verified")


def contradicts(seen: ObjectSeen, expected: str) -> bool:
    """Tell whether an object cannot be what is expected, by the same kind of checksum."""
    kind, _, value = expected.partition(":")
    if kind == "md5":
        return value != seen.etag
    its_kind, _, its_value = seen.checksum.partition(":")
    return kind == its_kind and value != its_value


def not_readable(run: Run, event: Failed, now: float) -> Step:
    """End as done unverified: who may only write cannot look; the service did check the bytes."""
    row = run.transfer
    words = "Done; these credentials may not read it, so it was not looked at again"
    return stopping.done(run, now, row.etag, row.checksum, words)


def vanished(run: Run, event: Failed, now: float) -> Step:
    """Look again some times: the object was acknowledged."""
    fault = Fault(FaultKind.NO_OBJECT, "The object is not there yet.", "Look at the bucket.")
    attempts = run.transfer.attempts
    if attempts >= retry.ATTEMPTS:
        return stopping.abandon(run, now, TransferState.FAILED, fault)
    pause = retry.delay(retry.THROTTLE, attempts, retry.jitter(run.upload.id, attempts))
    return faults.wait(run, fault, now, now + pause)


def recalled(run: Run, event: Headed, now: float) -> Step:
    """After a lost answer: it is done if the object is ours, else it goes on."""
    if event.seen.nonce == run.upload.nonce:
        return judged(run, event.seen, event.expected, now)
    return go_on(run, now)


def not_there(run: Run, event: Failed, now: float) -> Step:
    """After a lost answer: there is no object, so it goes on."""
    return go_on(run, now)


def go_on(run: Run, now: float) -> Step:
    """It was not completed: send it, or look at the file and the parts first."""
    return put(run, now) if run.plan.whole else ask(run, Phase.LOOKING, LookAtSource())


def upload_gone(run: Run, event: Failed, now: float) -> Step:
    """Look whether it was completed: uploads also end that way."""
    return recall(run, Phase.MISSING)


def missing(run: Run, event: Headed, now: float) -> Step:
    """The upload is gone: it is done if the object is ours, else it is begun anew."""
    if event.seen.nonce == run.upload.nonce:
        return judged(run, event.seen, event.expected, now)
    return lost(run, now)


def nothing_there(run: Run, event: Failed, now: float) -> Step:
    """The upload is gone, and there is no object."""
    return lost(run, now)


def lost(run: Run, now: float) -> Step:
    """Begin anew: the service has removed what it had."""
    upload = run.upload.told(upload_id="")
    run = replace(run, upload=upload)
    return faults.start_over(run, now, "The service no longer has the upload; it is begun anew.")


def exists(run: Run, event: Failed, now: float) -> Step:
    """Look whose object is there: an earlier request of ours may have made it."""
    return recall(run, Phase.OCCUPIED)


def occupied(run: Run, event: Headed, now: float) -> Step:
    """There is an object: it is done if that is ours, else a person has to decide."""
    if event.seen.nonce == run.upload.nonce:
        return judged(run, event.seen, event.expected, now)
    return taken(run, now)


def cannot_tell_whose(run: Run, event: Failed, now: float) -> Step:
    """There is an object that these credentials may not look at: a person has to decide."""
    return taken(run, now)


def taken(run: Run, now: float) -> Step:
    """Fail because there is an object of this name already."""
    reason = "There is an object of this name already."
    remedy = "Retry to replace it, or send it under another name."
    return faults.fail(run, Fault(FaultKind.EXISTS, reason, remedy), now)


def freed(run: Run, event: Failed, now: float) -> Step:
    """There was an object, and there is none any more: try again."""
    fault = Fault(FaultKind.CONFLICT, "The object that was in the way is gone.")
    return faults.treat(run, fault, now)


def unconditional(run: Run, event: Failed, now: float) -> Step:
    """Ask without the condition, after looking ourselves, if the endpoint does not know it."""
    if not run.upload.only_if_new:
        return faults.question_failed(run, event, now)
    run = replace(run, upload=replace(run.upload, unconditional=True))
    return recall(run, Phase.UNGUARDED)


def unguarded(run: Run, event: Failed, now: float) -> Step:
    """The key is free as far as can be told."""
    return put(run, now) if run.plan.whole else complete(run, now)


def check_parts(run: Run, event: Failed, now: float) -> Step:
    """Compare with the service again: it does not agree with what we know of the parts."""
    attempts = run.transfer.attempts
    if attempts >= retry.ATTEMPTS:
        return faults.fail(run, event.fault, now)
    pause = retry.delay(retry.THROTTLE, attempts, retry.jitter(run.upload.id, attempts))
    run = replace(run, doubted=True)
    return faults.wait(run, event.fault, now, now + pause)


def after_all(run: Run, event: Headed, now: float) -> Step:
    """It was cancelled: it is done all the same if the object is ours."""
    if event.seen.nonce == run.upload.nonce and event.seen.size == run.transfer.size:
        words = "It was done before it could be cancelled"
        return stopping.done(run, now, event.seen.etag, event.seen.checksum, words)
    return stopping.cancelled(run, now)


def _needs_md5(run: Run) -> bool:
    return any(not part.checksum for part in (*run.upload.parts.values(), *run.found))


def list_parts(run: Run) -> Step:
    """Ask what the service has: that, not the ledger, is the truth."""
    return ask(run, Phase.LISTING, ListParts())
