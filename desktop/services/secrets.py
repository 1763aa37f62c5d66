# ruff: noqa: A005 - imports are absolute: nothing is shadowed
"""The secrets of this library: which exist, where they are kept, and how they come and go.

The keychain may wait for a person whom a keyring asks for a password. So its calls run in threads
of their own, one at a time, and are waited for only so long.
"""

import asyncio
import concurrent.futures
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from desktop.config.keychain import (
    Keychain,
    KeychainStatus,
    Secret,
    SecretInfo,
    SecretName,
)
from desktop.domain.errors import Unavailable

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds to wait for a keyring; the person may be typing its password meanwhile."""

QUICK = 15.0
"""Seconds for what asks nobody."""


class SecretService:
    """Lists, keeps, gives, tests and deletes secrets; values leave only through ``read``."""

    def __init__(self, keychain: Keychain, patience: float = PATIENCE) -> None:
        self._keychain = keychain
        self._patience = patience
        self._turn = asyncio.Lock()
        self._asked: asyncio.Future[Any] | None = None
        """The call that was made last; it goes on when nobody waits for it any more."""

    async def all(self) -> tuple[SecretInfo, ...]:
        """Return every secret that exists, without its value; asks no keyring."""
        return await _in_thread(self._keychain.all)

    async def status(self) -> KeychainStatus:
        """Return where a secret would be kept now, and why; asks nobody for a password.

        Raises Unavailable when the session does not even say whether there is a keyring.
        """
        return await _within(QUICK, asyncio.shield(_in_thread(self._keychain.status)))

    async def try_out(self) -> KeychainStatus:
        """Try the keyring out, and keep for good what was only in memory if it works."""

        def work() -> KeychainStatus:
            if not self._keychain.status(thorough=True).reason:
                self._keychain.settle()
            return self._keychain.status()

        return await self._ask(work)

    async def save(self, name: SecretName, secret: Secret, label: str = "") -> SecretInfo:
        """Keep a secret and tell where; in memory only when there is no better place.

        It can be used at once, also while a keyring still waits for its password.
        """
        held = self._keychain.hold(name, secret, label)
        try:
            return await self._ask(lambda: self._keychain.keep(name))
        except Unavailable:
            return held

    async def read(self, name: SecretName) -> Secret | None:
        """Return a secret; None when there is none. Raises Unavailable."""
        if (held := self._keychain.held(name)) is not None:
            return held
        return await self._ask(lambda: self._keychain.read(name))

    async def test(self, name: SecretName) -> SecretInfo:
        """Read a secret back and tell where it is; raises NotFound or Unavailable."""
        return await self._ask(lambda: self._keychain.test(name))

    async def delete(self, name: SecretName) -> None:
        """Delete a secret for good; raises Unavailable when its keyring cannot be reached."""
        await self._ask(lambda: self._keychain.delete(name))

    async def start_passphrase(self, passphrase: Secret) -> None:
        """Keep secrets in files that a passphrase opens from now on, where no keyring does.

        Raises InvalidInput for a short one, Refused when there is one already.
        """
        await self._ask(lambda: self._keychain.start_passphrase(passphrase))

    async def unlock(self, passphrase: Secret) -> None:
        """Open the files for this run; raises InvalidInput for another passphrase."""
        await self._ask(lambda: self._keychain.unlock(passphrase))

    async def forget_passphrase(self) -> None:
        """Delete the passphrase and all secrets that it opens."""
        await self._ask(self._keychain.forget_passphrase)

    async def _ask(self, work: Callable[[], T]) -> T:
        """Run ``work`` when the call before it has ended; raises Unavailable when that is late."""

        async def in_turn() -> T:
            async with self._turn:
                if self._asked is not None and not self._asked.done():
                    await asyncio.wait([self._asked])
                self._asked = asked = _in_thread(work)
                return await asyncio.shield(asked)

        return await _within(self._patience, in_turn())


async def _within(seconds: float, work: Awaitable[T]) -> T:
    try:
        return await asyncio.wait_for(work, seconds)
    except TimeoutError:
        raise Unavailable(
            "The keyring does not answer",
            "It may be waiting for its password in another window.",
            "Answer it, then try again.",
        ) from None


def _in_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """Run ``work`` in a thread that keeps neither the loop nor the program from ending."""
    answer: concurrent.futures.Future[T] = concurrent.futures.Future()
    answer.set_running_or_notify_cancel()  # whoever stops waiting does not end the call

    def run() -> None:
        try:
            answer.set_result(work())
        except Exception as error:  # noqa: BLE001 - goes to whoever waits
            answer.set_exception(error)

    thread = threading.Thread(target=run, name="keychain", daemon=True)
    thread.start()
    waiting = asyncio.wrap_future(answer)
    waiting.add_done_callback(lambda _: thread.join())  # it has nothing left to do
    return waiting
