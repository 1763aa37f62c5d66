"""Thumbnails for the bar: one sheet of small pictures and the frames they show."""

import asyncio
import bisect
import json
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from desktop.domain.library import VersionFiles


@dataclass(frozen=True, slots=True)
class SpriteSheet:
    """A sheet as ``rendering.stills.sprite`` writes it, in memory."""

    image: QImage
    columns: int
    width: int
    """Pixels of one thumbnail."""
    height: int
    frames: tuple[int, ...]
    """Frame number of each thumbnail, ascending, row by row."""

    def tile(self, frame: int) -> QImage:
        """Return the thumbnail at or before ``frame``, or the first one."""
        place = max(0, bisect.bisect_right(self.frames, frame) - 1)
        row, column = divmod(place, self.columns)
        place_in_sheet = QRect(column * self.width, row * self.height, self.width, self.height)
        return self.image.copy(place_in_sheet)


def read_sprites(sheet: str, index: str) -> SpriteSheet | None:
    """Read a sheet from its two files; None when there is none or it is unreadable.

    Thumbnails are a comfort: without them the bar works as well. Touches no widget, so that it
    can run on any thread.
    """
    try:
        document = json.loads(Path(index).read_text("utf-8"))
        image = QImage(sheet)
        made = SpriteSheet(
            image,
            int(document["columns"]),
            int(document["tile_width"]),
            int(document["tile_height"]),
            tuple(int(frame) for frame in document["frames"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made if made.frames and made.columns > 0 and not image.isNull() else None


async def read_sprites_of(files: VersionFiles) -> SpriteSheet | None:
    """Read the sheet of a version without holding up the window; None when it has none."""
    if not files.sprite or not files.sprite_index:
        return None
    return await asyncio.to_thread(read_sprites, files.sprite, files.sprite_index)
