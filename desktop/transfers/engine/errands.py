"""Requests and looks at files on threads, and what came of them as events for machines."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from desktop.cloud.errors import CloudFault, Cut, fault_of_file
from desktop.cloud.line import STALL, Line
from desktop.domain.errors import StudioError
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.uploads import Download, Upload
from desktop.storage.ledger import Ledger
from desktop.transfers import commands, steps
from desktop.transfers.engine import receiving, sending
from desktop.transfers.engine.partials import Partials
from desktop.transfers.engine.sources import Sources
from desktop.transfers.engine.stores import Stores
from desktop.transfers.engine.track import Attempt, Track
from desktop.transfers.plan import Plan
from desktop.transfers.rate import Limiter
from desktop.transfers.scheduler import Choice

log = logging.getLogger(__name__)

T_ = TypeVar("T_")

THREADS = 96
"""32 connections, and questions of as many transfers; started as they are needed."""

NEVER_ASKED = Fault(
    FaultKind.EXPIRED, "The sign-in has expired.", "Sign in again; it goes on by itself then."
)


@dataclass(frozen=True, slots=True)
class Tools:
    """What errands are run with."""

    ledger: Ledger
    stores: Stores
    sources: Sources
    partials: Partials
    limiter: Limiter


class Errands:
    """Runs what blocks on threads of its own."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="errand")

    def close(self) -> None:
        """Begin nothing new."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], T_]) -> T_:
        """Run something on a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def ask(
        self, track: Track, question: commands.Asking, attempt: Attempt
    ) -> steps.Happened:
        """Answer a machine's question."""
        work = self._answer(track, question, attempt)
        return await self.run(lambda: _outcome(work, steps.Failed, steps.RequestCut, attempt))

    async def part(self, track: Track, choice: Choice, attempt: Attempt) -> steps.Happened:
        """Move a part."""
        number = choice.number
        work = self._part(track, number, attempt)
        return await self.run(
            lambda: _outcome(
                work,
                lambda fault: steps.PartFailed(number, fault, attempt.moved),
                lambda: steps.PartCut(number, attempt.moved),
                attempt,
            )
        )

    def _answer(
        self, track: Track, question: commands.Asking, attempt: Attempt
    ) -> Callable[[], steps.Happened]:
        mend = self._mending(track, question)
        if mend is not None:
            return mend
        item = track.item
        if isinstance(item, Download):
            answer = receiving.QUESTIONS[type(question)]
            return lambda: answer(self._receiving(item, attempt), question)
        reply = sending.QUESTIONS[type(question)]
        return lambda: reply(self._sending(item, attempt), question)

    def _part(self, track: Track, number: int, attempt: Attempt) -> Callable[[], steps.Happened]:
        item = track.item
        if isinstance(item, Download):
            return lambda: receiving.fetch_part(self._receiving(item, attempt), number)
        return lambda: sending.send_part(self._sending(item, attempt), number)

    def _sending(self, upload: Upload, attempt: Attempt) -> sending.Errand:
        tools, row = self.tools, upload.transfer
        return sending.Errand(
            upload,
            tools.stores.store(row.destination),
            tools.sources,
            attempt.line,
            lambda upload_id: upload_id in tools.ledger.known_uploads(row.bucket),
            tools.limiter.gate(row.destination, row.id),
            attempt.count,
        )

    def _receiving(self, download: Download, attempt: Attempt) -> receiving.Errand:
        tools, row = self.tools, download.transfer
        return receiving.Errand(
            download,
            tools.stores.store(row.destination),
            tools.partials,
            attempt.line,
            tools.limiter.gate(row.destination, row.id),
            attempt.count,
        )

    def _mending(
        self, track: Track, question: commands.Asking
    ) -> Callable[[], steps.Happened] | None:
        stores, name = self.tools.stores, track.row.destination
        match question:
            case commands.RefreshCredentials():
                return lambda: _refreshed(stores, name)
            case commands.CorrectClock(offset):
                return lambda: _ready(stores.store(name).correct_clock, offset)
            case commands.FollowRegion(region):
                return lambda: _follow(stores, name, region)
        return None


def attempt_for(track: Track, question: commands.Asking) -> Attempt:
    """Return the request that a question will be."""
    line = Line(sending.PATIENCE.get(type(question), STALL))
    whole = isinstance(question, commands.PutWhole)
    return Attempt(line, whole=whole, size=track.row.size if whole else 0)


def part_attempt(track: Track, choice: Choice) -> Attempt:
    """Return the request that a part will be."""
    plan = Plan(track.row.size, track.row.part_size)
    return Attempt(Line(), choice, size=plan.length(choice.number))


def _outcome(
    work: Callable[[], steps.Happened],
    failed: Callable[[Fault], steps.Happened],
    cut: Callable[[], steps.Happened],
    attempt: Attempt,
) -> steps.Happened:
    """Do it; whatever goes wrong is an event too."""
    try:
        attempt.line.check()
        return work()
    except Cut:
        return failed(attempt.broken_by) if attempt.broken_by else cut()
    except CloudFault as error:
        return failed(error.fault)
    except OSError as error:
        return failed(fault_of_file(error))
    except StudioError as error:
        return failed(Fault(FaultKind.INVALID, error.detail or error.title, error.remedy))
    except Exception as error:
        log.exception("A request failed in a way nobody foresaw")
        return failed(Fault(FaultKind.UNKNOWN, f"Something unforeseen: {type(error).__name__}."))


def _ready(mend: Callable[..., None], *arguments: object) -> steps.Happened:
    mend(*arguments)
    return steps.Ready()


def _refreshed(stores: Stores, name: str) -> steps.Happened:
    """Read a profile again; keys that were told can only be told anew."""
    if not stores.destination(name).profile and not stores.renewed_lately(name):
        raise CloudFault(NEVER_ASKED)
    stores.renew(name)
    return steps.Ready()


def _follow(stores: Stores, name: str, region: str) -> steps.Happened:
    store = stores.store(name)
    found = region or store.check().region
    if not found:
        raise CloudFault(
            Fault(
                FaultKind.INVALID,
                "The bucket is in another region.",
                "Enter its region in the destination's settings.",
            )
        )
    store.follow_region(found)
    return steps.Ready()
