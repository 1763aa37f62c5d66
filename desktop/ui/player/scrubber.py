"""The bar under the picture: scenes as blocks, the playhead, the marked part."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget
from typing_extensions import override

from desktop.domain.picture import timecode
from desktop.ui.player.marks import FilmMap, Marks
from desktop.ui.theme import text_font
from desktop.ui.tokens import CAPTION, RADIUS_SMALL, SPACE_2, tokens

HEIGHT = 40
TRACK = 26
"""Height of the blocks, in pixels."""
SIDE = 8
"""Room for half a playhead at both ends, in pixels."""
GAP = 2
"""Between two scenes, in pixels."""
COARSE = 10
"""Frames that an arrow key with Shift goes."""


class Scrubber(QAbstractSlider):
    """Shows where the film is and goes elsewhere, by pointer or keyboard."""

    seek_wanted = Signal(int)
    """A frame was chosen."""
    step_wanted = Signal(int)
    """So many frames forward, or backward when negative."""
    scrubbing_changed = Signal(bool)
    """The pointer took hold of the playhead, or let go of it."""
    hovered = Signal(int, int)
    """The pointer is over a frame: its number and the place in pixels from the left."""
    left = Signal()
    """The pointer is elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = FilmMap()
        self._marks = Marks()
        self._hover: int | None = None
        self._painted: tuple[QPixmap, QPixmap] | None = None
        self._painted_key: object = None
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Position in the video")
        self.valueChanged.connect(self.seek_wanted)
        self.show_film(FilmMap())

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    @property
    def film(self) -> FilmMap:
        """Length and scenes shown."""
        return self._film

    def show_film(self, film: FilmMap) -> None:
        """Show another film, at its beginning."""
        self._film, self._hover = film, None
        with QSignalBlocker(self):
            self.setRange(0, max(0, film.frame_count - 1))
            self.setPageStep(max(1, round(film.rate)))
            self.setValue(0)
        self.setEnabled(film.frame_count > 0)
        self.update()

    def show_frame(self, frame: int) -> None:
        """Put the playhead on a frame, unless the pointer holds it."""
        if not self.isSliderDown() and frame != self.value():
            with QSignalBlocker(self):
                self.setValue(frame)
            self.setAccessibleDescription(self._words(frame))
            self.update()

    def show_marks(self, marks: Marks) -> None:
        """Show the marked part."""
        self._marks = marks
        self.update()

    def _words(self, frame: int) -> str:
        scene = self._film.scene_at(frame)
        time = timecode(frame, self._film.rate)
        return f"{time}, {scene.title}" if scene else time

    # Places

    def frame_at(self, x: float) -> int:
        """Return the frame at a place, in pixels from the left."""
        share = (x - SIDE) / max(1, self.width() - 2 * SIDE)
        return max(0, min(int(share * self._film.frame_count), self._film.frame_count - 1))

    def x_of(self, frame: float) -> float:
        """Return where a frame begins, in pixels from the left."""
        room = self.width() - 2 * SIDE
        return SIDE + room * frame / max(1, self._film.frame_count)

    # What the person does

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._film.frame_count:
            self.setSliderDown(True)
            self.scrubbing_changed.emit(True)
            self._drag(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event)
        self._point_at(event.position().toPoint())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.isSliderDown():
            self._drag(event)
            self.setSliderDown(False)
            self.scrubbing_changed.emit(False)

    def _drag(self, event: QMouseEvent) -> None:
        self.setValue(self.frame_at(event.position().x()))
        self.update()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._point_at(event.position().toPoint())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover = None
        self.left.emit()
        self.update()

    def _point_at(self, place: QPoint) -> None:
        if self._film.frame_count:
            self._hover = self.frame_at(place.x())
            self.hovered.emit(self._hover, place.x())
            self.update()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """A page that is scrolled must not move the film."""
        event.ignore()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        far = COARSE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        steps = {
            Qt.Key.Key_Left: -far,
            Qt.Key.Key_Down: -far,
            Qt.Key.Key_Right: far,
            Qt.Key.Key_Up: far,
            Qt.Key.Key_PageDown: -self.pageStep(),
            Qt.Key.Key_PageUp: self.pageStep(),
        }
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.maximum()}
        key = Qt.Key(event.key())
        if key in steps:
            self.step_wanted.emit(steps[key])
        elif key in ends:
            self.seek_wanted.emit(ends[key])
        else:
            super().keyPressEvent(event)

    # Looks

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._painted = None

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._film.frame_count:
            blocks, titles = self._blocks_and_titles()
            painter.drawPixmap(0, 0, blocks)
            self._paint_progress(painter)
            painter.drawPixmap(0, 0, titles)
            self._paint_marks(painter)
            self._paint_playhead(painter)
        else:
            self._fill(painter, self._track(), tokens().color("hover"))
        painter.end()

    def _track(self) -> QRectF:
        return QRectF(SIDE, (HEIGHT - TRACK) / 2, max(1, self.width() - 2 * SIDE), TRACK)

    @staticmethod
    def _fill(painter: QPainter, place: QRectF, color: QColor) -> None:
        path = QPainterPath()
        path.addRoundedRect(place, RADIUS_SMALL, RADIUS_SMALL)
        painter.fillPath(path, color)

    def _spans(self) -> list[tuple[str, QRectF]]:
        """Return title and place of each block; a film without scenes is one block."""
        track, film = self._track(), self._film
        if not film.scenes:
            return [("", track)]
        spans = []
        for scene in film.scenes:
            left, right = self.x_of(scene.first_frame), self.x_of(scene.first_frame + scene.frames)
            place = QRectF(left, track.top(), max(1.0, right - left - GAP), TRACK)
            spans.append((scene.title, place))
        return spans

    def _blocks_and_titles(self) -> tuple[QPixmap, QPixmap]:
        """Return two layers; they are painted anew only when they look different.

        The tint of the played part goes between them, so that titles stay readable.
        """
        key = (self._film, self.size(), self.devicePixelRatioF(), tokens().dark)
        if self._painted is None or self._painted_key != key:
            self._painted = self._layer(self._paint_block), self._layer(self._paint_title)
            self._painted_key = key
        return self._painted

    def _layer(self, paint: Callable[[QPainter, str, QRectF], None]) -> QPixmap:
        scale = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for title, place in self._spans():
            paint(painter, title, place)
        painter.end()
        return pixmap

    def _paint_block(self, painter: QPainter, _title: str, place: QRectF) -> None:
        self._fill(painter, place, tokens().color("pressed"))

    def _paint_title(self, painter: QPainter, title: str, place: QRectF) -> None:
        room = place.adjusted(SPACE_2, 0, -SPACE_2, 0)
        if room.width() < 4 * SPACE_2:
            return
        font = text_font(CAPTION)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(tokens().color("text"))
        words = metrics.elidedText(title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_progress(self, painter: QPainter) -> None:
        """Tint what lies behind the playhead, and underline it."""
        track = self._track()
        played = QRectF(track)
        played.setRight(self.x_of(self.value() + 0.5))
        tint = tokens().color("accent")
        tint.setAlphaF(0.28)
        painter.save()
        painter.setClipRect(played)
        for _title, place in self._spans():
            self._fill(painter, place, tint)
            painter.fillRect(
                QRectF(place.left(), place.bottom() - 2, place.width(), 2),
                tokens().color("accent_text"),
            )
        painter.restore()

    def _paint_marks(self, painter: QPainter) -> None:
        part = self._marks.part(self._film.frame_count)
        if part is None:
            return
        track, shade = self._track(), tokens().color("surface")
        shade.setAlphaF(0.65)
        left, right = self.x_of(part[0]), self.x_of(part[1] + 1)
        painter.fillRect(QRectF(track.left(), track.top(), left - track.left(), TRACK), shade)
        painter.fillRect(QRectF(right, track.top(), track.right() - right, TRACK), shade)
        painter.setPen(QPen(tokens().color("warning"), 2))
        for x, inward in ((left, 4), (right, -4)):
            top, bottom = track.top() - 3, track.bottom() + 3
            painter.drawPolyline(
                [
                    QPoint(round(px), round(py))
                    for px, py in ((x + inward, top), (x, top), (x, bottom), (x + inward, bottom))
                ]
            )

    def _paint_playhead(self, painter: QPainter) -> None:
        track, scheme = self._track(), tokens()
        if self._hover is not None and not self.isSliderDown():
            x = self.x_of(self._hover + 0.5)
            painter.fillRect(QRectF(x - 0.5, track.top(), 1, TRACK), scheme.color("muted"))
        x = self.x_of(self.value() + 0.5)
        color = scheme.color("accent_text" if self.hasFocus() else "text")
        painter.fillRect(QRectF(x - 1, track.top() - 3, 2, TRACK + 6), color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        knob = 5 if self.isSliderDown() or self.hasFocus() else 4
        painter.drawEllipse(QRectF(x - knob, track.top() - 3 - knob / 2, 2 * knob, 2 * knob))
