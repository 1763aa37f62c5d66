"""Small pictures for the lists of the studio, read beside the loop and kept while they are used."""

import asyncio
from collections import OrderedDict

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from desktop.ui import tasks

MOST = 300
"""Pictures that are kept; each is some 80 kB."""

SIDE = 192
"""Pixels of the longer side: twice what is shown, for sharp screens."""


class Thumbnails(QObject):
    """Reads picture files on demand; whoever paints gets what is there and is told of the rest."""

    came = Signal()
    """A picture that was asked for is here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[str, QPixmap] = OrderedDict()
        self._wanted: set[str] = set()

    def picture(self, path: str) -> QPixmap:
        """Return the picture of a file; null while it is read, or when there is none."""
        if not path:
            return QPixmap()
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        if path not in self._wanted:
            self._wanted.add(path)
            tasks.start(self, self._read(path), "read a thumbnail")
        return QPixmap()

    async def _read(self, path: str) -> None:
        try:
            image = await asyncio.to_thread(_small, path)
        finally:
            self._wanted.discard(path)
        self._kept[path] = QPixmap.fromImage(image)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        self.came.emit()


def _small(path: str) -> QImage:
    """Read a picture at the size lists show it; touches no widget, so it can run on any thread."""
    reader = QImageReader(path)
    size = reader.size()
    if max(size.width(), size.height()) > SIDE:
        reader.setScaledSize(size.scaled(QSize(SIDE, SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
