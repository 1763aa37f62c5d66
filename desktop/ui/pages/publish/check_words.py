"""What a try of a destination or of an object showed, in words anybody understands."""

from dataclasses import dataclass

from desktop.domain.transfers import Destination, DestinationCheck, ObjectCheck

CHECKSUMS = {
    "crc64nvme": "Every byte is verified on arrival.",
    "crc32": "Every byte is verified on arrival.",
    "md5": "Every piece is verified on arrival.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict."""

    role: str
    """Rank of the label that shows it: success, warning or danger."""
    title: str
    lines: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The verdict alone where all is well, all of it where it is not."""
        return self.text if self.role in {"danger", "warning"} else self.title

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " ".join((f"{self.title}.", *self.lines))


def said_of(check: DestinationCheck) -> Said:
    """Return what is said about a check."""
    if not check.ok:
        fault = check.fault
        why = (fault.message, fault.remedy) if fault is not None else ("It does not answer.",)
        return Said("danger", "It does not work yet", tuple(filter(None, (*why, *check.warnings))))
    facts = (
        f"The bucket is in {check.region}." if check.region else "",
        CHECKSUMS.get(check.checksums, ""),
    )
    role = "warning" if check.warnings else "success"
    title = "It works, with a reservation" if check.warnings else "It works"
    return Said(role, title, tuple(filter(None, (*facts, *check.warnings))))


def said_of_object(check: ObjectCheck) -> Said:
    """Return what is said about an object that was sent and looked for again."""
    if check.intact:
        return Said("success", "It is there, as it was sent")
    title = "It is not there any more" if check.missing else "Somebody has replaced it"
    return Said("danger", title, tuple(filter(None, (check.reason,))))


def place_of(destination: Destination) -> str:
    """Return where a destination is: "reels/team/ at minio.example"."""
    host = destination.endpoint_url.partition("://")[2].rstrip("/") or "Amazon S3"
    folder = f"/{destination.prefix.strip('/')}" if destination.prefix.strip("/") else ""
    return f"{destination.bucket}{folder} at {host}"
