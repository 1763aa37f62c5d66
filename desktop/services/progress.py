"""How far a render is: frames done of frames to do, and the time it still takes."""

import time
from collections.abc import Callable, Sequence

from desktop.domain.events import EventBus, RenderProgressed, SceneProgressed

SETTLED_SECONDS = 2.0
SETTLED_FRAMES = 15
"""Before this the rate says nothing: the first frames wait for imports, probes and fonts."""


class RenderProgress:
    """Adds up the scenes of one render and announces every step."""

    def __init__(
        self,
        video_id: str,
        scene_ids: Sequence[str],
        bus: EventBus,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._video_id = video_id
        self._bus = bus
        self._clock = clock
        self._began: tuple[float, int] | None = None
        self._done = dict.fromkeys(scene_ids, 0)
        self._total = dict.fromkeys(scene_ids, 0)
        self._reused: set[str] = set()

    def scene(self, scene_id: str, done: int, total: int) -> None:
        """Record that a scene has drawn ``done`` of ``total`` frames."""
        self._done[scene_id], self._total[scene_id] = done, total
        self._bus.publish(SceneProgressed(self._video_id, scene_id, done, total))
        self._announce()

    def finished(self, scene_id: str, frames: int, *, reused: bool) -> None:
        """Record that a scene is complete; reused ones say nothing about the rate."""
        self._done[scene_id] = self._total[scene_id] = frames
        if reused:
            self._reused.add(scene_id)
        self._announce()

    def _announce(self) -> None:
        self._bus.publish(
            RenderProgressed(
                self._video_id, sum(self._done.values()), self._expected(), self._seconds_left()
            )
        )

    def _expected(self) -> int:
        """Return the frames of the whole; scenes not probed yet count as the average of others."""
        known = [total for total in self._total.values() if total]
        if not known:
            return 0
        missing = len(self._total) - len(known)
        return sum(known) + round(missing * sum(known) / len(known))

    def _seconds_left(self) -> float | None:
        drawn = sum(done for scene, done in self._done.items() if scene not in self._reused)
        if not drawn:
            return None
        since, before = self._began = self._began or (self._clock(), drawn)
        spent, drawn = self._clock() - since, drawn - before
        if drawn < SETTLED_FRAMES or spent < SETTLED_SECONDS:
            return None
        left = self._expected() - sum(self._done.values())
        return spent * left / drawn
