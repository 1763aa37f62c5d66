"""Posters and thumbnail sheets, read beside the loop and kept as long as there is room.

Painting never waits: who asks for a picture that is not here gets none, and is told when it came.
"""

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from desktop.domain.library import Video
from desktop.services.library import LibraryService
from desktop.ui import tasks

ROOM = 96 * 1024 * 1024
"""Bytes of decoded pictures that are kept."""

READERS = 2
"""Pictures read at the same time."""

WAITING = 80
"""Pictures asked for and not read yet; what was scrolled past is forgotten."""

POSTER_SIDE = 640
"""Pixels of the longer side; posters on disk are not larger."""

Key = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Tiles:
    """How a thumbnail sheet is divided."""

    columns: int = 1
    width: int = 0
    """Pixels of one tile."""
    height: int = 0
    count: int = 0

    def rect(self, share: float) -> QRect:
        """Return the tile that shows the video at ``share``, 0 to 1, of its length."""
        tile = min(self.count - 1, max(0, int(share * self.count)))
        row, column = divmod(tile, self.columns)
        return QRect(column * self.width, row * self.height, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Picture:
    """A poster, or a sheet with its tiles; null when there is no such file."""

    pixmap: QPixmap
    tiles: Tiles = field(default_factory=Tiles)

    @property
    def size(self) -> int:
        """Bytes it takes in memory."""
        return self.pixmap.width() * self.pixmap.height() * 4 + 256


class Pictures(QObject):
    """Reads pictures of versions on demand, newest wish first."""

    came = Signal(str)
    """Carries the id of the video whose picture is here now."""

    def __init__(self, library: LibraryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._kept: OrderedDict[Key, Picture] = OrderedDict()
        self._bytes = 0
        self._wanted: OrderedDict[Key, None] = OrderedDict()
        self._underway: set[Key] = set()
        self._readers = 0

    def poster(self, video: Video) -> QPixmap | None:
        """Return the poster of the newest version; null without one, None when not read yet."""
        found = self._picture((video.id, video.latest_version, "poster"))
        return None if found is None else found.pixmap

    def sheet(self, video: Video) -> Picture | None:
        """Return the thumbnails of the newest version; null without any, None until read."""
        return self._picture((video.id, video.latest_version, "sprite"))

    def forget(self, video_id: str) -> None:
        """Drop what is kept of a video, after its files have changed."""
        for key in [key for key in self._kept if key[0] == video_id]:
            self._bytes -= self._kept.pop(key).size

    def _picture(self, key: Key) -> Picture | None:
        if key[1] == 0:
            return Picture(QPixmap())
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        self._want(key)
        return None

    def _want(self, key: Key) -> None:
        if key in self._underway:
            return
        self._wanted[key] = None
        self._wanted.move_to_end(key)
        while len(self._wanted) > WAITING:
            self._wanted.popitem(last=False)
        if self._readers < READERS:
            self._readers += 1
            tasks.start(self, self._read_wanted(), "read pictures")

    async def _read_wanted(self) -> None:
        try:
            while self._wanted:
                key, _ = self._wanted.popitem()
                self._underway.add(key)
                await self._read(key)
        finally:
            self._readers -= 1

    async def _read(self, key: Key) -> None:
        try:
            image, tiles = await asyncio.to_thread(self._load, key)
        finally:
            self._underway.discard(key)
        self._keep(key, Picture(QPixmap.fromImage(image), tiles))
        self.came.emit(key[0])

    def _load(self, key: Key) -> tuple[QImage, Tiles]:
        """Read one picture; runs in a thread and touches nothing but files."""
        video_id, number, kind = key
        files = self._library.files(video_id, number)
        if kind == "poster":
            return read_image(files.poster, POSTER_SIDE), Tiles()
        return read_image(files.sprite), read_tiles(files.sprite_index)

    def _keep(self, key: Key, picture: Picture) -> None:
        if key in self._kept:
            self._bytes -= self._kept.pop(key).size
        self._kept[key] = picture
        self._bytes += picture.size
        while self._bytes > ROOM and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.size


def read_image(path: str, side: int = 0) -> QImage:
    """Return the picture at ``path``, at most ``side`` pixels long; null when it is unreadable."""
    if not path:
        return QImage()
    reader = QImageReader(path)
    size = reader.size()
    if side and max(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return image
    return image.convertToFormat(QImage.Format.Format_RGB32)


def read_tiles(path: str) -> Tiles:
    """Return how a sheet is divided; no tiles when its index is missing or damaged."""
    try:
        index = json.loads(Path(path).read_text("utf-8"))
        return Tiles(
            max(1, int(index["columns"])),
            int(index["tile_width"]),
            int(index["tile_height"]),
            len(index["frames"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Tiles()
