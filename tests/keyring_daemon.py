"""A real keyring on a session bus of its own, for tests of whatever keeps secrets."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

START = """
mkdir -p "$HOME/.local/share"
echo "$DBUS_SESSION_BUS_ADDRESS"
printf '%s' "$UNLOCK" | gnome-keyring-daemon --foreground --components=secrets $OPTION &
read -r _until_stdin_is_closed
kill "$!"
wait
"""


@contextmanager
def keyring_daemon(home: Path, *, unlocked: bool = True) -> Iterator[str]:
    """Run a keyring daemon that keeps its files below ``home``; yield the address of its bus."""
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home),
        "UNLOCK": "pass" + "word of this test" if unlocked else "",
        "OPTION": "--unlock" if unlocked else "",
    }
    daemon = subprocess.Popen(
        ["dbus-run-session", "--", "sh", "-c", START],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert daemon.stdin is not None
    assert daemon.stdout is not None
    with daemon, daemon.stdin:
        address = daemon.stdout.readline().decode().strip()
        assert address, "dbus-run-session and gnome-keyring-daemon are needed: packaging/test"
        _wait_for_service(address)
        yield address


def _wait_for_service(address: str) -> None:
    """Wait for the daemon's name without calling it: that would start one of the system's."""
    with closing(open_dbus_connection(bus=address)) as bus:
        until = time.monotonic() + 20
        while not Proxy(message_bus, bus).NameHasOwner("org.freedesktop.secrets")[0]:
            assert time.monotonic() < until, "the keyring daemon did not start"
            time.sleep(0.02)
