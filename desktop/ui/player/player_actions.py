"""What can be done with a film from the keyboard; menus, palette and key sheet list it."""

from functools import partial
from typing import Protocol

from desktop.ui.actions import Action


class Playing(Protocol):
    """The player as its actions see it."""

    def toggle(self) -> None:
        """Play or pause."""

    def shuttle(self, direction: int) -> None:
        """Play faster and faster in one direction."""

    def step(self, frames: int) -> None:
        """Go some frames on."""

    def seek(self, frame: int) -> None:
        """Go to a frame."""

    def seek_end(self) -> None:
        """Go to the last frame."""

    def seek_neighbour(self, direction: int) -> None:
        """Go to the next or previous scene."""

    def mark_in(self) -> None:
        """Begin the marked part here."""

    def mark_out(self) -> None:
        """End the marked part here."""

    def clear_marks(self) -> None:
        """Forget the marked part."""

    def toggle_loop(self) -> None:
        """Begin again at the end, or not."""

    def go_to_time(self) -> None:
        """Type a time."""

    def toggle_fullscreen(self) -> None:
        """Fill the screen, or leave it."""


def player_actions(player: Playing) -> tuple[Action, ...]:
    """Return every action of a player, with the keys of edit suites."""
    return (*_running(player), *_moving(player), *_marking(player))


def _running(player: Playing) -> tuple[Action, ...]:
    return (
        Action("player.play", "Play or pause", player.toggle, ("Space", "K"), "play"),
        Action(
            "player.shuttle_forward",
            "Play forward, faster",
            partial(player.shuttle, 1),
            "L",
            "fast-forward",
        ),
        Action(
            "player.shuttle_back",
            "Play backward, faster",
            partial(player.shuttle, -1),
            "J",
            "rewind",
        ),
        Action("player.loop", "Loop", player.toggle_loop, "P", "repeat", hint="repeat again"),
        Action(
            "player.fullscreen",
            "Video in full screen",
            player.toggle_fullscreen,
            "F",
            "corners-out",
            "View",
        ),
    )


def _moving(player: Playing) -> tuple[Action, ...]:
    step, scene = player.step, player.seek_neighbour
    return (
        Action("player.forward", "One frame forward", partial(step, 1), "Right"),
        Action("player.back", "One frame back", partial(step, -1), "Left"),
        Action("player.forward_10", "Ten frames forward", partial(step, 10), "Shift+Right"),
        Action("player.back_10", "Ten frames back", partial(step, -10), "Shift+Left"),
        Action("player.first", "First frame", partial(player.seek, 0), "Home"),
        Action("player.last", "Last frame", player.seek_end, "End"),
        Action("player.next_scene", "Next scene", partial(scene, 1), ".", "skip-forward"),
        Action("player.previous_scene", "Previous scene", partial(scene, -1), ",", "skip-back"),
        Action(
            "player.go_to",
            "Go to time or frame…",
            player.go_to_time,
            "Ctrl+G",
            hint="timecode jump seconds",
        ),
    )


def _marking(player: Playing) -> tuple[Action, ...]:
    return (
        Action("player.mark_in", "Mark in here", player.mark_in, "I", hint="start range"),
        Action("player.mark_out", "Mark out here", player.mark_out, "O", hint="end range"),
        Action("player.clear_marks", "Clear in and out", player.clear_marks, "\\"),
    )
