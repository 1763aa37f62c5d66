"""What a person reads when a request failed: one sentence, and one on what to do."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from desktop.domain.faults import FaultKind
from desktop.domain.transfers import Destination


@dataclass(frozen=True, slots=True)
class Place:
    """What was asked, where, of which object: for the words of a fault."""

    destination: Destination
    operation: str = ""
    """As AWS names it, such as ``HeadObject``."""
    key: str = ""

    @property
    def host(self) -> str:
        """The service, as a person knows it."""
        return urlsplit(self.destination.endpoint_url).netloc or "Amazon S3"

    @property
    def login(self) -> str:
        """How to renew what signs requests here."""
        profile = self.destination.profile
        if profile:
            return f"Sign in again, for example with “aws sso login --profile {profile}”."
        name = self.destination.name
        return f"Enter new keys in the settings of “{name}”, or by proofreel destinations keys."


_SENTENCES = {
    FaultKind.NETWORK: (
        "The connection to {host} was lost.",
        "It goes on by itself when the network is back.",
    ),
    FaultKind.NAME: (
        "The name of {host} cannot be looked up.",
        "Check the network, and the address if it stays like this.",
    ),
    FaultKind.TIMEOUT: ("{host} did not answer in time.", ""),
    FaultKind.THROTTLED: ("{host} asks us to be slower.", ""),
    FaultKind.SERVER: ("{host} has a problem of its own.", ""),
    FaultKind.DENIED: (
        "This account may not do this in the bucket “{bucket}”.",
        "Ask the bucket's owner for the right to read, write and abort uploads.",
    ),
    FaultKind.CREDENTIALS: ("{host} does not accept the keys of “{name}”.", "{login}"),
    FaultKind.EXPIRED: ("The sign-in of “{name}” has expired.", "{login}"),
    FaultKind.CLOCK: (
        "This computer's clock differs too much from that of {host}.",
        "Set the clock by network time.",
    ),
    FaultKind.REGION: (
        "The bucket “{bucket}” lies in another region.",
        "Enter its region in the settings of “{name}”.",
    ),
    FaultKind.NO_BUCKET: (
        "There is no bucket “{bucket}” at {host}.",
        "Check its name and region, or create it.",
    ),
    FaultKind.NO_OBJECT: ("There is no “{key}” in the bucket “{bucket}”.", ""),
    FaultKind.NO_UPLOAD: ("The unfinished upload of “{key}” is gone from {host}.", ""),
    FaultKind.EXISTS: (
        "There is a “{key}” in the bucket “{bucket}” already.",
        "Replace it, or choose another name.",
    ),
    FaultKind.CONFLICT: ("“{key}” was changed by somebody else at the same time.", ""),
    FaultKind.DIGEST: ("Bytes of “{key}” arrived damaged.", ""),
    FaultKind.UNSUPPORTED: ("{host} cannot do what was asked of it.", ""),
    FaultKind.CERTIFICATE: (
        "The certificate of {host} is not trusted.",
        "Choose the file with its certificates in the settings of “{name}”.",
    ),
    FaultKind.INVALID: (
        "{host} does not understand what was asked of it.",
        "Check the settings of “{name}”.",
    ),
    FaultKind.UNKNOWN: ("Something went wrong between this computer and {host}.", ""),
}


def sentences(kind: FaultKind, place: Place) -> tuple[str, str]:
    """Return what happened, and what a person can do about it."""
    destination = place.destination
    words = {
        "host": place.host,
        "login": place.login,
        "bucket": destination.bucket,
        "name": destination.name,
        "key": place.key,
    }
    message, remedy = _SENTENCES[kind]
    return message.format(**words), remedy.format(**words)
