"""The buttons under the picture: play, step, scenes, time, speed, loop, full screen."""

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget
from typing_extensions import override

from desktop.domain.picture import clock
from desktop.ui.icons import icon
from desktop.ui.player.marks import FilmMap, Marks
from desktop.ui.player.time_field import Notation, TimeField, written
from desktop.ui.theme import code_font
from desktop.ui.tokens import BODY, SPACE_1, SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import row
from desktop.ui.widgets.buttons import button, tool_button

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""Rates of the speed menu."""

ROOM_FOR_LONG_TOTAL, ROOM_FOR_STEPS, ROOM_FOR_SCENES = 600, 460, 380
"""Least widths, in pixels, at which these are shown; the length of the film goes with steps."""


def speed_text(speed: float) -> str:
    """Return a rate as it is read: ``1x``, ``0.25x``."""
    return f"{speed:g}x"


class Transport(QWidget):
    """A row of controls; it says what is wanted and shows what is."""

    play_wanted = Signal()
    step_wanted = Signal(int)
    scene_wanted = Signal(int)
    """1 is the next scene, -1 the previous one."""
    seek_wanted = Signal(int)
    speed_wanted = Signal(float)
    loop_wanted = Signal(bool)
    unmark_wanted = Signal()
    """The marked part is to be forgotten."""
    fullscreen_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = FilmMap()
        self._notation = Notation.TIMECODE
        self._short = False
        self._make_buttons()
        self._make_times()
        self.speed_menu = self._make_speed_menu()
        self.setLayout(self._arranged())
        self.show_playing(playing=False)
        self.show_film(FilmMap())

    def _make_buttons(self) -> None:
        step, scene = self.step_wanted.emit, self.scene_wanted.emit
        self.previous = tool_button("skip-back", "Previous scene", partial(scene, -1), keys=",")
        self.back = tool_button("caret-left", "One frame back", partial(step, -1), keys="Left")
        self.play = tool_button("play-fill", "Play", self.play_wanted.emit, keys="Space")
        self.play.setIconSize(QSize(22, 22))
        self.forward = tool_button(
            "caret-right", "One frame forward", partial(step, 1), keys="Right"
        )
        self.next = tool_button("skip-forward", "Next scene", partial(scene, 1), keys=".")
        self.loop = tool_button("repeat", "Loop")
        self.loop.setCheckable(True)
        self.loop.toggled.connect(self.loop_wanted)
        self.full = tool_button("corners-out", "Full screen", self.fullscreen_wanted.emit, keys="F")

    def _make_times(self) -> None:
        self.time = TimeField()
        self.time.frame_chosen.connect(self.seek_wanted)
        self.total = button("", self._turn_notation, kind="quiet")
        self.total.setFont(code_font(BODY))
        self.unmark = button("Clear in and out", self.unmark_wanted.emit, kind="quiet")
        self.unmark.hide()

    def _make_speed_menu(self) -> QMenu:
        self.speed = button(speed_text(1.0), self._open_speed_menu, kind="quiet")
        self.speed.setToolTip("Speed")
        menu, group = QMenu(self), QActionGroup(self)
        self._speeds: dict[float, QAction] = {}
        for speed in SPEEDS:
            action = menu.addAction(speed_text(speed))
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose_speed, speed))
            group.addAction(action)
            self._speeds[speed] = action
        self._speeds[1.0].setChecked(True)
        return menu

    def _arranged(self) -> QHBoxLayout:
        return row(
            self.previous,
            self.back,
            self.play,
            self.forward,
            self.next,
            SPACE_2,
            self.time,
            self.total,
            None,
            self.unmark,
            self.speed,
            self.loop,
            self.full,
            spacing=SPACE_1,
            margins=(SPACE_3, 0, SPACE_3, SPACE_2),
        )

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(240, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what the keyboard does as well goes first."""
        super().resizeEvent(event)
        width = event.size().width()
        if self._short != (width < ROOM_FOR_LONG_TOTAL):
            self._short = width < ROOM_FOR_LONG_TOTAL
            self._show_total()
        self.total.setVisible(width >= ROOM_FOR_STEPS)
        for widget in (self.back, self.forward):
            widget.setVisible(width >= ROOM_FOR_STEPS)
        for widget in (self.previous, self.next):
            widget.setVisible(width >= ROOM_FOR_SCENES)

    # What is shown

    def show_film(self, film: FilmMap) -> None:
        """Show another film; without frames nothing can be pressed."""
        self._film = film
        self.time.show_rate(film.rate)
        self._show_total()
        if not film.frame_count:
            self.show_frame(0)
        for widget in self._needing_film():
            widget.setEnabled(film.frame_count > 0)
        for widget in (self.previous, self.next):
            widget.setEnabled(len(film.scenes) > 1)

    def _needing_film(self) -> tuple[QWidget, ...]:
        return (self.back, self.play, self.forward, self.time, self.total, self.loop, self.speed)

    def show_frame(self, frame: int) -> None:
        """Show where the film is."""
        self.time.show_frame(frame)

    def show_playing(self, *, playing: bool) -> None:
        """Offer to pause while the film runs, to play while it stands."""
        name = "Pause" if playing else "Play"
        self.play.setIcon(icon("pause-fill" if playing else "play-fill", "text"))
        self.play.setAccessibleName(name)
        self.play.setToolTip(f"{name}  Space")

    def show_speed(self, speed: float) -> None:
        """Show at which rate the film runs; negative is backward."""
        self.speed.setText(speed_text(speed))
        self.speed.setAccessibleName(f"Speed {speed_text(speed)}")
        if speed in self._speeds:
            self._speeds[speed].setChecked(True)

    def show_loop(self, *, loop: bool) -> None:
        """Show whether the film begins again at its end."""
        self.loop.setChecked(loop)

    def show_marks(self, marks: Marks) -> None:
        """Offer to clear the marked part when there is one."""
        self.unmark.setVisible(marks != Marks())

    def show_fullscreen(self, *, full: bool) -> None:
        """Offer the way back from the full screen, or into it."""
        self.full.setIcon(icon("corners-in" if full else "corners-out"))
        name = "Leave full screen" if full else "Full screen"
        self.full.setAccessibleName(name)
        self.full.setToolTip(f"{name}  F")

    def _show_total(self) -> None:
        film = self._film
        text = written(film.frame_count, film.rate, self._notation)
        shown = clock(float(film.frame_count / film.rate)) if self._short else text
        self.total.setText(f"/ {shown}")
        self.total.setToolTip("Show times as timecode, seconds or frames")
        self.total.setAccessibleName(f"Length {text}. Change how times are shown")

    # What is pressed

    def _turn_notation(self) -> None:
        kinds = list(Notation)
        self._notation = kinds[(kinds.index(self._notation) + 1) % len(kinds)]
        self.time.show_notation(self._notation)
        self._show_total()

    def _open_speed_menu(self) -> None:
        height = self.speed_menu.sizeHint().height()
        above = self.speed.rect().topLeft()
        self.speed_menu.popup(self.speed.mapToGlobal(above) - type(above)(0, height))

    def _choose_speed(self, speed: float) -> None:
        self.speed_wanted.emit(speed)
