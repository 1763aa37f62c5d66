"""A download while it runs, and how its commands are put together."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from desktop.domain.transfers import Moment, Transfer, TransferState
from desktop.domain.uploads import Download, Part
from desktop.transfers.commands import Asking, Command, Save
from desktop.transfers.pieces import Pieces
from desktop.transfers.plan import Plan


class Phase(StrEnum):
    """Which answer is being waited for."""

    IDLE = "idle"
    HEADING = "looking at the object"
    OPENING = "opening the unfinished file"
    FETCHING = "fetching parts"
    CHECKING = "comparing the file with the object"
    PUBLISHING = "giving the file its name"
    MENDING = "mending credentials, clock or region"
    REMOVING = "removing the unfinished file"


class Wish(StrEnum):
    """What is done once nothing is under way any more."""

    BEGIN = "begin"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Run:
    """A download while it runs: what the ledger keeps, and what only this process knows."""

    download: Download
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
    """How often the object was another one, or the file was not what the object is."""
    owed: Save | None = field(default=None, repr=False)
    """What the ledger could not write."""

    @property
    def transfer(self) -> Transfer:
        """The row as it stands."""
        return self.download.transfer

    @property
    def plan(self) -> Plan:
        """How the object is cut."""
        return Plan(self.transfer.size, self.transfer.part_size)

    @property
    def asked(self) -> bool:
        """Whether a question is open."""
        return self.phase not in {Phase.IDLE, Phase.FETCHING}

    @property
    def busy(self) -> bool:
        """Whether an answer or a part is still to come."""
        return self.asked or bool(self.pieces.sending)

    @property
    def all_there(self) -> bool:
        """Whether every part is on the disk."""
        return self.download.seen is not None and self.transfer.confirmed == self.transfer.size

    @property
    def fetches(self) -> bool:
        """Whether parts may go."""
        return self.going and self.phase is Phase.FETCHING

    def to(self, phase: Phase) -> "Run":
        """Return it in another phase."""
        return replace(self, phase=phase)


Step = tuple[Run, tuple[Command, ...]]


def ask(run: Run, phase: Phase, question: Asking) -> Step:
    """Ask, and wait for the answer in ``phase``."""
    return replace(run, phase=phase, going=True), (question,)


def save(
    run: Run, *moments: Moment, parts: tuple[Part, ...] = (), forget_parts: bool = False
) -> Step:
    """Write the row, and parts that are on the disk."""
    entry = Save(run.download, parts=parts, forget_parts=forget_parts, moments=moments)
    return run, (entry,)


def fresh(download: Download) -> Download:
    """Return it as it was before it was begun."""
    return replace(download, seen=None).with_parts({}).told(part_size=0, parts=0, etag="")


def standing(run: Run, state: TransferState) -> Run:
    """Return it standing still in ``state``."""
    download = run.download.told(state=state, reason="", remedy="", fault=None, next_try_at=None)
    phase = Phase.IDLE if run.phase is Phase.FETCHING else run.phase
    return replace(run, download=download, going=False, wish=None, phase=phase)
