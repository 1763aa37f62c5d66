"""Blocks that fill a page by themselves: title cards, quotes and endings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, LaggedStart, Line, Mobject, VGroup

from proofreel_kit.area import Area
from proofreel_kit.block import Block, looking_seconds
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.text import set_text

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene


class TitleCard(Block):
    """What the video is called, and a line about it."""

    alone = True
    align = "left"

    def __init__(self, title: str, subtitle: str = "") -> None:
        if not title.strip():
            raise BlockError("The title card is empty. Write the title on its first line.")
        self.lines = (title, subtitle) if subtitle.strip() else (title,)
        self.roles = ("Title", "Subtitle")

    @property
    def seconds(self) -> float:
        return max(3.0, looking_seconds(*self.lines))

    def build(self, room: Area, look: Look) -> VGroup:
        width = min(room.width, 11.0)
        big = look.size("title")
        title = set_text(
            self.lines[0],
            look,
            size=big,
            width=width,
            height=room.height * 0.6,
            weight="SEMIBOLD",
            balance=True,
            role=self.roles[0],
        )
        rule = Line(0 * LEFT, 1.1 * RIGHT, color=look.accent_colour, stroke_width=7)
        card = VGroup(rule, title).arrange(DOWN, buff=0.45, aligned_edge=LEFT)
        for row, line in enumerate(self.lines[1:], 1):
            small = set_text(
                line,
                look,
                size=look.size("body"),
                width=width,
                height=room.height * 0.2,
                colour=look.muted,
                role=self.roles[min(row, len(self.roles) - 1)],
                row=row,
            )
            small.next_to(card, DOWN, buff=0.4 if row == 1 else 0.25, aligned_edge=LEFT)
            card.add(small)
        return card

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        rule, *texts = mobject
        scene.play(
            LaggedStart(
                Create(rule), *(FadeIn(text, shift=0.2 * UP) for text in texts), lag_ratio=0.3
            ),
            run_time=1.2,
        )


class Outro(TitleCard):
    """The last words: one line large, further ones small."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        kept = tuple(line for line in lines if line.strip())
        super().__init__(kept[0] if kept else "")
        self.lines = kept
        self.roles = ("Closing line", "Small print")


class Quote(Block):
    """What somebody said, with their name under it."""

    align = "left"

    def __init__(self, lines: tuple[str, ...]) -> None:
        kept = [line.strip() for line in lines if line.strip()]
        self.author = ""
        if kept and kept[-1].startswith(("-- ", "— ", "– ")):
            self.author = kept.pop().lstrip("-—– ")
        if not kept:
            raise BlockError("The quote is empty. Write its words above the line with its author.")
        self.words = " ".join(kept).strip('“”"')

    @property
    def seconds(self) -> float:
        return looking_seconds(self.words, self.author)

    def build(self, room: Area, look: Look) -> VGroup:
        width = min(room.width, 10.5) - 0.45
        words = set_text(
            self.words,
            look,
            size=look.size("body") * 1.3,
            width=width,
            height=room.height * 0.75,
            balance=True,
            role="Quote",
        )
        texts = VGroup(words)
        if self.author:
            author = set_text(
                f"— {self.author}",
                look,
                size=look.size("label"),
                width=width,
                height=room.height * 0.2,
                colour=look.muted,
                role="Author",
            )
            texts.add(author.next_to(words, DOWN, buff=0.4, aligned_edge=LEFT))
        bar = Line(texts.get_corner(UP + LEFT), texts.get_corner(DOWN + LEFT))
        bar.set_stroke(look.accent_colour, 6).shift(0.4 * LEFT)
        return VGroup(bar, texts)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        bar, texts = mobject
        scene.play(Create(bar), FadeIn(texts[0], shift=0.2 * RIGHT), run_time=1.0)
        if len(texts) > 1:
            scene.play(FadeIn(texts[1]), run_time=0.5)
