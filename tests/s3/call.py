"""One request under way: everything its handler may use, and taking its body in."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.s3.account import Receipt
from tests.s3.errors import Dropped, S3Error
from tests.s3.faults import Effect, Faults, Pace, Plan
from tests.s3.intake import Intake, Taken, Terms, said
from tests.s3.request import Request
from tests.s3.signature import Chain
from tests.s3.store import Piece, Store, StoredObject
from tests.s3.wire import Buffered

GRAIN = 0.05
"""Seconds of a slow line's bytes that come at once."""


@dataclass(slots=True)
class Settings:
    """What kind of server this is."""

    region: str = "us-east-1"
    signed: bool = True
    """Whether signatures are demanded and checked."""
    verify: bool = True
    """Whether checksums are compared with the bytes; without, the client is believed."""
    md5: bool = True
    """Whether ETags are MD5s; without, they are unique and say nothing, as under KMS."""
    crc64nvme: bool = True
    """Whether a CRC64NVME of everything is computed, sent or not."""
    minimum_part: int = 5 << 20
    """Least bytes of all parts but the last."""
    repeat_seconds: float = 300.0
    """How long a completion can be asked for again."""
    tls: bool = False


@dataclass(slots=True)
class Paces:
    """Rate limits of one connection and of all, each way."""

    all_in: Pace
    all_out: Pace
    own_in: Pace = field(default_factory=Pace)
    own_out: Pace = field(default_factory=Pace)


@dataclass(slots=True)
class Call:
    """A request, the server around it, and the line to its client."""

    request: Request
    settings: Settings
    store: Store
    faults: Faults
    plan: Plan
    receipt: Receipt
    wire: Buffered
    view: memoryview
    paces: Paces
    go_on: Callable[[], None]
    """Says 100 Continue if the client waits for it."""
    stall: Callable[[float], None]
    sleep: Callable[[float], bool]
    """Waits; returns whether the server closes meanwhile."""
    chain: Chain | None = None
    intake: Intake | None = None
    """What took the body from the line; None: nothing did."""

    @property
    def now(self) -> float:
        """The server's time."""
        return self.faults.now

    def body(self, *, of_body: bool = True) -> bytes:
        """Take a short body in, verified; there may be none."""
        if not {"content-length", "transfer-encoding"} & self.request.head.headers.keys():
            return b""
        return self._intake(of_body=of_body).into_memory(self.view)

    def body_to_nowhere(self) -> None:
        """Take a body in and keep nothing of it."""
        if self.request.head.method in {"PUT", "POST"}:
            self._intake(of_body=False).into_file(None, self.view)

    @contextmanager
    def piece(self, kind: str = "") -> Iterator[Piece]:
        """Take a body in as a piece; it is thrown away unless the block ends well.

        A checksum of this kind is computed if the client gave none.
        """
        name, fd = ("", None) if self.store.null else self.store.create_file()
        try:
            taken = self._intake(kind).into_file(fd, self.view)
            if kind and not taken.said:
                taken.said = {kind: taken.computed[kind]}
            yield self._piece(name, taken)
            self.receipt.stored = True
        except BaseException:
            if name:
                self.store.discard(name)
            raise
        finally:
            if fd is not None:
                os.close(fd)

    def _piece(self, name: str, taken: Taken) -> Piece:
        md5 = taken.md5 if self.settings.md5 else os.urandom(16).hex()
        crc = taken.computed.get("crc64nvme") or taken.said.get("crc64nvme", "")
        piece = Piece(taken.size, md5, taken.said, crc, name, self.now)
        if name and taken.size and self.plan.first(Effect.DAMAGE_STORED):
            self.store.damage(piece, taken.size // 2)
        return piece

    def _intake(self, kind: str = "", *, of_body: bool = True) -> Intake:
        headers = self.request.head.headers
        told = said(headers, of_body=of_body)
        self._refuse(told.kinds, framed=told.framed)
        cut = self.plan.first(Effect.DROP_BODY, Effect.STALL_BODY)
        own = {"md5": self.settings.md5, "crc64nvme": self.settings.crc64nvme}
        compute = {name for name, wanted in own.items() if wanted}
        if kind and not told.kinds:
            compute.add(kind)
        terms = Terms(
            told,
            verify=self.settings.verify,
            compute=frozenset(compute),
            pace=self._pace,
            block=self._block,
            moved=self._moved,
            damage=self.plan.first(Effect.DAMAGE_RECEIVED) is not None,
            cut=(cut.effect, cut.after, cut.seconds) if cut else None,
            stall=self.stall,
            chunk_signatures=self.chain,
        )
        self.go_on()
        self.intake = Intake(self.wire, headers, terms)
        return self.intake

    def _refuse(self, kinds: set[str], *, framed: bool) -> None:
        refused = self.faults.refused
        if kinds & set(refused) or (framed and "trailer" in refused):
            raise S3Error(self.faults.refusal)

    def _moved(self, count: int) -> None:
        self.receipt.received += count

    def _pace(self, count: int) -> None:
        faults = self.faults
        own = self.paces.own_in.wait(count, faults.connection_rate)
        seconds = max(own, self.paces.all_in.wait(count, faults.rate))
        if seconds and self.sleep(seconds):
            raise Dropped("the server closes")

    def _block(self) -> int:
        """A slow line brings little at a time."""
        rates = [rate for rate in (self.faults.rate, self.faults.connection_rate) if rate]
        return max(1024, int(min(rates) * GRAIN)) if rates else 1 << 30


def found(call: Call) -> StoredObject:
    """Return the version a request is about; raises S3Error."""
    request, bucket = call.request, call.store.bucket(call.request.bucket)
    versions = bucket.objects.get(request.key, [])
    version = request.query.get("versionId")
    if version is None:
        if not versions or versions[-1].deleted:
            raise S3Error("NoSuchKey", details={"Key": request.key})
        return versions[-1]
    for each in versions:
        if each.version == version:
            return each
    raise S3Error("NoSuchVersion", details={"Key": request.key, "VersionId": version})
