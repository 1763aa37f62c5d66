"""The keyring of this system: Secret Service on Linux, Keychain on macOS, vault on Windows.

Only these are used. The library ``keyring`` would take whatever backend is installed, also one that
writes plain text; and it chooses once, while a keyring may be started while Proofreel runs. Its
calls may wait for a person who is asked for a password: never call them on an event loop.
"""

import contextlib
import importlib
import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.errors import Unavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

MOST_CHARACTERS = 1200
"""Longest item: Windows takes 1280 characters, and a little is kept in reserve."""

TITLE = "The keyring cannot be used"

CHOICE = "PYTHON_KEYRING_BACKEND"
"""The variable with which people choose a backend of ``keyring``, or none."""

SWITCHED_OFF = {"keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"}


@dataclass(frozen=True, slots=True)
class Backend:
    """One keyring that is known to encrypt."""

    known_as: str
    """What ``keyring`` calls it."""
    name: str
    """What people call it."""
    loaded_from: str = ""
    """Where it is when it is not the library's own class."""


BACKENDS = {
    "linux": Backend(
        "keyring.backends.SecretService.Keyring",
        "Secret Service keyring",
        "desktop.config.keychain.secret_service.PatientKeyring",
    ),
    "darwin": Backend("keyring.backends.macOS.Keyring", "macOS Keychain"),
    "win32": Backend("keyring.backends.Windows.WinVaultKeyring", "Windows Credential Manager"),
}


class SystemKeyring:
    """Items of one service in the keyring of this system; every method may block for long."""

    def __init__(self, platform: str = sys.platform) -> None:
        self._backend = BACKENDS.get(platform)
        self.name = self._backend.name if self._backend else ""

    def check(self) -> None:
        """Raise Unavailable, with why and what to do, when there is no keyring; asks nobody."""
        self._open()

    def read(self, service: str, user: str) -> str | None:
        """Return an item; None when there is none. Raises Unavailable."""
        keyring = self._open()
        with _translated():
            return keyring.get_password(service, user)

    def write(self, service: str, user: str, text: str) -> None:
        """Add or replace an item of at most ``MOST_CHARACTERS``; raises Unavailable."""
        keyring = self._open()
        with _translated():
            keyring.set_password(service, user, text)

    def delete(self, service: str, user: str) -> None:
        """Delete an item that may be gone already; raises Unavailable."""
        keyring = self._open()
        with _translated():
            if keyring.get_password(service, user) is not None:
                keyring.delete_password(service, user)

    def try_out(self, service: str) -> None:
        """Write, read and delete an item; raises Unavailable when that does not work."""
        user, text = "proofreel:test", secrets.token_hex(16)
        self.write(service, user, text)
        try:
            same = self.read(service, user) == text
        finally:
            self.delete(service, user)
        if not same:
            raise Unavailable(TITLE, "It gave back something else than was put into it.", _REPAIR)

    def _open(self) -> "KeyringBackend":
        """Return the backend; raises Unavailable when it does not work here."""
        backend = self._backend
        if backend is None:
            raise Unavailable(TITLE, f"None is known for {sys.platform}.", "Use a passphrase.")
        self._obey_choice(backend)
        try:
            module, _, name = (backend.loaded_from or backend.known_as).rpartition(".")
            kind = getattr(importlib.import_module(module), name)
            assert kind.priority > 0  # raises with the reason when it does not work here
        except Exception as error:
            raise _absent(error) from error
        made: KeyringBackend = kind()
        return made

    @staticmethod
    def _obey_choice(backend: Backend) -> None:
        chosen = os.environ.get(CHOICE, "")
        if chosen in SWITCHED_OFF:
            raise Unavailable(
                TITLE,
                f"It is switched off by the variable {CHOICE}.",
                "Start Proofreel without that variable.",
            )
        if chosen and chosen != backend.known_as:
            raise Unavailable(
                TITLE,
                f"The variable {CHOICE} names {chosen}, which may not encrypt what it keeps.",
                f"Start Proofreel without that variable; it then uses the {backend.name}.",
            )


_REPAIR = "Restart the keyring by signing out and in again, then choose “Check again”."


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever a backend raises into Unavailable: each system's library has its own errors."""
    try:
        yield
    except Exception as error:
        raise _failed(error) from error


def _failed(error: Exception) -> Unavailable:
    kind = type(error).__name__
    if kind in {"KeyringLocked", "LockedException", "PromptDismissedException"}:
        return Unavailable(
            "The keyring is locked",
            "It was not opened when Proofreel asked for it.",
            "Unlock the keyring (its password is usually the one you sign in with), then choose "
            "“Check again”.",
        )
    if kind == "InitError":
        return Unavailable(
            "The keyring is not set up",
            "There is no default keyring, and none was made when Proofreel asked for it.",
            "Make a default keyring in “Passwords and Keys” or KWallet, then choose “Check again”.",
        )
    detail = f"{kind}: {error}" if str(error) else kind
    return Unavailable(TITLE, detail, _REPAIR)


def _absent(error: Exception) -> Unavailable:
    """Say why there is no keyring and how to get one."""
    if isinstance(error, ModuleNotFoundError | AttributeError):
        detail = f"A part of Proofreel is missing ({error})."
        return Unavailable(TITLE, detail, "Run packaging/run again, or install it anew.")
    if not sys.platform.startswith("linux"):
        return Unavailable(TITLE, f"{type(error).__name__}: {error}", _REPAIR)
    if _has_session_bus():
        return Unavailable(
            "No keyring is installed",
            "The desktop session has none that programs can use.",
            "Install one (sudo apt install gnome-keyring), sign out and in again.",
        )
    return Unavailable(
        "No keyring can be reached",
        "There is no desktop session, as over SSH and in containers.",
        "Start Proofreel from a desktop session, or use a passphrase (Settings > Secrets).",
    )


def _has_session_bus() -> bool:
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return bool(runtime and (Path(runtime) / "bus").exists())
