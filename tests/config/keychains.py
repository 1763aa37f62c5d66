"""What tests of the keychain work with: values to look for, and a keyring that obeys."""

from pathlib import Path

from desktop.config.keychain import Keychain, SecretName
from desktop.config.keychain.passphrase import PassphraseFiles
from desktop.config.keychain.system import SystemKeyring
from desktop.domain.errors import Unavailable

CANARY = "canary of " + Path(__file__).stem
LONG = f"{CANARY} {'0123456789abcdef' * 200}"
NAME = SecretName("aws", "secret-key")
OTHER = SecretName("openai", "api-key")
CHEAP = 1 << 4
"""Cost of scrypt in tests: what it protects here is nothing."""


class MemoryKeyring(SystemKeyring):
    """A keyring of the test, for what a real one cannot be made to do."""

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[tuple[str, str], str] = {}
        self.broken: Unavailable | None = None

    def _look(self) -> None:
        if self.broken is not None:
            raise self.broken

    def check(self) -> None:
        """It is there, also when it is locked."""

    def read(self, service: str, user: str) -> str | None:
        self._look()
        return self.items.get((service, user))

    def write(self, service: str, user: str, text: str) -> None:
        self._look()
        self.items[service, user] = text

    def delete(self, service: str, user: str) -> None:
        self._look()
        self.items.pop((service, user), None)


def without_keyring(folder: Path) -> Keychain:
    return Keychain(folder, SystemKeyring(), PassphraseFiles(folder, CHEAP))


def revealed(keychain: Keychain, name: SecretName = NAME) -> str | None:
    secret = keychain.read(name)
    return secret.reveal() if secret else None


def files_with(text: str, *folders: Path) -> list[Path]:
    """Return every file in which a text is, as it is or in parts of it."""
    found = []
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if text.encode() in data or text[:16].encode() in data or text.encode("utf-16-le") in data:
            found.append(path)
    return found
