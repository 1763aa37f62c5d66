"""A service, a file and a ledger that an upload's machine can be run against, with faults.

The file and the object are tuples of blocks, one number each; a checksum is the text of the
blocks, so two checksums are equal exactly when the bytes are. Parts read their first half when
they begin and the second when they end: what is changed in between is torn, as it would be.
"""

import re
from dataclasses import dataclass

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.transfers import Direction, Transfer, TransferState, UploadRequest
from desktop.domain.uploads import Orphan, Part, StrayUpload, Upload
from desktop.storage.ledger import Ledger
from desktop.transfers import commands as c
from desktop.transfers import machine, orphans
from desktop.transfers import steps as s
from desktop.transfers.plan import MIB, Plan
from tests.transfers.simulated import KEY, Blocks, File, Object, Service, part_of, text_of


@dataclass
class Flight:
    number: int
    upload_id: str
    began: Blocks
    """What the part's range was when reading began."""


def new_upload(id_: str, *, replace_object: bool = False) -> Upload:
    row = Transfer(
        id_, Direction.UPLOAD, "/film.mp4", "d", "bucket", KEY, 0, TransferState.QUEUED, 0.0
    )
    request = UploadRequest("/film.mp4", "d", KEY, replace=replace_object)
    return Upload(row, request, nonce=f"nonce-{id_}-0")


class World:
    """Runs one upload; every answer, fault and crash is chosen from outside."""

    def __init__(self, ledger: Ledger, id_: str, blocks: Blocks, *, replaces: bool) -> None:
        self.ledger = ledger
        self.id = id_
        self.now = 1000.0
        self.file = File(blocks)
        self.service = Service(id_)
        (stored,) = ledger.add([new_upload(id_, replace_object=replaces)])
        assert isinstance(stored, Upload)
        self.run = machine.open_run(stored)
        self.question: c.Asking | None = None
        self.flights: list[Flight] = []
        self.disk_full = 0
        """Saves that fail from now on."""
        self.nonces = 0
        self.steps = 0
        self.excused: set[tuple[str, int]] = set()
        """Parts the service has lost: they may be sent again."""

    # What the runner does

    def tell(self, event: s.Happened) -> None:
        self.steps += 1
        before = self.run
        self.run, commands = machine.step(self.run, event, self.now)
        self._check_commands(commands, before, event)
        for command in commands:
            if not self._carry_out(command):
                break

    def _check_commands(
        self, commands: tuple[c.Command, ...], before: machine.Run, event: s.Happened
    ) -> None:
        assert sum(isinstance(one, c.Save) for one in commands) <= 1
        asked = [one for one in commands if isinstance(one, c.Asking)]
        assert len(asked) <= 1
        assert not (asked and self.question), (before.phase, event, asked, self.question)

    def _carry_out(self, command: c.Command) -> bool:
        match command:
            case c.Save():
                return self._save(command)
            case c.Asking():
                self.question = command
            case c.Cut():
                self._cut()
            case _:
                pass
        return True

    def _save(self, command: c.Save) -> bool:
        if self.disk_full:
            self.disk_full -= 1
            fault = Fault(FaultKind.DISK_FULL, "The disk is full.")
            self.tell(s.SaveFailed(fault, command))
            return False
        self.ledger.save(command)
        return True

    def _cut(self) -> None:
        flights, self.flights = self.flights, []
        question, self.question = self.question, None
        for flight in flights:
            self.tell(s.PartCut(flight.number, MIB))
        if question is not None:
            self.tell(s.RequestCut())

    # What can happen

    @property
    def upload(self) -> Upload:
        return self.run.upload

    @property
    def state(self) -> TransferState:
        return self.run.transfer.state

    def start_part(self, choice: int) -> bool:
        ready = machine.lane(self.run, self.now).ready
        if not ready:
            return False
        self._start(ready[choice % len(ready)])
        return True

    def start_duplicate(self) -> bool:
        sending = machine.lane(self.run, self.now).sending
        if not sending or self.run.phase is not machine.Phase.SENDING:
            return False
        self._start(sending[0])
        return True

    def _start(self, number: int) -> None:
        upload_id = self.run.transfer.upload_id
        stored = self.ledger.load(self.id)
        known = number in stored.parts and stored.transfer.upload_id == upload_id
        assert not known or (upload_id, number) in self.excused, "acknowledged, sent again"
        self.flights.append(Flight(number, upload_id, self._range(number)))
        self.tell(s.PartStarted(number))

    def end_part(self, place: int, fault: FaultKind | None, landed: bool) -> bool:
        """End a part; with a fault, it may have ``landed`` all the same."""
        if not self.flights:
            return False
        flight = self.flights.pop(place % len(self.flights))
        blocks = self._torn(flight)
        said: Part | FaultKind = fault or FaultKind.NETWORK
        if fault is None or landed:
            said = self.service.put_part(flight.upload_id, flight.number, blocks)
        if fault is not None:
            said = fault
        if isinstance(said, Part):
            self.tell(s.PartSent(said, self.file.stamp))
        else:
            self.tell(s.PartFailed(flight.number, Fault(said, f"Part: {said}."), MIB))
        return True

    def _torn(self, flight: Flight) -> Blocks:
        half = len(flight.began) // 2
        now = self._range(flight.number)
        return flight.began[:half] + now[half:] if len(now) == len(flight.began) else flight.began

    def _range(self, number: int) -> Blocks:
        plan: Plan = self.run.plan
        start = plan.offset(number) // MIB
        return self.file.blocks[start : start + plan.length(number) // MIB]

    def answer(self, fault: FaultKind | None = None, *, lost: bool = False) -> bool:
        """Answer the open question: truly, by a fault, or truly with the answer ``lost``."""
        question, self.question = self.question, None
        if question is None:
            return False
        event: s.Happened
        if fault is not None and not lost:
            event = s.Failed(Fault(fault, f"{fault}."))
        else:
            event = self._truth(question)
        if lost:
            event = s.Failed(Fault(fault or FaultKind.NETWORK, "The answer was lost."))
        self.tell(event)
        return True

    def _truth(self, question: c.Asking) -> s.Happened:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(question).__name__).lower()
        return getattr(self, f"_on_{name}", self._on_mending)(question)

    def _on_mending(self, question: c.Asking) -> s.Happened:
        return s.Ready()

    def _on_look_at_source(self, question: c.LookAtSource) -> s.Happened:
        gone = self.file.gone
        return self._failed(FaultKind.SOURCE_GONE) if gone else s.Looked(self.file.source)

    def _on_create_upload(self, question: c.CreateUpload) -> s.Happened:
        return s.Created(self.service.create(self.upload.nonce, self.now))

    def _on_find_uploads(self, question: c.FindUploads) -> s.Happened:
        return s.UploadsFound(self._strays())

    def _on_list_parts(self, question: c.ListParts) -> s.Happened:
        held = self.service.uploads.get(self.run.transfer.upload_id)
        if held is None:
            return self._failed(FaultKind.NO_UPLOAD)
        return s.PartsListed(tuple(part_of(n, held[n]) for n in sorted(held)))

    def _on_prove_parts(self, question: c.ProveParts) -> s.Happened:
        parts = tuple(part_of(n, self._range(n)) for n in question.numbers)
        return s.PartsProven(parts, self.file.stamp)

    def _on_put_whole(self, question: c.PutWhole) -> s.Happened:
        if self.file.gone or self.file.stamp != question.stamp:
            return self._failed(FaultKind.SOURCE_CHANGED)
        made = self.service.put(self.file.blocks, self.upload.nonce, question.only_if_new)
        return self._made(made, s.WholeSent)

    def _on_complete_upload(self, question: c.CompleteUpload) -> s.Happened:
        upload_id = self.run.transfer.upload_id
        made = self.service.complete(upload_id, question.parts, question.only_if_new)
        return self._made(made, s.Completed)

    def _on_head_object(self, question: c.HeadObject) -> s.Happened:
        if KEY not in self.service.objects:
            return self._failed(FaultKind.NO_OBJECT)
        words = ".".join(p.checksum for p in question.parts) or text_of(self.file.blocks)
        expected = f"crc64nvme:{words}" if question.expect else ""
        return s.Headed(self.service.objects[KEY].seen, expected)

    def _on_abort_upload(self, question: c.AbortUpload) -> s.Happened:
        held = self.service.uploads.pop(self.run.transfer.upload_id, None)
        return self._failed(FaultKind.NO_UPLOAD) if held is None else s.Aborted()

    def _made(
        self, made: Object | FaultKind, kind: type[s.WholeSent] | type[s.Completed]
    ) -> s.Happened:
        if isinstance(made, FaultKind):
            return self._failed(made)
        return kind(made.seen.etag, made.seen.checksum)

    def _failed(self, kind: FaultKind) -> s.Failed:
        return s.Failed(Fault(kind, f"{kind}."))

    def _strays(self) -> tuple[StrayUpload, ...]:
        known = self.ledger.known_uploads("bucket")
        return tuple(
            StrayUpload(id_, self.service.begun_at[id_], len(parts))
            for id_, parts in self.service.uploads.items()
            if id_ not in known
        )

    def crash(self, landed: list[bool]) -> None:
        """End the process: what was on its way has arrived at the service, or has not."""
        flights, self.flights = self.flights, []
        question, self.question = self.question, None
        for flight, arrived in zip(flights, landed, strict=False):
            if arrived:
                self.service.put_part(flight.upload_id, flight.number, self._torn(flight))
        if question is not None and landed and landed[0]:
            self._truth(question)
        self.disk_full = 0
        stored = self.ledger.load(self.id)
        assert isinstance(stored, Upload)
        self.run = machine.open_run(stored)

    def retry(self, *, replace_object: bool | None = None) -> None:
        self.nonces += 1
        nonce = f"nonce-{self.id}-{self.nonces}"
        self.tell(s.Retry(nonce, replace=replace_object))

    def lose_upload(self) -> None:
        """Have the bucket's rules remove what it holds."""
        for upload_id in list(self.service.uploads):
            parts = self.service.uploads.pop(upload_id)
            self.excused |= {(upload_id, number) for number in parts}

    def lose_part(self) -> None:
        held = self.service.uploads.get(self.run.transfer.upload_id)
        if held:
            number = next(iter(held))
            del held[number]
            self.excused.add((self.run.transfer.upload_id, number))

    # To its end, without any more faults

    def settle(self, most: int = 3000) -> None:
        """Let it come to an end, a person resuming what was paused."""
        self.disk_full = 0
        for _ in range(most):
            if not self.one_step():
                return
        raise AssertionError(f"It does not come to an end: {self.run}")

    def one_step(self) -> bool:
        """Do the next thing that goes well; False when all is over."""
        self.now += 1.0
        if self.question is not None:
            return self.answer()
        if self.flights:
            return self.end_part(0, None, False)
        if self.start_part(0):
            return True
        state = self.state
        if state.over:
            return self._write_what_is_owed()
        self.now += 1000.0
        if state is TransferState.PAUSED:
            self.tell(s.Resume())
        elif state in {TransferState.WAITING_NETWORK, TransferState.WAITING_RETRY}:
            self.tell(s.Woke())
        else:
            self.tell(s.Begin())
        return True

    def _write_what_is_owed(self) -> bool:
        if self.run.owed is None:
            return False
        self.tell(s.Woke())
        return True

    def drain(self) -> None:
        """Do what the runner does about orphans."""
        for _ in range(20):
            self.now += 100_000.0
            due = [o for o in self.ledger.orphans_due(self.now) if o.key == KEY]
            if not due:
                return
            for orphan in due:
                self._abort(orphan)

    def _abort(self, orphan: Orphan) -> None:
        if not orphan.upload_id:
            self.ledger.settle(orphan, orphans.identified(orphan, self._strays()))
            return
        if self.service.uploads.pop(orphan.upload_id, None) is None:
            self.ledger.settle(orphan)
        else:
            self.ledger.settle(orphan, [orphans.postponed(orphan, self.now)])
