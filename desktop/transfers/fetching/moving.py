"""From looking at the object to a file that has its name.

Parts are asked for with the ETag of the object that was looked at, so a file is never put
together from two objects; and it only gets its name when all of it is what the service has.
"""

from dataclasses import replace

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Moment, TransferState
from desktop.domain.uploads import ObjectSeen
from desktop.transfers import retry
from desktop.transfers.commands import (
    Command,
    Cut,
    HeadObject,
    OpenPartial,
    PublishFile,
    Rest,
    Tell,
    VerifyFile,
)
from desktop.transfers.fetching import standing
from desktop.transfers.fetching.run import Phase, Run, Step, ask, fresh, save
from desktop.transfers.plan import download_plan
from desktop.transfers.stepping import then
from desktop.transfers.steps import (
    Failed,
    FileVerified,
    Headed,
    PartCut,
    PartFailed,
    PartFetched,
    PartialOpened,
    PartStarted,
    Published,
)

LOST = {FaultKind.NETWORK, FaultKind.NAME, FaultKind.TIMEOUT}
"""Faults of the line: they count against no part."""

LOSSES = 3
"""Connections lost one after another before it counts as being offline."""

ANOTHER = {FaultKind.EXISTS, FaultKind.CONFLICT}
"""What the service says when the object is not the one that was looked at any more (412)."""


def take_up(run: Run, now: float) -> Step:
    """Look at the object: is it still the one that was begun."""
    download = run.download.told(state=TransferState.ACTIVE, reason="", remedy="", fault=None)
    return ask(replace(run, download=download, wish=None), Phase.HEADING, HeadObject())


def headed(run: Run, event: Headed, now: float) -> Step:
    """Plan a new download; go on with one that was begun, if the object is still the same."""
    seen, known = event.seen, run.download.seen
    if known is not None and not _same(known, seen):
        words = "The object changed since its download began; it is fetched anew."
        run = replace(run, download=fresh(run.download))
        step = save(run, Moment(now, "again", words), forget_parts=True)
        return then(step, lambda run: _open(run, seen, now))
    if run.recovered and run.download.parts:
        run = _resumed(run)
    return _open(run, seen, now)


def opened(run: Run, event: PartialOpened, now: float) -> Step:
    """Let parts go; none of before is there if the file had to be made."""
    forget = event.fresh and bool(run.download.parts)
    if forget:
        run = replace(run, download=run.download.with_parts({}))
    download = run.download.told(state=TransferState.ACTIVE, reason="", remedy="", fault=None)
    run = replace(
        run,
        download=download,
        phase=Phase.FETCHING,
        recovered=False,
        pieces=run.pieces.rested(),
        losses=0,
    )
    step = save(run, forget_parts=forget)
    return then(step, check) if run.all_there else step


def part_started(run: Run, event: PartStarted, now: float) -> Step:
    """Take note that a part is on its way."""
    return replace(run, pieces=run.pieces.started(event.number, run.download.parts)), ()


def part_fetched(run: Run, event: PartFetched, now: float) -> Step:
    """Write down what is on the disk, whatever goes on meanwhile."""
    part = event.part
    run = replace(run, pieces=run.pieces.landed(part.number))
    if run.download.seen is None or part.number in run.download.parts:
        return _wasted(run, part.size), ()
    download = run.download.with_part(part).told(attempts=0)
    run = replace(run, download=download, losses=0, offline=0)
    step = save(run, parts=(part,))
    if not (run.fetches and run.all_there):
        return step
    cut: tuple[Command, ...] = (Cut(),) if run.pieces.sending else ()
    return then(then(step, lambda run: (run, cut)), check)


def part_failed(run: Run, event: PartFailed, now: float) -> Step:
    """Fetch a part again, or do what its fault means for the download as a whole."""
    number, fault = event.number, event.fault
    run = _came_back(_wasted(run, event.moved), number)
    if number not in run.pieces.returned or not run.fetches:
        return run, ()
    if fault.kind in ANOTHER:
        reason = "The object changed while it was fetched."
        return standing.start_over(run, now, Fault(FaultKind.CONFLICT, reason, "Retry later."))
    if fault.kind in LOST:
        return _lost(run, number, fault, now)
    attempt = run.pieces.tries.get(number, 0)
    decision = retry.decide(fault, attempt, retry.jitter(f"{run.download.id}/{number}", attempt))
    if decision.action in retry.WAITS and fault.kind is not FaultKind.DISK_FULL:
        return _tried(run, number, now + decision.delay), (_retold(number, fault, now),)
    return standing.treat(run, fault, now)


def part_cut(run: Run, event: PartCut, now: float) -> Step:
    """Take note that a part did not get through because we did not want it to."""
    return _came_back(_wasted(run, event.moved), event.number), ()


def check(run: Run) -> Step:
    """Compare the file with the object."""
    run = replace(run, download=run.download.told(state=TransferState.VERIFYING))
    parts = tuple(run.download.parts[number] for number in sorted(run.download.parts))
    return then(save(run), lambda run: ask(run, Phase.CHECKING, VerifyFile(parts)))


def checked(run: Run, event: FileVerified, now: float) -> Step:
    """Give the file its name, or fetch it again if it is damaged."""
    if not event.same:
        reason = "What arrived is not what the service has."
        return standing.start_over(run, now, Fault(FaultKind.DIGEST, reason))
    run = replace(run, download=run.download.told(checksum=event.checksum))
    return ask(run, Phase.PUBLISHING, PublishFile(run.download.request.replace))


def published(run: Run, event: Published, now: float) -> Step:
    """End as done."""
    row = run.transfer
    download = run.download.with_parts({}).told(
        state=TransferState.DONE,
        reason="",
        remedy="",
        fault=None,
        confirmed=row.size,
        parts_done=row.parts,
        next_try_at=None,
        finished_at=now,
    )
    run = replace(run, download=download, going=False, phase=Phase.IDLE, wish=None)
    step = save(run, Moment(now, "done", "Verified"), forget_parts=True)
    return then(step, lambda run: (run, (Rest(),)))


def name_taken(run: Run, event: Failed, now: float) -> Step:
    """Ask a person: there is a file of this name; what was fetched stays beside it."""
    reason = "There is a file of this name already."
    remedy = "Retry to replace it, or fetch it to another place."
    return standing.fail(run, Fault(FaultKind.EXISTS, reason, remedy), now)


def _open(run: Run, seen: ObjectSeen, now: float) -> Step:
    plan = download_plan(seen.size)
    started = now if run.transfer.started_at is None else run.transfer.started_at
    download = replace(run.download, seen=seen).told(
        state=TransferState.ACTIVE,
        size=seen.size,
        part_size=plan.part_size,
        parts=plan.count,
        etag=seen.etag,
        started_at=started,
    )
    run = replace(run, download=download)
    return then(save(run), lambda run: ask(run, Phase.OPENING, OpenPartial(seen.size)))


def _same(known: ObjectSeen, seen: ObjectSeen) -> bool:
    return (known.size, known.etag, known.version_id) == (seen.size, seen.etag, seen.version_id)


def _lost(run: Run, number: int, fault: Fault, now: float) -> Step:
    run = replace(run, losses=run.losses + 1)
    if run.losses >= LOSSES:
        return standing.wait_for_network(_tried(run, number, now), fault, now)
    chance = retry.jitter(f"{run.download.id}/{number}", run.losses)
    pause = retry.delay(retry.TRANSIENT, run.losses, chance, fault.retry_after)
    return _tried(run, number, now + pause), (_retold(number, fault, now),)


def _resumed(run: Run) -> Run:
    row = run.transfer
    again = min(row.in_flight, max(0, row.size - row.confirmed))
    download = run.download.told(resumed_from=row.confirmed, sent_again=row.sent_again + again)
    return replace(run, download=download, recovered=False)


def _retold(number: int, fault: Fault, now: float) -> Tell:
    return Tell(Moment(now, "retry", f"Part {number}: {fault.message}"))


def _tried(run: Run, number: int, ready_at: float) -> Run:
    return replace(run, pieces=run.pieces.tried(number, ready_at))


def _came_back(run: Run, number: int) -> Run:
    pieces = run.pieces.landed(number).came_back(number, run.download.parts)
    return replace(run, pieces=pieces)


def _wasted(run: Run, size: int) -> Run:
    if not size:
        return run
    return replace(run, download=run.download.told(sent_again=run.transfer.sent_again + size))
