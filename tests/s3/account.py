"""What was asked and what came in, by request: proof of what was not sent twice."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class Receipt:
    """One request and what became of it."""

    operation: str
    bucket: str
    key: str
    part: int | None
    upload_id: str
    began: float
    """Monotonic seconds."""
    received: int = 0
    """Bytes of its body, without framing."""
    sent: int = 0
    status: int = 0
    """0: no answer was given."""
    code: str = ""
    stored: bool = False
    """Whether its bytes were kept, answered or not."""
    acknowledged: bool = False
    """Whether the whole answer went out, and it was a success."""
    ended: float = 0.0

    def close(self) -> None:
        """Note that the request is over, one way or the other."""
        self.ended = time.monotonic()


class Account:
    """All requests since the start or the last ``clear``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._receipts: list[Receipt] = []

    def open(
        self, operation: str, bucket: str, key: str, part: int | None, upload_id: str
    ) -> Receipt:
        """Begin the record of a request."""
        receipt = Receipt(operation, bucket, key, part, upload_id, time.monotonic())
        with self._lock:
            self._receipts.append(receipt)
        return receipt

    def clear(self) -> None:
        """Forget everything so far."""
        with self._lock:
            self._receipts.clear()

    def receipts(self, operation: str = "", key: str = "") -> list[Receipt]:
        """Return what was asked, oldest first; empty stands for any."""
        with self._lock:
            found = list(self._receipts)
        return [
            each for each in found if operation in {"", each.operation} and key in {"", each.key}
        ]

    def count(self, operation: str = "") -> int:
        """Return how often something was asked."""
        return len(self.receipts(operation))

    def received(self, key: str = "") -> int:
        """Return the bytes of objects and parts that came in, those of failed requests as well."""
        return _payload(self.receipts(key=key))

    def parts(self, key: str) -> dict[int, int]:
        """Return the bytes that came in by part of a key."""
        totals: Counter[int] = Counter()
        for each in self.receipts("UploadPart", key):
            totals[each.part or 0] += each.received
        return dict(totals)

    def acknowledged(self, key: str) -> set[int]:
        """Return the parts of a key that were acknowledged."""
        return {e.part for e in self.receipts("UploadPart", key) if e.acknowledged and e.part}

    def resent(self, key: str = "") -> int:
        """Return the bytes of parts that came in again after they had been acknowledged."""
        return _again(self.receipts("UploadPart", key), lambda each: each.acknowledged)

    def restored(self, key: str = "") -> int:
        """Return the bytes of parts that came in again after they had been stored."""
        return _again(self.receipts("UploadPart", key), lambda each: each.stored)

    def totals(self) -> dict[str, int]:
        """Return requests and bytes so far, for who asks often."""
        found = self.receipts()
        sent = sum(each.sent for each in found)
        return {"requests": len(found), "received": _payload(found), "sent": sent}

    def state(self) -> dict[str, Any]:
        """Return counts, bytes and every receipt, for JSON; ``resent`` is by key."""
        found = self.receipts()
        keys = {each.key for each in found if each.operation == "UploadPart"}
        return {
            "operations": dict(Counter(each.operation for each in found)),
            "statuses": dict(Counter(str(each.status) for each in found)),
            "received": _payload(found),
            "sent": sum(each.sent for each in found),
            "resent": {key: count for key in keys if (count := self.resent(key))},
            "receipts": [asdict(each) for each in found],
        }


def _payload(receipts: Iterable[Receipt]) -> int:
    return sum(e.received for e in receipts if e.operation in {"PutObject", "UploadPart"})


def _again(receipts: Iterable[Receipt], settled: Any) -> int:
    since: dict[tuple[str, str, int | None], float] = {}
    total = 0
    for each in sorted(receipts, key=lambda one: one.began):
        place = (each.bucket, each.key, each.part)
        if place in since and each.began > since[place]:
            total += each.received
        if settled(each):
            since.setdefault(place, each.ended)
    return total
