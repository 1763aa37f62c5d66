"""Attacks over the network and over whatever else carries messages between processes."""

import socket

from tests.isolation import listeners
from tests.isolation.attack import Attack
from tests.isolation.listeners import any_socket, listening, on_file

CONNECT = "socket.create_connection((host, port), 2).sendall(b'evil')"
BUS = """
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
bus = open_dbus_connection(bus)
"""
TALK = (
    BUS
    + """
hub = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
say(bus.send_and_get_reply(new_method_call(hub, "RequestName", "su", (name, 0))).body)
hold()
"""
)
KEYRING = (
    BUS
    + """
import secretstorage
for item in secretstorage.get_default_collection(bus).get_all_items():
    say(item.get_secret())
"""
)

NETWORK = (
    Attack("connect to this machine", CONNECT, listening(socket.AF_INET), old_landlock=True),
    Attack("connect by IPv6", CONNECT, listening(socket.AF_INET6, host="::1")),
    Attack("connect to the outer address", CONNECT, listeners.own_address),
    Attack(
        "connect by several paths",
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262).connect((host, port))",
        listening(socket.AF_INET),
    ),
    Attack(
        "connect with the first packet",
        """
        sock = socket.socket()
        sock.sendto(b"evil", socket.MSG_FASTOPEN, (host, port))
        """,
        listening(socket.AF_INET),
    ),
    Attack(
        "send a datagram",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'evil', (host, port))",
        listening(socket.AF_INET, socket.SOCK_DGRAM),
        old_landlock=True,
    ),
    Attack(
        "send a datagram by IPv6",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'evil', (host, port))",
        listening(socket.AF_INET6, socket.SOCK_DGRAM, "::1"),
    ),
    Attack(
        "ask for a name",
        """
        question = b"\\1\\2\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\4evil\\7example\\0\\0\\1\\0\\1"
        sock = socket.socket(type=socket.SOCK_DGRAM)
        sock.connect((host, port))
        sock.sendmsg([question])
        """,
        listening(socket.AF_INET, socket.SOCK_DGRAM),
    ),
    Attack(
        "connect from asyncio",
        "import asyncio; asyncio.run(asyncio.open_connection(host, port))",
        listening(socket.AF_INET),
    ),
    Attack(
        "fetch a page",
        "import urllib.request; urllib.request.urlopen(f'http://{host}:{port}/', timeout=2)",
        listening(socket.AF_INET),
    ),
    Attack(
        "open a video from the network",
        "import av; av.open(f'http://{host}:{port}/evil.mp4', timeout=2)",
        listening(socket.AF_INET),
        construct=True,
    ),
    Attack(
        "connect by call",
        """
        sock = call(41, 2, 1, 0)
        address = struct.pack("!4s", socket.inet_aton(host))
        packed = struct.pack("=H", 2) + struct.pack("!H", port) + address + bytes(8)
        call(42, sock, ctypes.create_string_buffer(packed), 16)
        """,
        listening(socket.AF_INET),
    ),
    Attack(
        "serve others",
        "server = socket.create_server(('127.0.0.1', port)); hold()",
        listeners.serving,
    ),
    Attack(
        "speak to an agent",
        "socket.socket(socket.AF_UNIX).connect(str(path))",
        on_file(),
        old_landlock=True,
    ),
    Attack(
        "send to an agent",
        "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'evil', str(path))",
        on_file(socket.SOCK_DGRAM),
        old_landlock=True,
    ),
    Attack(
        "speak to a name without a file",
        "socket.socket(socket.AF_UNIX).connect(name)",
        listeners.abstract,
        old_landlock=True,
    ),
    Attack("take the secret of the keyring", KEYRING, listeners.in_keyring),
    Attack("take a name on the message bus", TALK, listeners.on_bus),
    Attack(
        "hold a raw socket",
        "sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); hold()",
        any_socket,
    ),
    Attack(
        "hold a socket for packets",
        "sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x300); hold()",
        any_socket,
    ),
    Attack(
        "hold a socket to the kernel",
        "sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); sock.bind((0, 0)); hold()",
        any_socket,
        old_landlock=True,
    ),
    Attack(
        "hold a socket to the host of a virtual machine",
        "sock = socket.socket(40, socket.SOCK_STREAM); hold()",
        any_socket,
    ),
    Attack(
        "hold a socket for ciphers",
        "sock = socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET); hold()",
        any_socket,
    ),
    Attack("hold a pair of sockets", "pair = socket.socketpair(); hold()", any_socket),
    Attack(
        "read shared memory",
        """
        libc.shmat.restype = ctypes.c_void_p
        place = libc.shmat(number, None, 0)
        say(ctypes.string_at(place, 64) if place != ctypes.c_void_p(-1).value else "refused")
        """,
        listeners.shared_memory,
    ),
    Attack(
        "take a message for others",
        """
        buffer = ctypes.create_string_buffer(128)
        call(70, number, buffer, 100, 0, 0o4000)
        say(buffer.raw)
        """,
        listeners.message_queue,
    ),
    Attack(
        "write into shared memory",
        "Path(path).write_bytes(b'evil')",
        listeners.shared_file,
        old_landlock=True,
    ),
    Attack(
        "read a key of the kernel",
        """
        buffer = ctypes.create_string_buffer(64)
        call(250, 11, key, buffer, 64)
        say(buffer.raw)
        """,
        listeners.in_kernel_keys,
    ),
)
