"""Victims that listen: on this machine's own addresses, on sockets of files, on the message bus."""

import contextlib
import os
import pty
import secrets
import select
import socket
import struct
import termios
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.isolation.attack import Victim
from tests.isolation.victims import Aim, descriptors, seen
from tests.isolation.world import World, canary


class Listener:
    """A socket that remembers whether anybody spoke to it."""

    def __init__(self, family: int, kind: int, address: Any) -> None:
        self._socket = socket.socket(family, kind)
        self._socket.bind(address)
        if kind != socket.SOCK_DGRAM:
            self._socket.listen(8)
        self.address = self._socket.getsockname()
        self._hits: list[str] = []
        self._thread = threading.Thread(target=self._serve, name="victim", daemon=True)
        self._closing = threading.Event()
        self._thread.start()

    def judge(self, _text: str) -> str:
        """Tell who was there."""
        self.close()
        return self._hits[0] if self._hits else ""

    def close(self) -> None:
        """Stop listening, when everything that was sent has been seen."""
        self._closing.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while self._wait(0.02) or not self._closing.is_set():
            if not self._wait(0):
                continue
            if self._socket.type == socket.SOCK_DGRAM:
                self._hits.append(f"got {self._socket.recv(200)!r}")
                continue
            connection, _address = self._socket.accept()
            self._hits.append("a connection came in")
            connection.close()

    def _wait(self, seconds: float) -> bool:
        return bool(select.select([self._socket], [], [], seconds)[0])


def listening(family: int, kind: int = socket.SOCK_STREAM, host: str = "127.0.0.1") -> Aim:
    """Return an aim at a port; the code knows ``host`` and ``port``."""

    def aim(_world: World) -> Victim:
        listener = Listener(family, kind, (host, 0))
        values = {"host": host, "port": listener.address[1]}
        return Victim(values, listener.judge, close=listener.close)

    return aim


def own_address(_world: World) -> Victim:
    """Aim at a port at the address by which other machines know this one."""
    listener = Listener(socket.AF_INET, socket.SOCK_STREAM, (_outer_address(), 0))
    host, port = listener.address
    return Victim({"host": host, "port": port}, listener.judge, close=listener.close)


def _outer_address() -> str:
    for addresses in psutil.net_if_addrs().values():
        for one in addresses:
            if one.family == socket.AF_INET and not one.address.startswith("127."):
                return one.address
    return "127.0.0.1"


def on_file(kind: int = socket.SOCK_STREAM) -> Aim:
    """Return an aim at a socket in the home, as agents for keys have it."""

    def aim(world: World) -> Victim:
        path = world.root / f"agent-{secrets.token_hex(4)}"
        listener = Listener(socket.AF_UNIX, kind, str(path))
        return Victim({"path": path}, listener.judge, close=listener.close)

    return aim


def abstract(_world: World) -> Victim:
    """Aim at a socket that has a name but no file."""
    name = f"\0proofreel-{secrets.token_hex(6)}"
    listener = Listener(socket.AF_UNIX, socket.SOCK_STREAM, name)
    return Victim({"name": name}, listener.judge, close=listener.close)


def serving(_world: World) -> Victim:
    """Aim at offering something to others: the code is to listen on ``port``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def look(_pids: list[int]) -> str:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return "the job answers on a port"
        return ""

    return Victim({"port": port}, lambda _text: "", look)


def in_keyring(world: World) -> Victim:
    """Aim at the secret in the keyring, which is unlocked."""
    values = {"bus": os.environ.get("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")}
    return Victim(values, seen(world.keyring_canary, "the secret of the keyring"))


def on_bus(_world: World) -> Victim:
    """Aim at the message bus: the code is to take ``name`` there."""
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    name = f"net.example.Taken{secrets.token_hex(4)}"
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")

    def look(_pids: list[int]) -> str:
        if not address:
            return ""
        bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        with open_dbus_connection(address) as connection:
            asked = new_method_call(bus, "NameHasOwner", "s", (name,))
            (taken,) = connection.send_and_get_reply(asked).body
        return "the job has a name on the bus" if taken else ""

    return Victim({"bus": address or "unix:path=/nowhere", "name": name}, lambda _text: "", look)


def sockets(pids: list[int]) -> str:
    """Tell whether a job holds a socket."""
    for pid in pids:
        for name in descriptors(pid):
            if name.startswith("socket:"):
                return f"the job holds {name}"
    return ""


def any_socket(_world: World) -> Victim:
    """Aim at holding a socket of whatever family."""
    return Victim({}, lambda _text: "", sockets)


def terminal(_world: World) -> Victim:
    """Aim at somebody's terminal."""
    leader, follower = pty.openpty()
    settings = termios.tcgetattr(follower)
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(follower, termios.TCSANOW, settings)

    def judge(_text: str) -> str:
        written = bool(select.select([leader], [], [], 0)[0])
        return f"the terminal shows {os.read(leader, 100)!r}" if written else ""

    def close() -> None:
        os.close(leader)
        os.close(follower)

    return Victim({"path": os.ttyname(follower)}, judge, close=close)


def shared_memory(_world: World) -> Victim:
    """Aim at a piece of memory that processes share by its number."""
    import ctypes

    kept = canary()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    number = libc.shmget(0, 4096, 0o1600)
    place = libc.shmat(number, None, 0)
    ctypes.memmove(place, kept.encode(), len(kept))

    def close() -> None:
        libc.shmdt(ctypes.c_void_p(place))
        libc.shmctl(number, 0, None)

    return Victim({"number": number}, seen(kept, "shared memory"), close=close)


def message_queue(_world: World) -> Victim:
    """Aim at a queue of messages that processes share by its number."""
    import ctypes

    kept = canary()
    libc = ctypes.CDLL(None, use_errno=True)
    number = libc.msgget(0, 0o1600)
    message = struct.pack("l", 1) + kept.encode()
    libc.msgsnd(number, message, len(kept), 0)
    return Victim(
        {"number": number},
        seen(kept, "a message for others"),
        close=lambda: libc.msgctl(number, 0, None),
    )


def shared_file(_world: World) -> Victim:
    """Aim at the folder of shared memory."""
    path = Path("/dev/shm") / f"proofreel-{secrets.token_hex(6)}"

    def judge(_text: str) -> str:
        if not path.exists():
            return ""
        path.unlink()
        return "a file was made in the folder of shared memory"

    return Victim({"path": path}, judge)


def in_kernel_keys(_world: World) -> Victim:
    """Aim at a secret that the kernel keeps for this person."""
    import ctypes

    kept = canary()
    libc = ctypes.CDLL(None, use_errno=True)
    name = f"proofreel-{secrets.token_hex(6)}"
    users_keys = ctypes.c_long(-4)
    key = libc.syscall(248, b"user", name.encode(), kept.encode(), len(kept), users_keys)
    libc.syscall(250, 5, key, 0x3F3F0000)  # its owner may read it, also from another session

    def close() -> None:
        libc.syscall(250, 9, key, users_keys)

    return Victim({"key": key}, seen(kept, "a key of the kernel"), close=close)


def judged_by(look: Callable[[list[int]], str]) -> Aim:
    """Return an aim whose success is to be seen on the processes of the job."""
    return lambda _world: Victim({}, lambda _text: "", look)
