"""Where each secret goes: the policy.

The keyring of this system; what is too long for it goes into an encrypted file whose key is in the
keyring. Without a keyring: encrypted files that a passphrase opens, if the person chose so; else
the memory of this process, which is said. Never plain text.

Every method may block: a keyring may ask a person for a password.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from desktop.config.keychain.items import KeyringItems
from desktop.config.keychain.kept import KeychainStatus, PassphraseState, Place, SecretInfo
from desktop.config.keychain.passphrase import PassphraseFiles
from desktop.config.keychain.records import Records, stem
from desktop.config.keychain.secret import Secret, SecretName
from desktop.config.keychain.system import SystemKeyring
from desktop.domain.errors import NotFound, StudioError, Unavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A secret that only this process has."""

    secret: Secret
    info: SecretInfo


class Keychain:
    """The secrets of one library; may be called from any thread."""

    def __init__(
        self,
        folder: Path,
        keyring: SystemKeyring | None = None,
        passphrase: PassphraseFiles | None = None,
    ) -> None:
        self._items = KeyringItems(folder, keyring or SystemKeyring())
        self._passphrase = passphrase or PassphraseFiles(folder)
        self._records = Records(folder)
        self._held: dict[SecretName, Held] = {}
        self._failure: Unavailable | None = None
        """Why the keyring did not take what was saved last; it may be there and locked."""
        self._turn = threading.RLock()

    def all(self) -> tuple[SecretInfo, ...]:
        """Return every secret that exists, in order of name; asks no keyring, waits for nobody."""
        infos = {info.name: info for info in self._records.all()}
        infos |= {name: held.info for name, held in tuple(self._held.items())}
        return tuple(infos[name] for name in sorted(infos))

    def status(self, *, thorough: bool = False) -> KeychainStatus:
        """Return where a secret would be kept now; ``thorough`` tries the keyring out."""
        opened = self._passphrase.state
        if (failure := self._trouble(thorough=thorough)) is None:
            return KeychainStatus(Place.KEYRING, self._items.keyring_name, passphrase=opened)
        reason = " ".join(part for part in (f"{failure.title}.", failure.detail) if part)
        place = Place.PASSPHRASE if opened is PassphraseState.OPEN else Place.MEMORY
        return KeychainStatus(place, "", reason, failure.remedy, opened)

    def _trouble(self, *, thorough: bool) -> Unavailable | None:
        """Return why the keyring cannot be used; None when it can."""
        try:
            if not thorough:
                self._items.check()
            else:
                with self._turn:
                    self._items.check(thorough=True)
                    self._failure = None
        except Unavailable as error:
            return error
        return self._failure

    def hold(self, name: SecretName, secret: Secret, label: str = "") -> SecretInfo:
        """Keep a secret in memory, at once; ``keep`` keeps it for good where that is possible."""
        info = SecretInfo(name, label, Place.MEMORY, datetime.now(UTC))
        self._held[name] = Held(secret, info)
        return info

    def held(self, name: SecretName) -> Secret | None:
        """Return what ``hold`` put into memory, while it is there; waits for nobody."""
        held = self._held.get(name)
        return held.secret if held else None

    def save(self, name: SecretName, secret: Secret, label: str = "") -> SecretInfo:
        """Keep a secret as the policy says and tell where; MEMORY means until this process ends.

        Never raises for want of a place: the memory holds it, and ``status`` says why.
        """
        self.hold(name, secret, label)
        return self.keep(name)

    def keep(self, name: SecretName) -> SecretInfo:
        """Keep for good what ``hold`` put into memory, and tell where it is now."""
        with self._turn:
            held = self._held.get(name)
            if held is not None:
                self._settle(held)
            info = self._info(name)
        if info is None:
            raise NotFound(f"There is no secret {name}")
        return info

    def settle(self) -> tuple[SecretInfo, ...]:
        """Keep for good what is only in memory, where that is possible now; return the rest."""
        with self._turn:
            for held in tuple(self._held.values()):
                self._settle(held)
        return tuple(held.info for held in tuple(self._held.values()))

    def _settle(self, held: Held) -> None:
        name = held.info.name
        for keep in self._places():
            try:
                place = keep(name, held.secret.reveal())
                self._records.put(replace(held.info, place=place))
            except Unavailable as error:
                log.warning("%s is not kept there: %s. %s", name, error.title, error.detail)
                self._failure = error
                continue
            if self._held.get(name) is held:
                del self._held[name]
            self._failure = None if place is not Place.PASSPHRASE else self._failure
            self._tidy(name, place)
            return

    def _places(self) -> Iterator[Callable[[SecretName, str], Place]]:
        yield self._items.write
        if self._passphrase.state is PassphraseState.OPEN:
            yield self._keep_behind_passphrase

    def _keep_behind_passphrase(self, name: SecretName, value: str) -> Place:
        self._passphrase.write(stem(name), value, self._items.bound(name))
        return Place.PASSPHRASE

    def _tidy(self, name: SecretName, place: Place) -> None:
        """Remove what an earlier value left in another place; the new one is safe."""
        try:
            if place is Place.PASSPHRASE:
                self._items.remove_files(name)
            else:
                self._passphrase.delete(stem(name))
        except Unavailable as error:
            log.warning("What %s was before is still there: %s", name, error)

    def read(self, name: SecretName) -> Secret | None:
        """Return a secret; None when there is none of that name.

        Raises Unavailable when the place it is kept in cannot be reached or has lost it.
        """
        if (held := self.held(name)) is not None:
            return held
        with self._turn:
            record = self._records.get(name)
            if record is not None and record.place is Place.PASSPHRASE:
                value = self._passphrase.read(stem(name), self._items.bound(name))
            else:
                value = self._from_keyring(name, known=record is not None)
            if value is None and record is not None:
                raise _lost(record)
            return None if value is None else Secret(value)

    def _from_keyring(self, name: SecretName, *, known: bool) -> str | None:
        """Return a value; one without a record is looked for, too, if that is possible."""
        try:
            return self._items.read(name)
        except Unavailable:
            if known:
                raise
            return None

    def test(self, name: SecretName) -> SecretInfo:
        """Read a secret back and tell where it is; raises NotFound or Unavailable."""
        with self._turn:
            if self.read(name) is None:
                raise NotFound(f"There is no secret {name}")
            return self._info(name) or SecretInfo(name, "", Place.KEYRING, None)

    def _info(self, name: SecretName) -> SecretInfo | None:
        held = self._held.get(name)
        return held.info if held else self._records.get(name)

    def delete(self, name: SecretName) -> None:
        """Delete a secret wherever it is.

        Raises Unavailable when the keyring that has it cannot be reached; it still exists then.
        """
        with self._turn:
            record = self._records.get(name)
            try:
                self._items.delete(name)
            except Unavailable:
                if record is not None and record.place is not Place.PASSPHRASE:
                    raise
            self._held.pop(name, None)
            self._items.remove_files(name)
            self._passphrase.delete(stem(name))
            self._records.remove(name)

    def start_passphrase(self, passphrase: Secret) -> tuple[SecretInfo, ...]:
        """Choose a passphrase and keep behind it what is only in memory; return the rest."""
        with self._turn:
            self._passphrase.start(passphrase)
            return self.settle()

    def unlock(self, passphrase: Secret) -> tuple[SecretInfo, ...]:
        """Open what a passphrase keeps; return what is still only in memory."""
        with self._turn:
            self._passphrase.unlock(passphrase)
            return self.settle()

    def forget_passphrase(self) -> None:
        """Delete the passphrase and every secret that it opens."""
        with self._turn:
            self._passphrase.forget()
            for info in self._records.all():
                if info.place is Place.PASSPHRASE:
                    self._records.remove(info.name)


def _lost(record: SecretInfo) -> StudioError:
    return Unavailable(
        "A secret cannot be read any more",
        f"{record.name} is not where it was kept, or it was changed there.",
        "Delete it and enter it anew.",
    )
