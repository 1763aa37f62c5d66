"""How fast the film runs: the chosen speed, and J and L over it."""

from desktop.playback.clock import FASTEST


class Shuttle:
    """Speeds of J, K and L: each press in one direction doubles, the other one turns round."""

    def __init__(self) -> None:
        self.chosen = 1.0
        """The speed of the menu."""
        self.speed = 1.0
        """The speed in force; negative is backward."""

    def choose(self, speed: float) -> float:
        """Take a speed of the menu; returns the one in force."""
        self.chosen = self.speed = speed
        return speed

    def rest(self) -> float:
        """Forget J and L; returns the chosen speed."""
        self.speed = self.chosen
        return self.speed

    def press(self, direction: int, *, playing: bool) -> float:
        """Press J (-1) or L (1); returns the speed in force, at most the fastest one."""
        same_way = playing and self.speed * direction > 0
        self.speed = direction * (min(2 * abs(self.speed), FASTEST) if same_way else 1.0)
        return self.speed
