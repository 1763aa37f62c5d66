"""The keyring of Linux desktops, with two gaps of the library closed.

``keyring`` leaves a connection open each time the person declines to unlock, and waits for their
answer for ever. Loaded only where there is such a keyring.
"""

from typing import TYPE_CHECKING

from keyring.backends import SecretService
from keyring.errors import InitError, KeyringLocked
from typing_extensions import override

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection
    from secretstorage import Collection

PROMPT_SECONDS = 180.0
"""How long the person has to type the password of their keyring."""


class PatientKeyring(SecretService.Keyring):
    """GNOME Keyring, KWallet or KeePassXC, whichever serves this session."""

    @override
    def get_preferred_collection(self) -> "Collection":
        """Return the default collection, unlocked; raises InitError or KeyringLocked."""
        import secretstorage  # noqa: PLC0415 - exists on Linux only

        bus = secretstorage.dbus_init()
        try:
            return _unlocked(bus)
        except BaseException:
            bus.close()
            raise


def _unlocked(bus: "DBusConnection") -> "Collection":
    import secretstorage  # noqa: PLC0415 - exists on Linux only

    try:
        collection = secretstorage.get_default_collection(bus)
    except secretstorage.SecretStorageException as error:
        raise InitError(f"No default collection: {error}") from error
    if collection.is_locked():
        try:
            collection.unlock(timeout=PROMPT_SECONDS)
        except TimeoutError as error:
            raise KeyringLocked("Nobody answered") from error
        if collection.is_locked():
            raise KeyringLocked("Not unlocked")
    return collection
