"""Noticing that a destination can be reached again, sooner than the next attempt would."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from desktop.domain.transfers import Destination
from desktop.transfers.engine.stores import address

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
"""Seconds between two looks."""

PATIENCE = 3.0
"""Seconds that a connection may take."""


class Reach:
    """Looks, for each destination somebody waits for, whether anything answers there."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._waiting: dict[Destination, set[Callable[[], None]]] = {}
        self._looking: set[Destination] = set()

    def wait(
        self, destination: Destination, until: float, wake: Callable[[], None]
    ) -> Callable[[], None]:
        """Call ``wake`` once: when it can be reached, or at this time; the result calls it off."""
        loop = asyncio.get_running_loop()
        waiting = self._waiting.setdefault(destination, set())

        def woken() -> None:
            timer.cancel()
            waiting.discard(woken)
            wake()

        def call_off() -> None:
            timer.cancel()
            waiting.discard(woken)

        timer = loop.call_later(max(0.0, until - time.time()), woken)
        waiting.add(woken)
        if destination not in self._looking:
            self._looking.add(destination)
            self._group.create_task(self._look(destination), name="reachability")
        return call_off

    async def _look(self, destination: Destination) -> None:
        waiting, pause = self._waiting[destination], FIRST_PAUSE
        await asyncio.sleep(pause)
        while waiting:
            if await answers(destination):
                for woken in tuple(waiting):
                    woken()
            else:
                pause = min(LONGEST_PAUSE, pause * 2)
            await asyncio.sleep(pause)
        self._looking.discard(destination)


async def answers(destination: Destination) -> bool:
    """Tell whether something accepts connections where requests to a destination go first."""
    host, port = _first_hop(destination)
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            _reader, writer = await asyncio.open_connection(host, port)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return True
    return False


def _first_hop(destination: Destination) -> tuple[str, int]:
    host, port = address(destination)
    scheme = urlsplit(destination.endpoint_url).scheme or "https"
    proxy = getproxies().get(scheme)
    if proxy and not proxy_bypass(host):
        through = urlsplit(proxy if "//" in proxy else f"//{proxy}")
        if through.hostname:
            return through.hostname, through.port or 80
    return host, port
