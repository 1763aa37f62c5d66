"""The small picture over the bar: what is at the place the pointer shows."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from desktop.domain.picture import timecode
from desktop.ui.player.marks import FilmMap
from desktop.ui.player.sprites import SpriteSheet
from desktop.ui.tokens import SPACE_1, SPACE_2
from desktop.ui.widgets.boxes import column, frame
from desktop.ui.widgets.labels import label

WIDTH = 192
"""Widest thumbnail, in pixels."""
HEIGHT = 144
ABOVE = 4
"""Distance from the bar, in pixels."""


class HoverPreview(QWidget):
    """Floats over its parent; takes neither focus nor clicks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sprites: SpriteSheet | None = None
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = label("", "strong")
        self.time = label("", "caption")
        inner = column(self.picture, self.title, self.time, spacing=SPACE_1, margins=(SPACE_2,) * 4)
        self.setLayout(column(frame(inner, "overlay"), spacing=0))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_sprites(self, sprites: SpriteSheet | None) -> None:
        """Use these thumbnails from now on; None shows words only."""
        self._sprites = sprites

    def show_frame(self, frame_number: int, film: FilmMap) -> None:
        """Say what is at a frame."""
        scene = film.scene_at(frame_number)
        tile = self._sprites.tile(frame_number) if self._sprites else QImage()
        self.picture.setVisible(not tile.isNull())
        if not tile.isNull():
            self.picture.setPixmap(_fitting(tile, self.devicePixelRatioF()))
        metrics = self.title.fontMetrics()
        title = scene.title if scene else ""
        self.title.setText(metrics.elidedText(title, Qt.TextElideMode.ElideRight, WIDTH))
        self.title.setVisible(bool(title))
        self.time.setText(f"{timecode(frame_number, film.rate)}  Frame {frame_number}")
        self.adjustSize()

    def place(self, x: int, bottom: int) -> None:
        """Stand over ``x``, ending at ``bottom``, in the parent's pixels; not over its edges."""
        parent = self.parentWidget()
        room = (parent.width() if parent else 0) - self.width()
        left = max(0, min(x - self.width() // 2, room))
        self.move(left, bottom - self.height() - ABOVE)
        self.show()
        self.raise_()


def _fitting(tile: QImage, scale: float) -> QPixmap:
    box = QSize(WIDTH, HEIGHT) * scale
    if tile.width() > box.width() or tile.height() > box.height():
        tile = tile.scaled(
            box, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    pixmap = QPixmap.fromImage(tile)
    pixmap.setDevicePixelRatio(scale if tile.width() > WIDTH else 1.0)
    return pixmap
