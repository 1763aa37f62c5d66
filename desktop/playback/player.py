"""Plays one file on a thread of its own and hands over the newest picture.

Whoever shows pictures is slower at times than whoever makes them. So there is one slot, the
newest picture replaces one that was not fetched, and the listener is told once until it fetches:
a busy window loses pictures, never its responsiveness. Commands return at once; of several
requests that could not be met in time only the last one is.
"""

import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import av

from desktop.playback.clock import Clock, Range, nearest_rate
from desktop.playback.decoder import FrameDecoder, Picture, Size
from desktop.playback.frame_index import FrameIndex, damaged, read_index

AHEAD = 0.0005
"""Seconds past a border of frames at which the next frame is asked for."""


class Listener(Protocol):
    """Told what happens, on the player's thread; must return at once and never call back."""

    def ready(self, index: FrameIndex) -> None:
        """The file is open."""

    def arrived(self) -> None:
        """A picture can be fetched with ``take``."""

    def ended(self) -> None:
        """Playing came to the end by itself."""

    def failed(self, error: Exception) -> None:
        """The file cannot be played; nothing more will come."""


@dataclass(frozen=True, slots=True)
class _Task:
    """One picture to make."""

    frame: int
    size: Size | None
    serial: int
    due: float | None = None
    """Monotonic time to show it at; None for a frame that was asked for: at once."""


class FramePlayer:
    """Decodes one file; every method may be called from any thread and returns at once."""

    def __init__(self, path: str, listener: Listener) -> None:
        self._path = path
        self._listener = listener
        self._changed = threading.Condition()
        self._closed = False
        self._index: FrameIndex | None = None
        self._size: Size | None = None
        self._clock: Clock | None = None
        self._starting = False
        self._rate = 1.0
        self._loop = False
        self._marks: tuple[int, int] | None = None
        self._serial = 0
        self._wanted: int | None = 0
        self._target = 0
        self._shown = -1
        self._slot: Picture | None = None
        self._dropped = 0
        self._thread = threading.Thread(target=self._work, name="player", daemon=True)

    def start(self) -> None:
        """Open the file and show its first frame, or the one sought meanwhile."""
        self._thread.start()

    def close(self) -> None:
        """Stop; the listener hears nothing any more, the thread ends by itself soon."""
        with self._changed:
            self._closed = True
            self._slot = None
            self._changed.notify_all()

    def join(self, seconds: float) -> bool:
        """Wait for the end of the thread after ``close``; False when it takes longer."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether the thread runs still."""
        return self._thread.is_alive()

    @property
    def playing(self) -> bool:
        """Whether pictures come by themselves."""
        return self._clock is not None or self._starting

    @property
    def dropped(self) -> int:
        """How many frames were left out while playing, to stay in time."""
        return self._dropped

    @property
    def target(self) -> int:
        """The frame on screen, or the one that is on its way there."""
        return self._target

    def take(self) -> Picture | None:
        """Fetch the newest picture; None when it was fetched or overtaken by a command."""
        with self._changed:
            picture, self._slot = self._slot, None
            if picture is not None and self._wanted is None:
                self._target = picture.frame
            return picture

    def seek(self, frame: int) -> None:
        """Show a frame; frames outside the film mean its first or last one. Playing goes on."""
        with self._changed:
            self._starting = self.playing
            self._clock = None
            self._want(frame)

    def step(self, frames: int) -> None:
        """Pause, and show the frame so many later or earlier than the one on screen."""
        with self._changed:
            self._halt()
            self._want(self._target + frames)

    def play(self) -> None:
        """Play from the frame on screen; at the end, from the beginning."""
        with self._changed:
            if not self.playing:
                self._starting = True
                self._want(self._target if not self._at_end() else self._restart())

    def pause(self) -> None:
        """Stop on the frame on screen."""
        with self._changed:
            self._halt()
            self._command()

    def set_rate(self, rate: float) -> None:
        """Play faster, slower, or backward when negative."""
        with self._changed:
            self._rate = nearest_rate(rate)
            if self._clock is not None:
                self._clock = self._clock.at_rate(self._rate, time.monotonic())
            self._command()

    def set_range(self, marks: tuple[int, int] | None, *, loop: bool) -> None:
        """Play only from the first to the last of ``marks``, both included; once or for ever."""
        with self._changed:
            self._marks, self._loop = marks, loop
            if self._clock is not None and self._index is not None:
                now = time.monotonic()
                self._clock = replace(
                    self._clock.at_rate(self._rate, now), marked=self._part(), loop=loop
                )
            self._command()

    def set_size(self, size: Size | None) -> None:
        """Make pictures of this size in pixels; None is the file's own size."""
        with self._changed:
            if size == self._size:
                return
            self._size = size
            if not self.playing and self._wanted is None:
                self._want(self._target)
            self._command()

    # Called with the lock held

    def _command(self) -> None:
        self._serial += 1
        self._changed.notify_all()

    def _want(self, frame: int) -> None:
        last = self._index.frame_count - 1 if self._index else frame
        self._wanted = self._target = max(0, min(frame, last))
        self._command()

    def _halt(self) -> None:
        if self._clock is not None:
            self._slot = None
        self._clock = None
        self._starting = False

    def _part(self) -> Range | None:
        if self._marks is None or self._index is None:
            return None
        first, last = self._ends()
        return Range(self._index.start_of(first), self._index.end_of(max(first, last)))

    def _ends(self) -> tuple[int, int]:
        """Return the first and last frame of the marked part, or of the film."""
        last = self._index.frame_count - 1 if self._index else 0
        first, final = self._marks or (0, last)
        return max(0, min(first, last)), max(0, min(final, last))

    def _at_end(self) -> bool:
        """Whether playing from here would stop at once."""
        if self._index is None or self._loop:
            return False
        first, last = self._ends()
        if self._rate > 0:
            return self._target in {last, self._index.frame_count - 1}
        return self._target in {first, 0}

    def _restart(self) -> int:
        first, last = self._ends()
        return first if self._rate > 0 else last

    def _clock_from(self, frame: int) -> Clock:
        assert self._index is not None
        forward = self._rate > 0
        origin = self._index.start_of(frame) if forward else self._index.end_of(frame)
        whole = Range(0.0, self._index.seconds)
        now = time.monotonic()
        return Clock(now, origin, self._rate, whole, self._part(), self._loop)

    def _next(self) -> _Task | None:
        """Wait for something to do; None when closed."""
        with self._changed:
            while not self._closed:
                if self._wanted is not None:
                    return self._asked_for()
                if self._clock is None:
                    self._changed.wait()
                elif (task := self._played(self._clock)) is not None:
                    return task
            return None

    def _asked_for(self) -> _Task:
        assert self._index is not None
        assert self._wanted is not None
        self._wanted = self._target = min(self._wanted, self._index.frame_count - 1)
        return _Task(self._wanted, self._size, self._serial)

    def _played(self, clock: Clock) -> _Task | None:
        """Return the frame due now or, when it is on screen already, the one after it."""
        assert self._index is not None
        now = time.monotonic()
        frame = self._index.frame_at(clock.inside(now))
        if frame != self._shown:
            return _Task(frame, self._size, self._serial, now)
        if clock.ended(now):
            self._clock = None
            self._listener.ended()
            return None
        due = now + self._left(clock, frame, now)
        following = self._index.frame_at(clock.inside(due + AHEAD))
        if following == frame:
            self._changed.wait(max(AHEAD, due - now))
            return None
        return _Task(following, self._size, self._serial, due)

    def _left(self, clock: Clock, frame: int, now: float) -> float:
        """Return for how many seconds ``frame`` stays on screen from ``now``."""
        assert self._index is not None
        position = clock.at(now)
        border = self._index.end_of(frame) if clock.rate > 0 else self._index.start_of(frame)
        return max(0.0, (border - position) / clock.rate)

    def _publish(self, task: _Task, picture: Picture) -> None:
        with self._changed:
            if task.due is not None and not self._await_turn(task.serial, task.due):
                return
            if self._closed:
                return
            if task.due is None:
                self._arrive(task)
            else:
                forward = 1 if self._rate > 0 else -1
                self._dropped += max(0, (task.frame - self._shown) * forward - 1)
            self._shown = task.frame
            first, self._slot = self._slot is None, picture
            if first:
                self._listener.arrived()

    def _await_turn(self, serial: int, due: float) -> bool:
        """Wait until ``due``; False when a command came first: the picture may be a wrong one."""
        while serial == self._serial and not self._closed:
            rest = due - time.monotonic()
            if rest <= 0:
                return True
            self._changed.wait(rest)
        return False

    def _arrive(self, task: _Task) -> None:
        """A frame asked for is there: nothing is wanted any more, unless something newer is."""
        if task.serial != self._serial:
            return
        self._wanted = None
        if self._starting:
            self._starting = False
            self._clock = self._clock_from(task.frame)

    # The thread

    def _work(self) -> None:
        try:
            self._open_and_play()
        except av.error.FFmpegError as error:
            self._fail(damaged(Path(self._path).name, f"{error.strerror}."))
        except Exception as error:  # noqa: BLE001  the listener shows it, or reports it as a bug
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        with self._changed:
            if not self._closed:
                self._closed = True
                self._listener.failed(error)

    def _open_and_play(self) -> None:
        index = read_index(self._path, lambda: self._closed)
        if index is None:
            return
        decoder = FrameDecoder(self._path, index, lambda: self._closed)
        try:
            self._opened(index)
            while (task := self._next()) is not None:
                picture = decoder.picture(task.frame, task.size)
                if picture is not None:
                    self._publish(task, picture)
        finally:
            decoder.close()

    def _opened(self, index: FrameIndex) -> None:
        with self._changed:
            if not self._closed:
                self._index = index
                self._listener.ready(index)
