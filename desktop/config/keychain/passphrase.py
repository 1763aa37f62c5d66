"""Secrets in files that a passphrase opens, for computers without a keyring.

The passphrase (scrypt) opens a random key, and that key seals one file for each secret. So a new
passphrase rewrites one small file, and secrets are saved without a lock between processes.
"""

import base64
import json
import secrets
import unicodedata
from pathlib import Path

from desktop.config.keychain.kept import PassphraseState
from desktop.config.keychain.sealing import (
    new_key,
    read_private,
    remove_private,
    seal,
    unseal,
    write_private,
)
from desktop.config.keychain.secret import Secret
from desktop.domain.errors import InvalidInput, Refused, Unavailable

SHORTEST_PASSPHRASE = 12

COST = 1 << 17
"""Of scrypt, with blocks of 1 KiB: 128 MiB and about half a second for each guess."""

BLOCK = 8
HIGHEST_COST = 1 << 21
"""A file that asks for more was not written here and would only eat the memory."""

ENDING = ".locked"


class PassphraseFiles:
    """One file that the passphrase opens, and one for each secret."""

    def __init__(self, folder: Path, cost: int = COST) -> None:
        self._folder = folder
        self._head = folder / "passphrase.json"
        self._cost = cost
        self._key: bytes | None = None

    @property
    def state(self) -> PassphraseState:
        """Whether a passphrase was chosen, and whether it was given in this run."""
        if not self._head.exists():
            self._key = None
            return PassphraseState.NONE
        return PassphraseState.OPEN if self._key else PassphraseState.LOCKED

    def start(self, passphrase: Secret) -> None:
        """Choose a passphrase; raises InvalidInput when it is short, Refused when there is one."""
        if self._head.exists():
            raise Refused("There is a passphrase already", remedy="Unlock with it.")
        text = _normal(passphrase)
        if len(text) < SHORTEST_PASSPHRASE:
            raise InvalidInput(
                "The passphrase is too short",
                remedy=f"Use at least {SHORTEST_PASSPHRASE} characters, such as four words.",
            )
        key, salt = new_key(), secrets.token_bytes(16)
        about = _about(self._cost, salt)
        sealed = seal(_stretch(text, salt, self._cost), base64.b64encode(key).decode(), about)
        head = {"cost": self._cost, "salt": _text(salt), "key": _text(sealed)}
        write_private(self._head, json.dumps(head, indent=1).encode("ascii"))
        self._key = key

    def unlock(self, passphrase: Secret) -> None:
        """Open the files for this run; raises InvalidInput for another passphrase."""
        cost, salt, sealed = self._parts()
        text = unseal(_stretch(_normal(passphrase), salt, cost), sealed, _about(cost, salt))
        if text is None:
            raise InvalidInput(
                "The passphrase is not the right one",
                remedy="Try again. Without it the secrets cannot be read; they can only be "
                "deleted and entered anew.",
            )
        self._key = base64.b64decode(text)

    def _parts(self) -> tuple[int, bytes, bytes]:
        data = read_private(self._head)
        if data is None:
            raise Unavailable("No passphrase was chosen", remedy="Choose one in the settings.")
        try:
            head = json.loads(data)
            cost = int(head["cost"])
            salt, sealed = _data(head["salt"]), _data(head["key"])
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged() from error
        if not 2 <= cost <= HIGHEST_COST or cost & (cost - 1):
            raise self._damaged()
        return cost, salt, sealed

    def _damaged(self) -> Unavailable:
        return Unavailable(
            "The passphrase file is damaged",
            f"{self._head} is not as Proofreel writes it.",
            "Put it back from a backup, or delete the passphrase and enter the secrets anew.",
        )

    def read(self, stem: str, bound_to: str) -> str | None:
        """Return what is kept under ``stem``; None when nothing is. Raises Unavailable."""
        data = read_private(self._path(stem))
        if data is None:
            return None
        text = unseal(self._opened(), data, bound_to)
        if text is None:
            raise Unavailable(
                "A secret cannot be read any more",
                f"{self._path(stem)} is damaged or belongs to another passphrase.",
                "Delete the secret and enter it anew.",
            )
        return text

    def write(self, stem: str, text: str, bound_to: str) -> None:
        """Keep a text under ``stem``; raises Unavailable."""
        write_private(self._path(stem), seal(self._opened(), text, bound_to))

    def delete(self, stem: str) -> None:
        """Delete what is kept under ``stem``; needs no passphrase."""
        remove_private(self._path(stem))

    def forget(self) -> None:
        """Delete the passphrase, and with it every secret that it opens."""
        remove_private(self._head)
        self._key = None
        for path in self._folder.glob(f"*{ENDING}"):
            remove_private(path)

    def _path(self, stem: str) -> Path:
        return self._folder / f"{stem}{ENDING}"

    def _opened(self) -> bytes:
        if self.state is PassphraseState.NONE:
            raise Unavailable("No passphrase was chosen", remedy="Choose one in the settings.")
        if self._key is not None:
            return self._key
        raise Unavailable(
            "The secrets are locked",
            "They are kept in files that a passphrase opens.",
            "Unlock them in Settings > Secrets; commands ask for it at a terminal.",
        )


def _stretch(text: str, salt: bytes, cost: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - slow to load

    return Scrypt(salt=salt, length=32, n=cost, r=BLOCK, p=1).derive(text.encode("utf-8"))


def _about(cost: int, salt: bytes) -> str:
    return f"passphrase scrypt {cost} {BLOCK} 1 {salt.hex()}"


def _normal(passphrase: Secret) -> str:
    """Return the same characters for the same keys, whatever keyboard and system."""
    return unicodedata.normalize("NFKC", passphrase.reveal())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _data(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
