"""For every test: no network but this machine, no real library, no process left behind."""

import contextlib
import ipaddress
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import pytest

from desktop.config import redaction
from tests.keyring_daemon import keyring_daemon

hypothesis.settings.register_profile("proofreel", deadline=None)
hypothesis.settings.load_profile("proofreel")
# How long an example takes says how busy the machine is; benchmarks measure time.

PATIENCE = 3.0
"""Seconds that processes of the last test have to end."""


class NetworkForbidden(RuntimeError):
    """A test tried to talk to another machine."""


def _is_near(address: object) -> bool:
    """Tell whether a socket address is of this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0]).partition("%")[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse connections to other machines at once, instead of letting a test wait for them."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        _refuse_far(address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        _refuse_far(address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        yield


def _refuse_far(address: object) -> None:
    if not _is_near(address):
        raise NetworkForbidden(f"Tests have no network: {address!r}")


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> None:
    """Let interruptions through that shells keep from what they run in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put everything the program writes by default below the test's own folder."""
    monkeypatch.setenv("PROOFREEL_HOME", str(tmp_path / "proofreel-home"))


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the keyring of whoever runs the tests alone, and whatever a bus would start."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture(autouse=True)
def no_known_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the secrets of one test from being replaced in the logs of another."""
    monkeypatch.setattr(redaction._everywhere, "_values", {})
    monkeypatch.setattr(redaction._everywhere, "_forms", ())


@pytest.fixture
def real_keyring(
    no_keyring: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Run a keyring of the test's own, unlocked; return the folder it keeps its files in."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    with keyring_daemon(tmp_path / "keyring-home") as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield tmp_path / "keyring-home"


@pytest.fixture(autouse=True, scope="session")
def no_process_left() -> Iterator[None]:
    """Fail the run when processes outlive the tests that started them."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    children = [child for child in psutil.Process().children(recursive=True) if _counts(child)]
    left = [child for child in children if child.pid not in before]
    _gone, alive = psutil.wait_procs(left, timeout=PATIENCE)
    assert not alive, [_command(child) for child in alive]


def _counts(process: psutil.Process) -> bool:
    """Leave out Python's own bookkeeper of shared resources, which lives until the very end."""
    with contextlib.suppress(psutil.Error):
        return (
            "resource_tracker" not in " ".join(process.cmdline())
            and process.status() != psutil.STATUS_ZOMBIE
        )
    return False


def _command(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return f"{process.pid}: {' '.join(process.cmdline())}"
    return f"{process.pid}"


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the folder the sources lie in."""
    return Path(__file__).parent.parent


@pytest.fixture
def clean_environment() -> dict[str, str]:
    """Return the environment for a fresh interpreter that finds this source tree."""
    root = Path(__file__).parent.parent
    return {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
