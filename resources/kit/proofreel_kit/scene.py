"""KitScene: the scene that storyboards are compiled to, one method call per block."""

from __future__ import annotations

from typing import ClassVar

from manim import (
    LEFT,
    Animation,
    FadeIn,
    FadeOut,
    Group,
    Scene,
    VGroup,
    config,
    smooth,
)

from proofreel_kit.area import Area
from proofreel_kit.block import Block
from proofreel_kit.blocks import BlockMethods
from proofreel_kit.captions import Beat, caption
from proofreel_kit.errors import BlockError
from proofreel_kit.heading import Heading
from proofreel_kit.look import Look, shape_frame
from proofreel_kit.stage import Stage

TRANSITIONS = {"fade": 0.5, "slide": 0.6, "cut": 0.0}
"""Seconds that each way of leaving a scene takes."""
QUIET_PAUSE = 1.2
"""Seconds a block stands before the next one when nothing is narrated."""


class KitScene(BlockMethods, Scene):
    """A scene made of blocks; ``look`` is shared by all scenes of a video.

    ``page`` chooses the layout, ``heading`` names the page, ``say`` begins a beat of narration,
    the block methods show things, ``close`` ends the scene.
    """

    look: ClassVar[Look] = Look()

    def __init__(self, *args: object, **kwargs: object) -> None:
        shape_frame(self.look.aspect)
        super().__init__(*args, **kwargs)
        self.camera.background_color = self.look.background
        self.camera.init_background()
        self._stage = Stage(self.look)
        self._heading: Heading | None = None
        self._beat: Beat | None = None
        self._turning = False
        self._taken_in = 0.0
        """When what stands on the page will have been looked at long enough."""

    # -- the page ----------------------------------------------------------

    def page(self, layout: str = "full") -> None:
        """Begin a page: ``full``, ``split``, ``stack`` or cells such as ``A1:F4 G1:L4``."""
        leaving = self._stage.lay_out(layout, self.content)
        if leaving:
            self._linger()
            self.play(*(FadeOut(mobject) for mobject in leaving), run_time=0.5)

    def heading(self, text: str) -> None:
        """Name the page; shown together with the first block that leaves room for it."""
        if self._heading is not None and self._heading.shown:
            self.play(FadeOut(self._heading.mobject), run_time=0.3)
        self._heading = Heading(text, self.look, self._safe) if text.strip() else None

    @property
    def content(self) -> Area:
        """The area that blocks may use now."""
        area = self._safe
        return area.below(self._heading.height) if self._heading is not None else area

    @property
    def _safe(self) -> Area:
        """What margins and the strip for captions leave of the frame."""
        band = self.look.band if self.look.captions else self.look.margins[1]
        across, above = self.look.margins
        width, height = config.frame_width, config.frame_height
        return Area(
            -width / 2 + across, -height / 2 + band, width - 2 * across, height - band - above
        )

    @property
    def _caption_area(self) -> Area:
        across, _ = self.look.margins
        low, height = self.look.caption_strip
        return Area(
            -config.frame_width / 2 + across,
            -config.frame_height / 2 + low,
            config.frame_width - 2 * across,
            height,
        )

    # -- blocks ------------------------------------------------------------

    def show(self, block: Block) -> None:
        """Place a block on the page and play its appearance."""
        opening = self._opening(block)
        change = self._stage.receive(block, self.content)
        if change.leaving:
            self._linger()
        opening += [FadeOut(mobject) for mobject in change.leaving]
        opening += [
            mobject.animate.scale(scale).move_to(centre) for mobject, centre, scale in change.moving
        ]
        if opening:
            self.play(*opening, run_time=0.6)
        self._taken_in = max(self._taken_in, self._now + block.seconds)
        block.enter(self, change.arriving)
        self.add(change.arriving)
        self.pause(0.3 if self._beat is not None else QUIET_PAUSE)

    def pause(self, seconds: float) -> None:
        """Rest, if it is long enough to be a frame."""
        if seconds >= 1 / config.frame_rate:
            self.wait(seconds)

    def _linger(self) -> None:
        """Rest until what stands on the page can have been taken in."""
        self.pause(self._taken_in - self._now)

    def _opening(self, block: Block | None) -> list[Animation]:
        """Return how the heading appears, or leaves for a block that wants the whole page."""
        heading = self._heading
        if heading is None:
            return []
        if block is not None and block.alone:
            self._heading = None
            return [FadeOut(heading.mobject)] if heading.shown else []
        return heading.enter() if not heading.shown else []

    # -- narration ---------------------------------------------------------

    def say(self, text: str) -> None:
        """Begin a beat: what follows plays while this is read, and lasts as long as that."""
        self._finish_beat()
        self._beat = Beat.of(text, self.look, self._now)
        self._show_caption()

    def play(self, *args: object, **kwargs: object) -> None:
        """Play animations; long narration turns to its next caption in between."""
        if not self._turning and self._heading is not None and not self._heading.shown:
            super().play(*self._heading.enter(), run_time=0.6)
        super().play(*args, **kwargs)
        beat = self._beat
        if beat is not None and not self._turning and beat.may_turn(self._now):
            self._turn_caption(beat)

    @property
    def _now(self) -> float:
        return float(self.renderer.time)

    def _finish_beat(self) -> None:
        """Wait until everything said so far can have been read."""
        while (beat := self._beat) is not None:
            index = beat.index
            self.pause(beat.remaining(self._now))
            if beat.index != index:
                continue  # the pause has turned to the next caption
            if beat.more:
                self._turn_caption(beat)
            else:
                self._write_subcaption(beat)
                self._beat = None

    def _turn_caption(self, beat: Beat) -> None:
        self._write_subcaption(beat)
        beat.turn(self._now)
        self._show_caption()

    def _write_subcaption(self, beat: Beat) -> None:
        seconds = self._now - beat.since
        if beat.spoken and seconds > 0:
            self.add_subcaption(beat.spoken, duration=seconds, offset=-seconds)

    def _show_caption(self) -> None:
        if self._beat is None or not self.look.captions:
            return
        self._turning = True
        new = caption(self._beat.text, self.look, self._caption_area)
        old, self._caption = self._caption, new
        leaving = [FadeOut(old)] if old is not None else []
        opening = self._opening(None)
        self.play(*leaving, FadeIn(new), *opening, run_time=0.6 if opening else 0.3)
        self._turning = False

    _caption: VGroup | None = None

    # -- the end -----------------------------------------------------------

    def close(self, transition: str = "fade", duration: float | str | None = None) -> None:
        """End the scene after ``duration`` seconds in all, or when everything has been read."""
        if transition not in TRANSITIONS:
            raise BlockError(
                f"There is no transition “{transition}”. Use {', '.join(TRANSITIONS)}."
            )
        self._finish_beat()
        self._linger()
        leave = TRANSITIONS[transition]
        rest = float(duration) - leave - self._now if duration else 0.6
        self.pause(rest)
        if leave and self.mobjects:
            self._leave(transition, leave)

    def _leave(self, transition: str, seconds: float) -> None:
        everything = Group(*self.mobjects)
        if transition == "fade":
            self.play(FadeOut(everything), run_time=seconds)
            return
        away = (config.frame_width + 0.5) * LEFT
        self.play(everything.animate(rate_func=smooth).shift(away), run_time=seconds)
        self.remove(everything)
