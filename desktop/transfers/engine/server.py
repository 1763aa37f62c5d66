"""One client's conversation: greeting, questions in order, and news at the client's own pace."""

import asyncio
import contextlib
import hmac
import logging
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from desktop.domain.errors import StudioError, Unavailable
from desktop.domain.events import Event
from desktop.transfers import wire
from desktop.transfers.coding import Garbled
from desktop.transfers.engine.outbox import Outbox

log = logging.getLogger(__name__)

GREETING_SECONDS = 5.0
"""How long a client may take to say who it is."""

SLOW = (wire.Remnants, wire.Abort, wire.Check)
"""Calls that wait for a service: others need not wait for them."""


class Desk(Protocol):
    """Who answers questions and knows what happens."""

    async def answer(self, call: wire.Call[Any], /) -> object:
        """Carry a call out; raises StudioError."""

    def subscribe(self, receive: Callable[[Event], None], /) -> Callable[[], None]:
        """Tell of every event; the result unsubscribes."""


class Newer(Exception):
    """The client is of a newer version: it starts an engine of its own."""


class Conversation:
    """What is said over one connection."""

    def __init__(
        self, desk: Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._desk = desk
        self._reader = reader
        self._writer = writer
        self._outbox = Outbox()
        self._heard_at = time.monotonic()
        self._group: asyncio.TaskGroup | None = None

    async def greet(self, token: str) -> bool:
        """Hear who it is; return whether to talk. Raises Newer."""
        hello = await self._hello()
        if hello is None or not hmac.compare_digest(hello.token.encode(), token.encode()):
            return False
        if hello.version == wire.VERSION:
            await self._say(wire.Welcome(wire.VERSION, os.getpid()))
            return True
        if hello.version > wire.VERSION:
            await self._say(wire.Goodbye(""))
            raise Newer
        reason = "A newer Proofreel takes care of these transfers. Start this one again."
        await self._say(wire.Goodbye(reason))
        return False

    async def _hello(self) -> wire.Hello | None:
        with contextlib.suppress(TimeoutError, Garbled, ValueError, ConnectionError):
            async with asyncio.timeout(GREETING_SECONDS):
                message = wire.unpack(await self._reader.readline())
            if isinstance(message, wire.Hello):
                return message
        return None

    async def _say(self, message: wire.Message) -> None:
        self._writer.write(wire.pack(message))
        await self._writer.drain()

    async def hold(self) -> None:
        """Answer and tell until the client leaves or falls silent."""
        unsubscribe = self._desk.subscribe(self._outbox.tell)
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                group.create_task(self._send(), name="news")
                group.create_task(self._beat(), name="beat")
                await self._listen()
        except* (_Over, ConnectionError):
            pass
        finally:
            unsubscribe()

    def dismiss(self, reason: str) -> None:
        """Say goodbye; the client leaves then."""
        self._outbox.put(wire.Goodbye(reason))

    def leave(self) -> None:
        """End it, heard or not."""
        self._writer.transport.abort()

    async def _listen(self) -> None:
        """Take questions until there are no more; raises _Over then."""
        assert self._group is not None
        while line := await self._line():
            self._heard_at = time.monotonic()
            message = wire.unpack(line)
            if not isinstance(message, wire.Question):
                continue
            if isinstance(message.call, SLOW):
                self._group.create_task(self._answer(message), name=f"answer {message.id}")
            else:
                await self._answer(message)
        raise _Over

    async def _line(self) -> bytes:
        """Return the next line; empty when there will be none."""
        try:
            line = await self._reader.readline()
        except (ConnectionError, ValueError):
            return b""
        return line if line.endswith(b"\n") else b""

    async def _answer(self, question: wire.Question) -> None:
        self._outbox.put(await answered(self._desk.answer, question))

    async def _send(self) -> None:
        while True:
            for message in await self._outbox.take():
                self._writer.write(wire.pack(message))
            await self._writer.drain()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(wire.BEAT)
            self._outbox.beat()
            if time.monotonic() - self._heard_at > wire.SILENCE:
                raise _Over


class _Over(Exception):
    """The conversation is over."""


async def answered(
    answer: Callable[[wire.Call[Any]], Awaitable[object]], question: wire.Question
) -> wire.Message:
    """Carry a question out; whatever goes wrong is an answer too."""
    try:
        return wire.Answer(question.id, await answer(question.call))
    except StudioError as error:
        return wire.Failure(question.id, error)
    except Exception:
        log.exception("%s failed", type(question.call).__name__)
        return wire.Failure(
            question.id,
            Unavailable("That did not work", "The engine's log says more.", "Try it again."),
        )
