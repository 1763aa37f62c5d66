"""Parts on their way: which may go, what became of them, and when all of them are there."""

from dataclasses import replace

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Moment, TransferState
from desktop.transfers import plan as plans
from desktop.transfers import retry
from desktop.transfers.commands import Command, Cut, Tell
from desktop.transfers.stepping import then
from desktop.transfers.steps import Failed, PartCut, PartFailed, PartSent, PartStarted
from desktop.transfers.uploading import faults, finishing, stopping
from desktop.transfers.uploading.run import Phase, Run, Step, save

LOST = {FaultKind.NETWORK, FaultKind.NAME, FaultKind.TIMEOUT}
"""Faults of the line: they count against no part."""

LOSSES = 3
"""Connections lost one after another before it counts as being offline."""

SLOW_LINE = 2
"""Time-outs of a first part before a new upload with smaller ones is begun."""


def send(run: Run, now: float) -> Step:
    """Let parts go, or finish if the service has all of them."""
    started = now if run.transfer.started_at is None else run.transfer.started_at
    run = replace(
        run,
        upload=run.upload.told(
            state=TransferState.ACTIVE, started_at=started, reason="", remedy="", fault=None
        ),
        phase=Phase.SENDING,
        going=True,
        recovered=False,
        pieces=run.pieces.rested(),
        found=(),
        losses=0,
    )
    return then(save(run), finishing.look_last if run.all_there else _at_ease)


def ready(run: Run, now: float, limit: int) -> tuple[int, ...]:
    """Return numbers of parts that may go now."""
    if not (run.going and run.phase is Phase.SENDING):
        return ()
    return run.pieces.ready(now, limit, run.plan.count, run.upload.parts)


def part_started(run: Run, event: PartStarted, now: float) -> Step:
    """Take note that a part is on its way."""
    return replace(run, pieces=run.pieces.started(event.number, run.upload.parts)), ()


def part_sent(run: Run, event: PartSent, now: float) -> Step:
    """Write down what the service has acknowledged, whatever goes on meanwhile."""
    number = event.part.number
    run = _landed(run, number)
    if not run.transfer.upload_id or number in run.upload.parts:
        return _wasted(run, event.part.size), ()
    source = run.upload.source
    assert source is not None, "it was looked at before it was sent"
    if not source.stamp.same_content(event.stamp):
        return _changed(run, now, "The file changed while it was being sent.")
    upload = run.upload.with_part(event.part)
    if upload.transfer.attempts:
        upload = upload.told(attempts=0)
    run = replace(run, upload=upload, losses=0, offline=0)
    step = save(run, parts=(event.part,))
    if not (run.going and run.phase is Phase.SENDING):
        return step
    if source.stamp != event.stamp:
        return then(step, lambda run: faults.again(run, Cut()))
    return then(step, _after_part)


def part_failed(run: Run, event: PartFailed, now: float) -> Step:
    """Send a part again, or do what its fault means for the upload as a whole."""
    number, fault = event.number, event.fault
    run = _came_back(_wasted(_landed(run, number), event.moved), number)
    if number not in run.pieces.returned:
        return run, ()
    if fault.kind is FaultKind.SOURCE_CHANGED and run.transfer.upload_id:
        return _changed(run, now, fault.message)
    if run.going and run.phase is Phase.SENDING:
        return _part_missing(run, number, fault, now)
    return run, ()


def part_cut(run: Run, event: PartCut, now: float) -> Step:
    """Take note that a part did not get through because we did not want it to."""
    run = _wasted(_landed(run, event.number), event.moved)
    return _came_back(run, event.number), ()


def _at_ease(run: Run) -> Step:
    return run, ()


def _after_part(run: Run) -> Step:
    if not run.all_there:
        return run, ()
    cut: tuple[Command, ...] = (Cut(),) if run.pieces.sending else ()
    return then((run, cut), finishing.look_last)


def _part_missing(run: Run, number: int, fault: Fault, now: float) -> Step:
    if fault.kind is FaultKind.NO_UPLOAD:
        return then((run, (Cut(),)), lambda run: finishing.recall(run, Phase.MISSING))
    if fault.kind is FaultKind.UNSUPPORTED and not run.upload.parts:
        return faults.lesser_checksums(run, Failed(fault), now)
    if fault.kind in LOST:
        return _lost(run, number, fault, now)
    return _again_or_not(run, number, fault, now)


def _lost(run: Run, number: int, fault: Fault, now: float) -> Step:
    """Try the line again soon; where it is lost over and over, wait for it."""
    run = replace(run, losses=run.losses + 1)
    if _too_slow(run, number, fault):
        largest = plans.smaller(run.plan)
        upload = replace(run.upload, largest_part=largest)
        return faults.start_over(run, now, "It is sent in smaller parts.", upload)
    if run.losses >= LOSSES:
        return faults.wait_for_network(_tried(run, number, now), fault, now)
    chance = retry.jitter(f"{run.upload.id}/{number}", run.losses)
    pause = retry.delay(retry.TRANSIENT, run.losses, chance, fault.retry_after)
    return _tried(run, number, now + pause), (_retold(number, fault, now),)


def _too_slow(run: Run, number: int, fault: Fault) -> bool:
    return (
        fault.kind is FaultKind.TIMEOUT
        and not run.upload.parts
        and run.pieces.tries.get(number, 0) + 1 >= SLOW_LINE
        and plans.smaller(run.plan) > 0
    )


def _again_or_not(run: Run, number: int, fault: Fault, now: float) -> Step:
    attempt = run.pieces.tries.get(number, 0)
    decision = retry.decide(fault, attempt, retry.jitter(f"{run.upload.id}/{number}", attempt))
    if decision.action in retry.WAITS:
        return _tried(run, number, now + decision.delay), (_retold(number, fault, now),)
    return faults.treat(run, fault, now)


def _changed(run: Run, now: float, reason: str) -> Step:
    if run.transfer.state is TransferState.CANCELLING:
        return run, ()
    return stopping.source_changed(run, now, reason)


def _retold(number: int, fault: Fault, now: float) -> Tell:
    return Tell(Moment(now, "retry", f"Part {number}: {fault.message}"))


def _tried(run: Run, number: int, ready_at: float) -> Run:
    return replace(run, pieces=run.pieces.tried(number, ready_at))


def _landed(run: Run, number: int) -> Run:
    return replace(run, pieces=run.pieces.landed(number))


def _came_back(run: Run, number: int) -> Run:
    return replace(run, pieces=run.pieces.came_back(number, run.upload.parts))


def _wasted(run: Run, size: int) -> Run:
    if not size:
        return run
    return replace(run, upload=run.upload.told(sent_again=run.transfer.sent_again + size))
