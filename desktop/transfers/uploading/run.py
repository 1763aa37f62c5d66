"""An upload while it runs, and how its commands are put together."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from desktop.domain.transfers import Moment, Transfer
from desktop.domain.uploads import Part, Source, Upload
from desktop.transfers.commands import Asking, Command, Save
from desktop.transfers.entries import merged
from desktop.transfers.pieces import Pieces
from desktop.transfers.plan import Plan


class Phase(StrEnum):
    """Which answer is being waited for; forgotten in a crash, found again from the ledger."""

    IDLE = "idle"
    """None."""
    LOOKING = "looking at the file"
    PEEKING = "looking whether the key is free"
    SEARCHING = "searching for uploads begun before a crash"
    CREATING = "creating"
    LISTING = "listing parts"
    PROVING = "comparing parts with the file"
    SENDING = "sending parts"
    PUTTING = "sending the whole file"
    LOOKING_LAST = "looking at the file before completing"
    COMPLETING = "completing"
    VERIFYING = "verifying"
    RECALLING = "looking whether it was completed, the answer being lost"
    MISSING = "looking whether it was completed, the upload being gone"
    OCCUPIED = "looking whose object is there"
    UNGUARDED = "looking whether the key is free, the service being unable to watch over it"
    MENDING = "mending credentials, clock or region"
    ABORTING = "aborting"
    COUNTING = "counting what is still held"
    ENDING = "looking whether it was completed before it was cancelled"


class Wish(StrEnum):
    """What is done once nothing is under way any more."""

    BEGIN = "begin"
    ABORT = "abort"


@dataclass(frozen=True, slots=True)
class Run:
    """An upload while it runs: what the ledger keeps, and what only this process knows."""

    upload: Upload
    phase: Phase = Phase.IDLE
    going: bool = False
    """Whether new things are begun; otherwise answers are only taken note of."""
    wish: Wish | None = None
    recovered: bool = False
    """Whether it was under way when the last process ended."""
    pieces: Pieces = field(default_factory=Pieces)
    """Parts on their way, and those that came back."""
    losses: int = 0
    """Connections lost since the last part got through."""
    offline: int = 0
    """Waits for the network since something got through."""
    restarts: int = 0
    """New multipart uploads that had to be begun."""
    looks: int = 0
    """How often contents had to be compared because the file was touched."""
    aborts: int = 0
    doubted: bool = False
    """Whether the service did not agree with what we know of the parts."""
    source: Source | None = None
    """The file as it was looked at last."""
    found: tuple[Part, ...] = ()
    """Parts at the service that the ledger does not know."""
    owed: Save | None = field(default=None, repr=False)
    """What the ledger could not write, to be written with whatever is saved next."""

    @property
    def transfer(self) -> Transfer:
        """The row as it stands."""
        return self.upload.transfer

    @property
    def plan(self) -> Plan:
        """How the file is cut."""
        return Plan(self.transfer.size, self.transfer.part_size)

    @property
    def asked(self) -> bool:
        """Whether a question is open."""
        return self.phase not in {Phase.IDLE, Phase.SENDING}

    @property
    def busy(self) -> bool:
        """Whether an answer or a part is still to come."""
        return self.asked or bool(self.pieces.sending)

    @property
    def all_there(self) -> bool:
        """Whether the service has every part."""
        return not self.plan.whole and len(self.upload.parts) == self.plan.count

    def to(self, phase: Phase) -> "Run":
        """Return it in another phase."""
        return replace(self, phase=phase)


Step = tuple[Run, tuple[Command, ...]]
"""What a transition returns: the run after it, and what is to be done."""


def ask(run: Run, phase: Phase, question: Asking) -> Step:
    """Ask, and wait for the answer in ``phase``."""
    return replace(run, phase=phase, going=True), (question,)


def save(run: Run, *moments: Moment, parts: tuple[Part, ...] = ()) -> Step:
    """Write the row, and parts that were acknowledged."""
    return write(run, Save(run.upload, parts=parts, moments=moments))


def write(run: Run, entry: Save) -> Step:
    """Write ``entry``, and with it whatever could not be written before."""
    if run.owed is None:
        return run, (entry,)
    return replace(run, owed=None), (merged(run.owed, entry),)
