"""What the bar and the buttons know of a film: its length, its scenes, and the marked part."""

import bisect
from dataclasses import dataclass
from fractions import Fraction

from desktop.domain.library import SceneTake
from desktop.playback.frame_index import ASSUMED_RATE


@dataclass(frozen=True, slots=True)
class FilmMap:
    """Length and scenes of a film, in frames."""

    frame_count: int = 0
    rate: Fraction = ASSUMED_RATE
    scenes: tuple[SceneTake, ...] = ()
    """In the order of the film."""

    def scene_at(self, frame: int) -> SceneTake | None:
        """Return the scene a frame belongs to."""
        starts = [scene.first_frame for scene in self.scenes]
        place = bisect.bisect_right(starts, frame) - 1
        return self.scenes[place] if place >= 0 else None

    def scene(self, scene_id: str) -> SceneTake | None:
        """Return a scene by its id."""
        return next((scene for scene in self.scenes if scene.scene_id == scene_id), None)

    def next_start(self, frame: int) -> int | None:
        """Return where the next scene begins; None in the last one."""
        starts = (scene.first_frame for scene in self.scenes)
        return next((start for start in starts if start > frame), None)

    def previous_start(self, frame: int) -> int:
        """Return where this scene begins, or the one before when it has hardly begun."""
        soon = max(1, round(self.rate / 2))
        starts = [scene.first_frame for scene in self.scenes if scene.first_frame < frame - soon]
        earlier = [scene.first_frame for scene in self.scenes if scene.first_frame < frame]
        return (starts or earlier or [0])[-1]


@dataclass(frozen=True, slots=True)
class Marks:
    """The part between in and out, in frames, both included; None is the film's own end."""

    first: int | None = None
    last: int | None = None

    def with_first(self, frame: int) -> "Marks":
        """Return the part that begins at ``frame``; an end before it falls away."""
        return Marks(frame, self.last if self.last is None or self.last >= frame else None)

    def with_last(self, frame: int) -> "Marks":
        """Return the part that ends with ``frame``; a beginning after it falls away."""
        return Marks(self.first if self.first is None or self.first <= frame else None, frame)

    def part(self, frame_count: int) -> tuple[int, int] | None:
        """Return first and last frame of the part; None when nothing is marked."""
        if self == Marks() or frame_count == 0:
            return None
        last = frame_count - 1 if self.last is None else min(self.last, frame_count - 1)
        return min(self.first or 0, last), last
