"""The picture of a video: loads a file, shows any frame of it, plays it.

Decoding has a thread of its own (``playback.player``); here its newest picture is put on the
stage, which takes a millisecond, so that the window stays quick whatever the file is like.
"""

import contextlib
from fractions import Fraction

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid
from typing_extensions import override

from desktop.domain.errors import StudioError
from desktop.playback.decoder import Picture
from desktop.playback.frame_index import ASSUMED_RATE, FrameIndex
from desktop.ui.player.media import Media
from desktop.ui.player.stage import Message, Stage, fit

EMPTY = Message("No video yet", "Render this video to watch it here.", "monitor-play")


class Viewer(Stage):
    """Shows one video file."""

    frame_changed = Signal(int)
    """Another frame is on screen: its 0-based number."""
    playing_changed = Signal(bool)
    loaded = Signal()
    """The file is open: frame count and rate are known."""
    failed = Signal(str)
    """The file cannot be played; the stage says why and what to do."""
    dropped_changed = Signal(int)
    """How many frames were left out since playing began, to stay in time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self._media: Media | None = None
        self._closing: list[Media] = []
        self._index: FrameIndex | None = None
        self._named_rate: Fraction | None = None
        self._picture: Picture | None = None
        self._covered = False
        self._playing = False
        self._speed = 1.0
        self._marks: tuple[int, int] | None = None
        self._loop = False
        self._dropped = 0
        self.setAccessibleName("Video")
        self.say(EMPTY)

    # What it shows

    @property
    def path(self) -> str:
        """The open file; empty when there is none."""
        return self._path

    @property
    def index(self) -> FrameIndex | None:
        """Frames and times of the open file; None until it is loaded."""
        return self._index

    @property
    def frame(self) -> int:
        """The frame on screen, 0-based; 0 before there is one."""
        return self._picture.frame if self._picture is not None else 0

    @property
    def target(self) -> int:
        """The frame on screen or on its way there."""
        return self._media.player.target if self._media is not None else 0

    @property
    def frame_count(self) -> int:
        """Frames of the file; 0 until it is loaded."""
        return self._index.frame_count if self._index is not None else 0

    @property
    def rate(self) -> Fraction:
        """Frames per second, for times and timecodes."""
        if self._named_rate is not None:
            return self._named_rate
        return self._index.rate if self._index is not None else ASSUMED_RATE

    @property
    def playing(self) -> bool:
        """Whether the film runs."""
        return self._playing

    # Files

    def load(
        self, path: str, rate: Fraction | None = None, *, frame: int = 0, cover: str = ""
    ) -> None:
        """Open a file and show ``frame``; ``rate`` is the known frame rate, if any.

        The picture on screen stays until the first one of the new file is there. ``cover`` is a
        picture file that is shown instead until the first command: most films begin with an empty
        frame. What cannot be opened is told by ``failed`` and on the stage.
        """
        self.close_media()
        self._covered = False
        if cover and not (image := QImage(cover)).isNull():
            self.show_image(image, image.size())
            self._covered = True
        self._path, self._named_rate = path, rate
        media = self._media = Media(path, self)
        queued = Qt.ConnectionType.QueuedConnection
        media.ready.connect(self._ready, queued)
        media.arrived.connect(self._arrived, queued)
        media.ended.connect(self._ended, queued)
        media.failed.connect(self._failed, queued)
        player = media.player
        player.set_rate(self._speed)
        player.seek(frame)
        player.start()

    def clear(self, message: Message = EMPTY) -> None:
        """Close the file and say ``message`` in its place."""
        self.close_media()
        self._path, self._picture, self._covered = "", None, False
        self.say(message)

    def close_media(self) -> None:
        """Let go of the file; its last picture stays."""
        if self._media is None:
            return
        media, self._media, self._index = self._media, None, None
        media.player.close()
        self._closing.append(media)
        self._forget_ended()
        self._marks, self._dropped = None, 0
        self._set_playing(playing=False)

    async def finish(self) -> None:
        """Close the file and wait until its thread has ended."""
        self.close_media()
        for media in self._closing:
            with contextlib.suppress(TimeoutError):
                await media.gone()
        self._forget_ended()

    def _forget_ended(self) -> None:
        """Delete the films whose threads have ended; Qt may have done so with the viewer."""
        ended = [media for media in self._closing if not media.player.alive]
        self._closing = [media for media in self._closing if media not in ended]
        for media in ended:
            if isValid(media):
                media.deleteLater()

    # Commands

    def show_frame(self, frame: int) -> None:
        """Show a frame exactly; while playing, go on from there."""
        if self._media is not None:
            self._uncover()
            self._media.player.seek(frame)

    def step(self, frames: int) -> None:
        """Pause and go so many frames forward, or backward when negative."""
        if self._media is not None:
            self._uncover()
            self._media.player.step(frames)
            self._set_playing(playing=False)

    def play(self) -> None:
        """Play from the frame on screen."""
        if self._media is not None:
            self._uncover()
            self._media.player.play()
            self._set_playing(playing=True)

    def pause(self) -> None:
        """Stop on the frame on screen."""
        if self._media is not None:
            self._media.player.pause()
            self._set_playing(playing=False)

    def set_speed(self, speed: float) -> None:
        """Play at 0.25 to 2 times the rate; backward when negative."""
        self._speed = speed
        if self._media is not None:
            self._media.player.set_rate(speed)

    def set_range(self, marks: tuple[int, int] | None, *, loop: bool) -> None:
        """Play from the first to the last of ``marks``, once or for ever; None is everything."""
        self._marks, self._loop = marks, loop
        if self._media is not None:
            self._media.player.set_range(marks, loop=loop)

    # What the thread tells

    def _ready(self, index: FrameIndex) -> None:
        if self.sender() is not self._media or self._media is None:
            return
        self._index = index
        self._tell_size()
        self._media.player.set_range(self._marks, loop=self._loop)
        self.loaded.emit()

    def _arrived(self) -> None:
        if self.sender() is not self._media or self._media is None or self._index is None:
            return
        picture = self._media.player.take()
        if picture is None:
            return
        before, self._picture = self._picture, picture
        if not self._covered:
            self._show(picture)
        if before is None or before.frame != picture.frame:
            self.frame_changed.emit(picture.frame)
        if self._media.player.dropped != self._dropped:
            self._dropped = self._media.player.dropped
            self.dropped_changed.emit(self._dropped)

    def _show(self, picture: Picture) -> None:
        if self._index is not None:
            self.show_image(_image(picture), QSize(self._index.width, self._index.height))

    def _uncover(self) -> None:
        """Show the film itself from now on."""
        if self._covered:
            self._covered = False
            if self._picture is not None:
                self._show(self._picture)

    def _ended(self) -> None:
        if self.sender() is self._media and self._media is not None:
            self._set_playing(playing=self._media.player.playing)

    def _failed(self, error: Exception) -> None:
        if self.sender() is not self._media:
            return
        self.close_media()
        self._picture, self._covered = None, False
        if not isinstance(error, StudioError):
            self.say(Message("This video cannot be played", glyph="warning-circle"))
            raise error
        text = " ".join(part for part in (error.detail, error.remedy) if part)
        path, rate = self._path, self._named_rate
        self.say(
            Message(error.title, text, "warning-circle", "Try again", lambda: self.load(path, rate))
        )
        self.failed.emit(str(error))

    def _set_playing(self, *, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)

    # Sizes

    def _tell_size(self) -> None:
        """Ask for pictures of the size they are shown in when that is less than the film's."""
        if self._media is None or self._index is None:
            return
        shape = QSize(self._index.width, self._index.height)
        wanted = fit(shape, self.size(), self.devicePixelRatioF()).size()
        smaller = wanted.width() < shape.width()
        self._media.player.set_size((wanted.width(), wanted.height()) if smaller else None)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_size()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell_size()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._tell_size()
        return super().event(event)


def _image(picture: Picture) -> QImage:
    """Wrap the pixels without copying; the caller keeps ``picture`` as long as the image."""
    return QImage(
        picture.pixels,
        picture.width,
        picture.height,
        picture.stride,
        QImage.Format.Format_RGB32,
    )
