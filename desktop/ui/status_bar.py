"""The bar at the bottom: what renders, uploads and is saved, how many videos, what protects."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QWidget

from desktop.domain import events
from desktop.domain.picture import clock
from desktop.domain.transfers import Totals
from desktop.services.values import Check, CheckState
from desktop.ui.bridge import EventBridge
from desktop.ui.icons import icon
from desktop.ui.models import transfers_text as say
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.labels import ElidedLabel, label

PROTECTION = "What protects this computer from the code of scenes."


@dataclass(slots=True)
class _Render:
    """What is known about one render under way."""

    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    title: str = "video"


class StatusBar(QFrame):
    """Always visible; each part opens what it speaks of."""

    video_wanted = Signal(str)
    """The person clicked the render of this video."""
    cancel_wanted = Signal(str)
    library_wanted = Signal()
    environment_wanted = Signal()
    transfers_wanted = Signal()

    def __init__(self, bridge: EventBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._renders: dict[str, _Render] = {}
        self.saved = label("", "caption")
        self.progress = RenderStatus()
        self.videos = _part("")
        self.isolation = _part("", glyph="shield-check")
        self.transfers = _part("", glyph="cloud-arrow-up")
        self._build()
        bridge.render_started.connect(self._started)
        bridge.render_progressed.connect(self._progressed)
        bridge.render_ended.connect(self._ended)

    def _build(self) -> None:
        self.setObjectName("status")
        self.setProperty("surface", "panel")
        self.setFixedHeight(32)
        self.isolation.setToolTip(PROTECTION)
        self.videos.setAccessibleName("Open the library")
        self.progress.name.setAccessibleName("Open the video that renders")
        self.isolation.setVisible(bool(self.isolation.text()))
        self.videos.clicked.connect(lambda *_: self.library_wanted.emit())
        self.isolation.clicked.connect(lambda *_: self.environment_wanted.emit())
        self.progress.opened.connect(lambda: self._first(self.video_wanted.emit))
        self.progress.cancelled.connect(lambda: self._first(self.cancel_wanted.emit))
        self.transfers.clicked.connect(lambda *_: self.transfers_wanted.emit())
        self.show_transfers(Totals())
        self.setLayout(
            row(
                self.saved,
                None,
                self.progress,
                None,
                self.transfers,
                self.videos,
                self.isolation,
                spacing=SPACE_2,
                margins=(SPACE_4, 0, SPACE_2, 0),
            )
        )
        self.progress.hide()

    def show_saved(self, text: str) -> None:
        """Show where the open text stands; empty clears it."""
        self.saved.setText(text)

    def show_protection(self, check: Check) -> None:
        """Show what keeps the code of scenes from the rest of this computer."""
        glyphs = {CheckState.OK: "shield-check", CheckState.WARNING: "shield-warning"}
        self.isolation.setIcon(icon(glyphs.get(check.state, "shield-slash")))
        self.isolation.setText(check.detail)
        self.isolation.setToolTip(" ".join(filter(None, (PROTECTION, check.remedy))))
        self.isolation.setVisible(True)

    def show_transfers(self, totals: Totals) -> None:
        """Show how all transfers stand; nothing while there is nothing to say."""
        text = say.summary(totals)
        limit = f"at most {say.rate(totals.rate_limit)}" if totals.rate_limit else ""
        badge = limit if totals.active or totals.waiting else ""
        self.transfers.setText(" · ".join(filter(None, (text, badge))))
        failed = bool(totals.failed) and not totals.active
        glyph, role = ("warning-circle", "danger") if failed else ("cloud-arrow-up", "muted")
        self.transfers.setIcon(icon(*(("gauge", "warning") if badge else (glyph, role))))
        broken = f"{say.count(totals.failed)} failed. " if totals.failed else ""
        self.transfers.setToolTip(f"{broken}Open the publish page")
        self.transfers.setAccessibleName(f"{text}. Open the publish page")
        self.transfers.setVisible(bool(text))

    def show_video_count(self, count: int) -> None:
        """Show how many videos the library has."""
        self.videos.setText(f"{count:,} video" + ("" if count == 1 else "s"))

    def is_rendering(self) -> bool:
        """Tell whether a render is under way."""
        return bool(self._renders)

    def name_render(self, video_id: str, title: str) -> None:
        """Give the render of a video its title, as soon as it is known."""
        if video_id in self._renders:
            self._renders[video_id].title = title
            self._show()

    def _first(self, act: Callable[[str], object]) -> None:
        if self._renders:
            act(next(iter(self._renders)))

    def _started(self, event: events.RenderStarted) -> None:
        self._renders[event.video_id] = _Render()
        self._show()

    def _progressed(self, event: events.RenderProgressed) -> None:
        render = self._renders.setdefault(event.video_id, _Render())
        render.done, render.total = event.frames_done, event.frames_total
        render.seconds_left = event.seconds_left
        self._show()

    def _ended(self, event: events.RenderEnded) -> None:
        self._renders.pop(event.video_id, None)
        self._show()

    def _show(self) -> None:
        self.progress.setVisible(bool(self._renders))
        if self._renders:
            first = next(iter(self._renders.values()))
            more = len(self._renders) - 1
            name = first.title + (f" and {more} more" if more else "")
            self.progress.show_progress(name, first.done, first.total, first.seconds_left)


class RenderStatus(QWidget):
    """Progress of the render under way, with time left and cancel."""

    opened = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = _part("")
        self.bar = QProgressBar()
        self.bar.setFixedWidth(160)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Render progress")
        self.figures = ElidedLabel("", "caption")
        self.figures.setFixedWidth(176)
        stop = tool_button("x", "Cancel this render", self.cancelled.emit)
        self.name.clicked.connect(lambda *_: self.opened.emit())
        self.setLayout(row(self.name, self.bar, self.figures, stop, spacing=SPACE_3))

    def show_progress(self, name: str, done: int, total: int, left: float | None) -> None:
        """Show frames drawn of all, and seconds left when they are known."""
        self.name.setText(f"Rendering {name}")
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        figures = f"{done:,} of {total:,} frames" if total else "Measuring"
        time_left = f", {clock(left)} left" if left is not None else ""
        self.figures.setText(figures + time_left)


def _part(text: str, glyph: str = "") -> QPushButton:
    made = button(text, kind="status", glyph=glyph)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
