"""From listening to the end: the engine as a process among others.

It ends by itself when nothing is left to do and nobody is there, softly when it is told to, and
makes room for a newer version. However it ends, the ledger has everything that was acknowledged.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import time
from collections.abc import Callable

from desktop.transfers import wire
from desktop.transfers.engine.place import Place, Record
from desktop.transfers.engine.server import Conversation, Desk, Newer

log = logging.getLogger(__name__)

LOOK = 0.5
"""Seconds between looks at whether there is still something to do."""

GOODBYE_SECONDS = 1.0
"""How long clients have to hear that it ends."""


class Life:
    """Listens on loopback and serves until it is time to end."""

    def __init__(self, place: Place, desk: Desk, is_idle: Callable[[], bool], idle: float) -> None:
        self._place = place
        self._desk = desk
        self._is_idle = is_idle
        self._idle = idle
        self._token = secrets.token_urlsafe(32)
        self._clients: set[Conversation] = set()
        self._ended = asyncio.Event()
        self._left = asyncio.Event()
        self._busy_at = time.monotonic()

    async def run(self) -> None:
        """Serve until it is time to end."""
        self._heed_signals()
        async with asyncio.TaskGroup() as group:

            def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                group.create_task(self._serve(reader, writer), name="client")

            server = await asyncio.start_server(welcome, "127.0.0.1", 0, limit=wire.LONGEST_LINE)
            port = server.sockets[0].getsockname()[1]
            self._place.write(Record(os.getpid(), port, self._token))
            log.info("Listening; process %d", os.getpid())
            async with server:
                await self._until_it_ends()
                self._place.withdraw(os.getpid())
            await self._dismiss()

    def end(self) -> None:
        """End softly."""
        self._ended.set()

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):  # Windows has its own way
                loop.add_signal_handler(number, self.end)

    async def _until_it_ends(self) -> None:
        while not self._ended.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._ended.wait()
            now = time.monotonic()
            if self._clients or not self._is_idle():
                self._busy_at = now
            elif now - self._busy_at >= self._idle:
                log.info("Nothing left to do")
                return

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = Conversation(self._desk, reader, writer)
        try:
            if await conversation.greet(self._token):
                self._clients.add(conversation)
                await conversation.hold()
        except Newer:
            log.info("Making room for a newer version")
            self.end()
        except Exception:
            log.exception("A conversation broke off")
        finally:
            self._clients.discard(conversation)
            if not self._clients:
                self._left.set()
            self._busy_at = time.monotonic()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _dismiss(self) -> None:
        """Let clients leave; those that do not are left."""
        if not self._clients:
            return
        self._left.clear()
        for client in self._clients:
            client.dismiss("")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._left.wait()
        for client in tuple(self._clients):
            client.leave()
