"""How a download comes to stand: paused, cancelled, waiting, or at its end.

What is on the disk stays until it is cancelled; going on never fetches it again.
"""

from dataclasses import replace

from desktop.domain.faults import Fault, RecoveryAction
from desktop.domain.transfers import Moment, TransferState
from desktop.transfers import retry as rules
from desktop.transfers.commands import (
    Command,
    Cut,
    RemovePartial,
    Rest,
    WaitForNetwork,
    WaitUntil,
)
from desktop.transfers.entries import merged
from desktop.transfers.fetching.run import Phase, Run, Step, Wish, ask, fresh, save, standing
from desktop.transfers.stepping import PAUSE_FOR_LEDGER, WAITING, mending, then
from desktop.transfers.steps import (
    Begin,
    Cancel,
    Failed,
    PartialRemoved,
    Pause,
    Ready,
    RequestCut,
    Resume,
    Retry,
    SaveFailed,
    Woke,
)

RESTARTS = 4
"""How often an object may change, or a file be damaged, before a person is asked to look."""


def begin(run: Run, event: Begin, now: float) -> Step:
    """Begin as soon as nothing of before is under way any more."""
    state = run.transfer.state
    if run.going or state.over or state is TransferState.PAUSED:
        return run, ()
    wish = Wish.REMOVE if state is TransferState.CANCELLING else Wish.BEGIN
    return replace(run, wish=wish), _cut(run)


def pause(run: Run, event: Pause, now: float) -> Step:
    """Let a person stop it for a while."""
    state = run.transfer.state
    if state.over or state in {TransferState.PAUSED, TransferState.CANCELLING}:
        return run, ()
    cut = _cut(run) if event.hard else ()
    step = save(standing(run, TransferState.PAUSED), Moment(now, "paused", "Paused"))
    return then(step, lambda run: (run, (*cut, Rest())))


def resume(run: Run, event: Resume, now: float) -> Step:
    """Put it back into the queue."""
    if run.transfer.state is not TransferState.PAUSED:
        return run, ()
    return save(standing(run, TransferState.QUEUED), Moment(now, "resumed", "Queued again"))


def cancel(run: Run, event: Cancel, now: float) -> Step:
    """Stop for good, and remove the unfinished file."""
    state = run.transfer.state
    if state in {TransferState.DONE, TransferState.CANCELLED, TransferState.CANCELLING}:
        return run, ()
    cut = _cut(run)
    run = replace(standing(run, TransferState.CANCELLING), wish=Wish.REMOVE)
    return then(save(run), lambda run: (run, (*cut, Rest())))


def remove(run: Run, now: float) -> Step:
    """Remove the unfinished file, now that nothing is written to it any more."""
    return ask(replace(run, wish=None), Phase.REMOVING, RemovePartial())


def removed(run: Run, event: PartialRemoved | Failed, now: float) -> Step:
    """End as cancelled; a file that could not be removed does not keep it from that."""
    run = replace(run, download=fresh(run.download))
    run = standing(run, TransferState.CANCELLED)
    run = replace(run, download=run.download.told(finished_at=now))
    step = save(run, Moment(now, "cancelled", "Cancelled"), forget_parts=True)
    return then(step, lambda run: (run, (Rest(),)))


def retry(run: Run, event: Retry, now: float) -> Step:
    """Queue it again after it had ended."""
    state = run.transfer.state
    if not state.over or state is TransferState.DONE:
        return run, ()
    download = run.download
    if event.replace is not None:
        download = replace(download, request=replace(download.request, replace=event.replace))
    run = replace(run, download=download.told(attempts=0, finished_at=None), restarts=0)
    return save(standing(run, TransferState.QUEUED), Moment(now, "retry", "Queued again"))


def question_failed(run: Run, event: Failed, now: float) -> Step:
    """Treat a question's fault as the table of faults says."""
    return treat(run, event.fault, now)


def treat(run: Run, fault: Fault, now: float) -> Step:
    """Do what the table says about a fault that concerns the download as a whole."""
    attempts = run.transfer.attempts
    decision = rules.decide(fault, attempts, rules.jitter(run.download.id, attempts))
    if decision.action is RecoveryAction.WAIT_FOR_NETWORK:
        return wait_for_network(run, fault, now)
    if decision.action in rules.WAITS:
        return wait(run, fault, now, now + decision.delay)
    if decision.action in rules.MENDS:
        return mend(run, fault)
    return fail(run, fault, now)


def wait(run: Run, fault: Fault, now: float, until: float) -> Step:
    """Stand still until a time, then go on."""
    attempts = run.transfer.attempts + 1
    run = _waiting(run, TransferState.WAITING_RETRY, fault, until)
    run = replace(run, download=run.download.told(attempts=attempts))
    step = save(run, Moment(now, "retry", f"{fault.message} It is tried again."))
    return then(step, lambda run: (run, (WaitUntil(until),)))


def wait_for_network(run: Run, fault: Fault, now: float) -> Step:
    """Stand still until the service can be reached; being offline is never a failure."""
    chance = rules.jitter(run.download.id, run.offline)
    until = now + 0.5 + rules.delay(rules.THROTTLE, run.offline, chance, fault.retry_after)
    run = _waiting(run, TransferState.WAITING_NETWORK, fault, until)
    run = replace(run, offline=run.offline + 1, losses=0)
    step = save(run, Moment(now, "network", fault.message))
    return then(step, lambda run: (run, (WaitForNetwork(until),)))


def mend(run: Run, fault: Fault) -> Step:
    """Put credentials, clock or region in order."""
    run = replace(run, download=run.download.told(attempts=run.transfer.attempts + 1))
    return ask(run, Phase.MENDING, mending(fault))


def mended(run: Run, event: Ready, now: float) -> Step:
    """Go on from what the ledger says."""
    return again(run)


def not_mended(run: Run, event: Failed, now: float) -> Step:
    """Fail: what was tried to mend it had the same fault."""
    return fail(run, event.fault, now)


def again(run: Run, *commands: Command) -> Step:
    """Go on from what the ledger says as soon as nothing is under way any more."""
    phase = Phase.IDLE if run.phase is Phase.FETCHING else run.phase
    return replace(run, phase=phase, going=False, wish=Wish.BEGIN), commands


def fail(run: Run, fault: Fault, now: float) -> Step:
    """End as failed; what is on the disk stays, for another try."""
    cut: tuple[Command, ...] = (Cut(),) if run.pieces.sending else ()
    run = standing(run, TransferState.FAILED)
    words = run.download.told(
        fault=fault, reason=fault.message, remedy=fault.remedy, finished_at=now
    )
    step = save(replace(run, download=words), Moment(now, "fault", fault.message))
    return then(step, lambda run: (run, (*cut, Rest())))


def start_over(run: Run, now: float, fault: Fault) -> Step:
    """Fetch everything again: the object is another one, or what came is not what it is."""
    if run.restarts >= RESTARTS:
        return fail(run, fault, now)
    cut: tuple[Command, ...] = (Cut(),) if run.pieces.sending else ()
    wasted = run.transfer.sent_again + run.transfer.confirmed
    run = replace(
        run,
        download=fresh(run.download).told(sent_again=wasted),
        restarts=run.restarts + 1,
        pieces=run.pieces.rested(),
    )
    step = save(run, Moment(now, "again", fault.message), forget_parts=True)
    return then(step, lambda run: again(run, *cut))


def woke(run: Run, event: Woke, now: float) -> Step:
    """Go on; connections that survived a wait are not trusted."""
    if not run.going and run.transfer.state in WAITING:
        return again(run, *_cut(run))
    return save(run) if run.owed is not None else (run, ())


def save_failed(run: Run, event: SaveFailed, now: float) -> Step:
    """Keep what could not be written, to be written with the next thing that is."""
    owed = event.save if run.owed is None else merged(event.save, run.owed)
    run = replace(run, owed=replace(owed, guarding=False))
    if event.save.guarding:
        run = run.to(Phase.IDLE)
    until = now + PAUSE_FOR_LEDGER
    cut = _cut(run) if not run.going else ()
    state, attempts = run.transfer.state, run.transfer.attempts + 1
    if state is TransferState.CANCELLING:
        return replace(run, wish=Wish.REMOVE), cut
    if not (state.over or state in {TransferState.PAUSED, TransferState.QUEUED}):
        failed = attempts > rules.ATTEMPTS
        become = TransferState.FAILED if failed else TransferState.WAITING_RETRY
        run = _waiting(run, become, event.fault, until)
        run = replace(run, download=run.download.told(attempts=attempts))
    return run, (*cut, WaitUntil(until))


def request_cut(run: Run, event: RequestCut, now: float) -> Step:
    """Take note that a question has no answer."""
    return again(run) if run.going else (run, ())


def _waiting(run: Run, state: TransferState, fault: Fault, until: float) -> Run:
    run = standing(run, state)
    words = run.download.told(
        fault=fault,
        reason=fault.message,
        remedy=fault.remedy,
        next_try_at=None if state.over else until,
    )
    return replace(run, download=words)


def _cut(run: Run) -> tuple[Command, ...]:
    return (Cut(),) if run.busy else ()
