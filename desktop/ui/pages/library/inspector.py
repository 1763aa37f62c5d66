"""The right side of the library: what is selected, in full, and what can be done with it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from desktop.domain.library import Video
from desktop.domain.picture import clock
from desktop.ui.models import videos_text as say
from desktop.ui.pages.library.fields import LineField, TextField, split_tags
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.pages.library.poster import Poster
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import clear, column, frame, line, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel, label

SCENES_SHOWN = 60

FACTS = ("Status", "Kind", "Shape", "Length", "Versions", "Project", "Changed", "Created")


class Inspector(QFrame):
    """Details of one video, or how many are selected."""

    edited = Signal(str, object)
    """Carries a video id and what changed, by field."""
    open_wanted = Signal()
    export_wanted = Signal(QPoint)
    duplicate_wanted = Signal()
    move_wanted = Signal(QPoint)
    trash_wanted = Signal()
    restore_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, pictures: Pictures) -> None:
        super().__init__()
        self.video: Video | None = None
        self.poster = Poster(pictures)
        self.title = LineField("Title", required=True)
        self.description = TextField("Description", 4)
        self.tags = LineField("Tags, separated by commas")
        self.facts = {name: ElidedLabel() for name in FACTS}
        self.scenes = column(spacing=SPACE_1)
        self.summary = label("", "muted", wrap=True)
        self._pages = QStackedWidget()
        self._make_buttons()
        self._build()
        self._connect()

    def _make_buttons(self) -> None:
        self.open = button("Open in studio", self.open_wanted.emit, kind="primary")
        self.export = button("Export", glyph="export")
        self.duplicate = button("Duplicate", self.duplicate_wanted.emit, glyph="copy")
        self.move_to = button("Move to…", glyph="folder-simple")
        self.trash = button("Trash", self.trash_wanted.emit, kind="danger", glyph="trash")
        self.trash.setAccessibleName("Move to trash")
        self.trash.setToolTip("Move to trash")
        self.restore = button(
            "Restore", self.restore_wanted.emit, kind="primary", glyph="arrow-counter-clockwise"
        )
        self.delete = button("Delete for good…", self.delete_wanted.emit, kind="danger")
        self.export.clicked.connect(lambda: self.export_wanted.emit(below(self.export)))
        self.move_to.clicked.connect(lambda: self.move_wanted.emit(below(self.move_to)))

    def _build(self) -> None:
        self.setProperty("surface", "panel")
        self.setMinimumWidth(248)
        self.title.setPlaceholderText("Title")
        self.tags.setPlaceholderText("calculus, lecture 3")
        self.description.setPlaceholderText("What it is about")
        self._pages.addWidget(self._one())
        self._pages.addWidget(frame(column(self.summary, None, margins=(SPACE_4,) * 4)))
        self._pages.setStyleSheet("background: transparent")
        self._foot = frame(column(line(), self._deeds(), spacing=0))
        self.setLayout(column(self._pages, self._foot, spacing=0))
        self.show_videos((), trashed=False)

    def _one(self) -> QWidget:
        self._scenes_title = label("Scenes", "section")
        body = frame(
            column(
                self.poster, SPACE_1, self.title, SPACE_2,
                label("Description", "section"), self.description, SPACE_1,
                label("Tags", "section"), self.tags, SPACE_2,
                self._facts_grid(), SPACE_2, self._scenes_title, self.scenes, None,
                spacing=SPACE_1 + 2, margins=(SPACE_4, SPACE_4, SPACE_4, SPACE_4),
            )
        )  # fmt: skip
        area = QScrollArea()
        area.setWidget(body)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _facts_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_1 + 1)
        grid.setColumnStretch(1, 1)
        for place, (name, value) in enumerate(self.facts.items()):
            grid.addWidget(label(name, "muted"), place, 0)
            grid.addWidget(value, place, 1)
            value.setAccessibleName(name)
        return grid

    def _deeds(self) -> QWidget:
        grid = QGridLayout()
        grid.setSpacing(SPACE_2)
        grid.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        grid.addWidget(self.open, 0, 0, 1, 2)
        grid.addWidget(self.restore, 0, 0, 1, 2)
        grid.addWidget(self.delete, 1, 0, 1, 2)
        # Several videos have neither the first row nor "Export": nothing may leave a hole there.
        second = row(self.export, self.duplicate)
        third = row(self.move_to, self.trash)
        for place, deeds in enumerate((second, third), 2):
            grid.addLayout(deeds, place, 0, 1, 2)
        for deed in (self.export, self.duplicate, self.move_to, self.trash):
            deed.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return frame(grid)

    def _connect(self) -> None:
        self.poster.opened.connect(self.open_wanted)
        self.title.committed.connect(lambda text: self._edit("title", text))
        self.description.committed.connect(lambda text: self._edit("description", text))
        self.tags.committed.connect(lambda text: self._edit("tags", split_tags(text)))

    def _edit(self, field: str, value: object) -> None:
        if self.video is not None:
            self.edited.emit(self.video.id, {field: value})

    def show_videos(
        self, videos: Sequence[Video], *, trashed: bool, number: int = 0, project: str = ""
    ) -> None:
        """Show one video in full; of several, or ``number`` of which not all are known, a sum."""
        number = number or len(videos)
        one = videos[0] if len(videos) == 1 and number == 1 else None
        if one is not None:
            self._show_one(one, project, trashed=trashed)
        else:
            self.commit()
            self.video = None
            self.summary.setText(_summary(videos, number, trashed=trashed))
        self._pages.setCurrentIndex(int(one is None))
        self._show_deeds(number, trashed=trashed)

    def _show_one(self, video: Video, project: str, *, trashed: bool) -> None:
        another = self.video is None or self.video.id != video.id
        if another:
            self.commit()
            self.show_scenes(())
        self.video = video
        self.poster.show_video(video)
        self.title.show_text(video.title, anyway=another)
        self.description.show_text(video.description, anyway=another)
        self.tags.show_text(", ".join(video.tags), anyway=another)
        for field in (self.title, self.description, self.tags):
            field.setEnabled(not trashed)
        for name, text in _facts(video, project).items():
            self.facts[name].setText(text)

    def _show_deeds(self, number: int, *, trashed: bool) -> None:
        living = bool(number) and not trashed
        self._foot.setVisible(bool(number))
        self.open.setVisible(living and number == 1)
        self.export.setVisible(living and number == 1)
        self.duplicate.setVisible(living)
        self.move_to.setVisible(living)
        self.trash.setVisible(living)
        self.restore.setVisible(bool(number) and trashed)
        self.delete.setVisible(bool(number) and trashed)

    def show_scenes(self, titles: Sequence[str]) -> None:
        """List the scenes of the video shown."""
        clear(self.scenes)
        self._scenes_title.setVisible(bool(titles))
        self._scenes_title.setText(f"Scenes ({len(titles)})")
        for place, title in enumerate(titles[:SCENES_SHOWN], 1):
            self.scenes.addWidget(ElidedLabel(f"{place}  {title}"))
        if len(titles) > SCENES_SHOWN:
            self.scenes.addWidget(label(f"and {len(titles) - SCENES_SHOWN} more", "muted"))

    def edit_title(self) -> None:
        """Put the cursor into the title."""
        self.title.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.title.selectAll()

    def commit(self) -> None:
        """Give away what was written and not yet committed."""
        for field in (self.title, self.description, self.tags):
            if self.video is not None:
                field.commit()


def below(deed: QPushButton) -> QPoint:
    """Return where a menu of a button opens."""
    return deed.mapToGlobal(QPoint(0, deed.height() + SPACE_1))


def _facts(video: Video, project: str) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "Status": say.STATUSES[video.status],
        "Kind": say.KINDS[video.kind],
        "Shape": say.SHAPES[video.aspect],
        "Length": say.length(video) or "Not rendered yet",
        "Versions": str(video.latest_version) if video.latest_version else "None yet",
        "Project": project,
        "Changed": say.when(video.updated_at, now),
        "Created": say.when(video.created_at, now),
    }


def _summary(videos: Sequence[Video], number: int, *, trashed: bool) -> str:
    if not number:
        return (
            "Select a video to see its details."
            if not trashed
            else ("Select a video to restore it.")
        )
    seconds = sum(video.duration for video in videos) if len(videos) == number else 0.0
    return f"{say.count(number)} selected" + (f", {clock(seconds)} in all" if seconds else "")
