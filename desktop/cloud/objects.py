"""One bucket with all that transfers ask of it.

``ObjectStore`` is made once per destination and shared by threads; each call blocks and is
carried out once: retries, pacing and bookkeeping are the caller's. Keys are complete, with the
destination's prefix. Failures are raised as ``errors.CloudFault`` whose ``fault`` is a value of
the domain; a call whose ``Line`` was cut raises ``errors.Cut``. In short::

    store = ObjectStore(destination, keys, connections=32, kind=None)
    store.use_keys(keys)          # EXPIRED, CREDENTIALS; with a profile None reads it again
    store.correct_clock(offset)   # CLOCK: Fault.clock_offset
    store.follow_region(region)   # REGION: Fault.region

    line = Line()                 # line.py; one per call that may be ended: line.cut(), any thread
    body = PartBody(fd, offset, size, line, gate=gate, moved=count)   # body.py
    part = store.send_part(upload, number, body, checksum)

A ``Line`` is used for one call at a time. ``line.moved_at`` is when a byte last moved; a call on
which none moves for ``line.patience`` seconds ends by itself with a TIMEOUT fault. ``Gate`` paces
(``grant(wanted)`` -> bytes that may go now, seconds until to ask again), ``moved`` is told the
bytes given to the socket, below zero when a body is rewound. A file that ends too early raises
``errors.SourceShort``. Checksums of ranges and parts: ``checksums.of_range``, ``combine``,
``etag_of``. Values: ``values``. This module loads AWS's library; ``values`` does not.
"""

import dataclasses
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from desktop.cloud import checking, multipart, probing, whole
from desktop.cloud.body import Gate, PartBody, ignore
from desktop.cloud.calls import Answer, Calls
from desktop.cloud.credentials import AccessKeys
from desktop.cloud.errors import CloudFault, make
from desktop.cloud.line import Line
from desktop.cloud.probing import Verdict
from desktop.cloud.values import (
    ChecksumKind,
    Completed,
    Description,
    Fetched,
    Part,
    PartList,
    PendingUpload,
    Stored,
    Upload,
)
from desktop.cloud.whole import Sink, Span
from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Destination, DestinationCheck

SPARE = 4
"""Connections beside those of transfers, for questions."""


def _unannounced(_key: str) -> AbstractContextManager[None]:
    """Tell nobody of a probe."""
    return nullcontext()


class ObjectStore:
    """A bucket, as transfers use it."""

    def __init__(
        self,
        destination: Destination,
        keys: AccessKeys | None = None,
        *,
        connections: int = 32,
        kind: ChecksumKind | None = None,
        trying: Callable[[str], AbstractContextManager[None]] = _unannounced,
    ) -> None:
        """Nothing is asked yet; ``kind`` is what an earlier ``probe`` found, if there was one.

        ``trying`` is told the key of each probe before it is begun, and entered during it.
        """
        self._calls = Calls(destination, keys, connections + SPARE)
        self._verdict = Verdict(kind, verified=True) if kind else None
        self._probing = threading.Lock()
        self._trying = trying
        self._protects = True

    @property
    def destination(self) -> Destination:
        """Where the bucket is."""
        return self._calls.destination

    def close(self) -> None:
        """Close idle connections."""
        self._calls.account.close()

    def use_keys(self, keys: AccessKeys | None) -> None:
        """Sign with other keys from the next request on; for a profile, None reads it again."""
        self._calls.use_keys(keys)

    def correct_clock(self, offset: float) -> None:
        """Date signatures so many seconds after this computer's clock."""
        self._calls.account.correct_clock(offset)

    def follow_region(self, region: str) -> None:
        """Ask in another region from the next request on."""
        self._calls.account.follow_region(region)

    def put_whole(
        self, key: str, body: PartBody, description: Description, *, replace: bool
    ) -> Completed:
        """Send a file in one request; raises an EXISTS fault unless it may replace an object."""
        kind = self.probe(line=body.line)
        return self._protecting(
            key,
            replace,
            lambda terms: whole.put(self._calls, key, body, description, kind, terms),
        )

    def create(
        self,
        key: str,
        description: Description,
        kind: ChecksumKind,
        *,
        line: Line | None = None,
    ) -> Upload:
        """Begin an upload in parts."""
        return multipart.create(self._calls, key, description, kind, line)

    def send_part(self, upload: Upload, number: int, body: PartBody, checksum: str = "") -> Part:
        """Send a part; computes its checksum unless it is given."""
        return multipart.send_part(self._calls, upload, number, body, checksum)

    def list_parts(self, upload: Upload, *, line: Line | None = None) -> PartList:
        """Return everything that is held; raises a NO_UPLOAD fault when the upload has ended."""
        return multipart.list_parts(self._calls, upload, line)

    def list_uploads(
        self, prefix: str = "", *, line: Line | None = None
    ) -> tuple[PendingUpload, ...]:
        """Return unfinished uploads of keys that begin so."""
        return multipart.list_uploads(self._calls, prefix, line)

    def complete(
        self,
        upload: Upload,
        parts: Sequence[Part],
        *,
        checksum: str,
        size: int,
        replace: bool,
        line: Line | None = None,
    ) -> Completed:
        """Put the object together; ``checksum`` is that of the whole, empty for MD5.

        Raises an EXISTS fault unless it may replace an object. An answer can get lost though the
        object was made: ``head`` and the nonce tell. Without a line it may take ten minutes.
        """
        fixed = multipart.terms(upload.kind, checksum, size)
        return self._protecting(
            upload.key,
            replace,
            lambda terms: multipart.complete(self._calls, upload, parts, fixed | terms, line),
        )

    def abort(self, upload: Upload, *, line: Line | None = None) -> None:
        """Abort until nothing is held; an upload that is gone already is no fault."""
        multipart.abort(self._calls, upload, line)

    def head(self, key: str, version_id: str = "", *, line: Line | None = None) -> Stored:
        """Return what is said of an object; raises a NO_OBJECT fault when there is none."""
        return whole.head(self._calls, key, version_id, line)

    def delete(self, key: str, version_id: str = "", *, line: Line | None = None) -> None:
        """Remove an object; one that is not there is no fault."""
        whole.delete(self._calls, key, version_id, line)

    def get_range(
        self,
        span: Span,
        fd: int,
        line: Line,
        *,
        gate: Gate | None = None,
        moved: Callable[[int], None] = ignore,
    ) -> Fetched:
        """Write a range of an object into a file, at the same place in it.

        Raises a CONFLICT fault when the object is no longer the one of ``span.etag``.
        """
        return whole.fetch(self._calls, span, Sink(fd, gate, moved), line)

    def probe(self, *, line: Line | None = None) -> ChecksumKind:
        """Return the best checksum that the endpoint verifies; asks it once."""
        line = line or Line()
        with self._alone(line):
            verdict = self._verdict or self._probe(line)
        return verdict.kind

    def check(self) -> DestinationCheck:
        """Try whether the bucket can be reached and written to; probes anew."""
        return checking.check(self._calls, self._probe_anew)

    def _probe_anew(self) -> Verdict:
        line = Line()
        with self._alone(line):
            return self._probe(line)

    @contextmanager
    def _alone(self, line: Line) -> Iterator[None]:
        """Let one thread probe at a time; the others wait."""
        while not self._probing.acquire(timeout=0.1):
            line.check()
        try:
            yield
        finally:
            self._probing.release()

    def _probe(self, line: Line) -> Verdict:
        key = checking.trial_key(self.destination)
        with self._trying(key):
            self._verdict = probing.try_checksums(self._calls, key, line)
        return self._verdict

    def _protecting(
        self,
        key: str,
        replace: bool,  # noqa: FBT001
        ask: Callable[[Answer], Completed],
    ) -> Completed:
        """Ask so that no object is replaced unwanted; look first where the endpoint cannot."""
        if replace:
            return ask({})
        if self._protects:
            try:
                return ask({"IfNoneMatch": "*"})
            except CloudFault as refused:
                if refused.fault.kind not in {FaultKind.UNSUPPORTED, FaultKind.INVALID}:
                    raise
        self._look(key)
        done = ask({})
        self._protects = False
        return dataclasses.replace(done, warnings=(*done.warnings, self._unprotected()))

    def _look(self, key: str) -> None:
        """Raise an EXISTS fault when there is an object."""
        try:
            self.head(key)
        except CloudFault as refused:
            if refused.fault.kind is FaultKind.NO_OBJECT:
                return
            raise
        raise CloudFault(make(FaultKind.EXISTS, self._calls.place("", key)))

    def _unprotected(self) -> str:
        host = self._calls.place("").host
        return f"{host} cannot refuse to overwrite: that nothing was there was seen just before."
