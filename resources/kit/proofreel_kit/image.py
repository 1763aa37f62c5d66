"""A picture with the words under it."""

from __future__ import annotations

from pathlib import Path

from manim import DOWN, Group, ImageMobject, SVGMobject

from proofreel_kit.area import Area
from proofreel_kit.block import Block
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.text import set_text


class Image(Block):
    """A picture file; ``width`` is its share of the room, such as ``60%``."""

    def __init__(self, path: str, caption: str, width: str) -> None:
        if not Path(path).is_file():
            raise BlockError(f"The picture {path} is not there. Put it beside the storyboard.")
        self.path = path
        self.caption = caption
        try:
            self.share = float(width.rstrip("%")) / 100 if width else 1.0
        except ValueError:
            raise BlockError(f"“{width}” is no width. Write a share such as 60%.") from None

    def build(self, room: Area, look: Look) -> Group:
        vector = self.path.lower().endswith(".svg")
        picture = SVGMobject(self.path) if vector else ImageMobject(self.path)
        picture.role_name = "Picture"
        room_for_words = 0.8 if self.caption else 0.0
        scale = min(
            room.width * min(1.0, self.share) / picture.width,
            (room.height - room_for_words) / picture.height,
        )
        group = Group(picture.scale(scale))
        if self.caption:
            words = set_text(
                self.caption, look, size=look.size("label"), width=room.width,
                height=0.55, colour=look.muted, role="Words under the picture",
            )  # fmt: skip
            group.add(words.next_to(picture, DOWN, buff=0.2))
        return group
