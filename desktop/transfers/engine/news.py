"""Who is told of what happens."""

from collections.abc import Callable

from desktop.domain.events import Event


class News:
    """Hands every event on to all who listen."""

    def __init__(self) -> None:
        self._receivers: list[Callable[[Event], None]] = []

    def subscribe(self, receive: Callable[[Event], None]) -> Callable[[], None]:
        """Tell of every event from now on; the result unsubscribes."""
        self._receivers.append(receive)

        def unsubscribe() -> None:
            if receive in self._receivers:
                self._receivers.remove(receive)

        return unsubscribe

    def tell(self, event: Event) -> None:
        """Hand an event on."""
        for receive in tuple(self._receivers):
            receive(event)
