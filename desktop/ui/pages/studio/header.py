"""The bar over the studio: which video, how far its render is, and the buttons that render."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy, QWidget

from desktop.domain.library import SourceKind, Video
from desktop.domain.picture import clock
from desktop.ui.models.videos_text import KINDS, SHAPES
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.labels import ElidedLabel, label


class Header(QFrame):
    """Knows nothing of services; ``page`` tells it what to show."""

    draft_wanted = Signal()
    final_wanted = Signal()
    cancel_wanted = Signal()
    export_wanted = Signal()
    rendering_shown = Signal(bool)
    """Whether a render is shown to be under way."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "panel")
        self.setFixedHeight(56)
        self.title = ElidedLabel("", "title")
        self.facts = ElidedLabel("", "caption")
        self.progress = RenderProgressBar()
        self.progress.cancelled.connect(self.cancel_wanted)
        self.draft = button("Render draft", self.draft_wanted.emit, kind="primary", glyph="play")
        self.final = button("Render final", self.final_wanted.emit, glyph="film-strip")
        self.export = tool_button("export", "Export…", self.export_wanted.emit)
        self.draft.setToolTip("Small and quick, to look at  Ctrl+Return")
        self.final.setToolTip("Full size, to show and publish  Ctrl+Shift+Return")
        self._renders = frame(row(self.final, self.draft, spacing=SPACE_2))
        layout = row(
            frame(column(self.title, self.facts, spacing=0)),
            self.progress,
            self._renders,
            self.export,
            spacing=SPACE_3,
            margins=(SPACE_4, SPACE_2, SPACE_3, SPACE_2),
        )
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.progress.hide()

    def show_video(self, video: Video, project: str) -> None:
        """Name a video; one that has no text cannot be rendered."""
        self.title.setText(video.title)
        self.title.setAccessibleName(f"Video: {video.title}")
        trashed = "In the trash" if video.trashed_at is not None else ""
        parts = (trashed, project, KINDS[video.kind], SHAPES[video.aspect])
        self.facts.setText(" · ".join(part for part in parts if part))
        self._renders.setVisible(video.kind is not SourceKind.FOOTAGE)

    def show_rendering(self, *, rendering: bool) -> None:
        """Show progress and cancel instead of the buttons that render, or the reverse."""
        if rendering and self.progress.isHidden():
            self.progress.show_progress(0, 0, None)
        self.progress.setVisible(rendering)
        for made in (self.draft, self.final):
            made.setEnabled(not rendering)
        self.rendering_shown.emit(rendering)


class RenderProgressBar(QWidget):
    """Frames drawn of all, time left, and cancel."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(180)
        self.bar.setAccessibleName("Render progress")
        self.figures = label("", "caption")
        self.figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.figures.setMinimumWidth(170)
        self.cancel = button("Cancel", self.cancelled.emit, kind="quiet")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setLayout(row(self.figures, self.bar, self.cancel, spacing=SPACE_3))

    def show_progress(self, done: int, total: int, left: float | None) -> None:
        """Show how far it is; ``left`` is in seconds, None while nobody can tell."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        figures = f"{done:,} of {total:,} frames" if total else "Preparing…"
        self.figures.setText(figures + (f" · {clock(left)} left" if left is not None else ""))
