"""One connection of a client to the engine: questions with their answers, beats, and events."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Callable
from typing import Any, TypeVar

from desktop.domain.events import Event
from desktop.transfers import wire
from desktop.transfers.coding import Garbled
from desktop.transfers.engine.place import Record

R_ = TypeVar("R_")

GREETING_SECONDS = 5.0
"""How long an engine may take to answer the first word."""

INTRODUCTION_SECONDS = 20.0
"""How long it may take to hear where things go; it may be reading a large ledger."""


class Lost(Exception):
    """The engine is gone, or does not speak any more."""


class Dismissed(Exception):
    """The engine said goodbye; the reason may be empty."""


class Session:
    """A connection; ``open`` makes one, ``listen`` has to run for answers to come."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._heard_at = time.monotonic()
        self._early: list[Event] = []
        self.is_lost = False

    @classmethod
    async def open(cls, record: Record) -> "Session":
        """Connect and greet; raises Lost, Dismissed, OSError or TimeoutError."""
        async with asyncio.timeout(GREETING_SECONDS):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", record.port, limit=wire.LONGEST_LINE
            )
            session = cls(reader, writer)
            try:
                await session._greet(record.token)
            except BaseException:
                await session.close()
                raise
        return session

    async def _greet(self, token: str) -> None:
        await self._say(wire.Hello(wire.VERSION, token))
        welcome = await self._next()
        if isinstance(welcome, wire.Goodbye):
            raise Dismissed(welcome.reason)
        if not isinstance(welcome, wire.Welcome):
            raise Lost

    async def introduce(self, use: wire.Use) -> None:
        """Tell where things go, before anybody listens; raises Lost or what the engine raises."""
        number = next(self._numbers)
        async with asyncio.timeout(INTRODUCTION_SECONDS):
            await self._say(wire.Question(number, use))
            while True:
                match await self._next():
                    case wire.Answer(id) if id == number:
                        return
                    case wire.Failure(id, error) if id == number:
                        raise error
                    case wire.News(event):
                        self._early.append(event)
                    case wire.Goodbye():
                        raise Lost

    async def ask(self, call: wire.Call[R_]) -> R_:
        """Return the answer; raises what the engine raised, or Lost."""
        number = next(self._numbers)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self._say(wire.Question(number, call))
            return wire.answered(call, await answer)
        except Garbled as error:
            self._break_off()
            raise Lost from error
        finally:
            self._waiting.pop(number, None)
            if answer.done() and not answer.cancelled():
                answer.exception()  # seen: asyncio does not complain of what nobody waited for

    async def listen(self, tell: Callable[[Event], None]) -> None:
        """Take answers and hand events on, until the engine is lost; raises Dismissed."""
        for event in self._early:
            tell(event)
        self._early.clear()
        beats = asyncio.get_running_loop().create_task(self._beat(), name="beats")
        try:
            while True:
                self._take(await self._next(), tell)
        except Lost:
            return
        finally:
            beats.cancel()
            self._lose()

    def _take(self, message: wire.Message, tell: Callable[[Event], None]) -> None:
        match message:
            case wire.Answer(id, body):
                self._settle(id, lambda answer: answer.set_result(body))
            case wire.Failure(id, error):
                self._settle(id, lambda answer: answer.set_exception(error))
            case wire.News(event):
                tell(event)
            case wire.Goodbye(reason):
                raise Dismissed(reason)

    def _settle(self, number: int, settle: Callable[["asyncio.Future[Any]"], None]) -> None:
        answer = self._waiting.get(number)
        if answer is not None and not answer.done():
            settle(answer)

    async def _next(self) -> wire.Message:
        """Return the next message; raises Lost."""
        try:
            line = await self._reader.readline()
            if not line.endswith(b"\n"):
                raise Lost
            self._heard_at = time.monotonic()
            return wire.unpack(line)
        except (ConnectionError, ValueError) as error:
            raise Lost from error

    async def _say(self, message: wire.Message) -> None:
        if self.is_lost:
            raise Lost
        try:
            self._writer.write(wire.pack(message))
            await self._writer.drain()
        except (ConnectionError, RuntimeError) as error:
            self._break_off()
            raise Lost from error

    async def _beat(self) -> None:
        """Say that we are there; cut the line when the engine has not been for too long.

        A loop that was held up itself has not read what was said meanwhile: it looks once more.
        """
        silences = 0
        with contextlib.suppress(Lost):
            while silences < 2:
                await asyncio.sleep(wire.BEAT)
                await self._say(wire.Beat())
                silent = time.monotonic() - self._heard_at > wire.SILENCE
                silences = silences + 1 if silent else 0
        self._writer.transport.abort()

    def _break_off(self) -> None:
        """Count as lost from now on, not only when the reader notices: nobody asks here again."""
        self._lose()
        self._writer.transport.abort()

    def _lose(self) -> None:
        self.is_lost = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Lost())

    async def close(self) -> None:
        """End the connection."""
        self._lose()
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
