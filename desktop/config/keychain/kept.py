"""What is said about secrets that are kept: where, since when and why there; never a value."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop.config.keychain.secret import SecretName


class Place(StrEnum):
    """Where a secret is."""

    KEYRING = "keyring"
    """In the keyring of this system."""
    SEALED = "sealed"
    """In an encrypted file whose key is in the keyring: too long for a keyring."""
    PASSPHRASE = "passphrase"  # noqa: S105 - a place
    """In an encrypted file that a passphrase opens."""
    MEMORY = "memory"
    """Nowhere but in this process: gone when it ends."""


class PassphraseState(StrEnum):
    """Whether the person chose to keep secrets in files that a passphrase opens."""

    NONE = "none"
    LOCKED = "locked"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class SecretInfo:
    """One secret that exists."""

    name: SecretName
    label: str
    """In the words of the editor, such as "Access key of the studio account"; may be empty."""
    place: Place
    saved: datetime | None
    """None when nobody knows any more."""


@dataclass(frozen=True, slots=True)
class KeychainStatus:
    """Where a secret that is saved now would be kept, and why there."""

    place: Place
    """KEYRING stands for long ones, too."""
    keyring: str
    """Name of the keyring; empty when none can be used."""
    reason: str = ""
    """Why there is no keyring; empty when there is one."""
    remedy: str = ""
    """What to do to have one."""
    passphrase: PassphraseState = PassphraseState.NONE
