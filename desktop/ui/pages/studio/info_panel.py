"""The facts of the version that is shown: size, rate, length, what protected this computer."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFormLayout, QWidget

from desktop.domain.library import Version
from desktop.domain.picture import clock
from desktop.ui.models.versions import QUALITIES
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import ElidedLabel, label

LINE = 20
"""Height of one fact, in pixels."""

NOTHING = "Render the video to see its facts here."


class InfoPanel(QWidget):
    """Names and values, in two columns."""

    def __init__(self) -> None:
        super().__init__()
        self._video = ""
        self.nothing = label(NOTHING, "muted", wrap=True)
        self.folder = button("Show in folder", self._open_folder, glyph="folder-open")
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setHorizontalSpacing(SPACE_4)
        self._form.setVerticalSpacing(SPACE_2)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._facts = frame(self._form)
        self.setLayout(
            column(
                self.nothing, self._facts, row(self.folder, None), None,
                spacing=SPACE_3, margins=(SPACE_3,) * 4,
            )
        )  # fmt: skip
        self.show_version(None, "")

    def show_version(self, version: Version | None, video: str) -> None:
        """Show a version whose file is ``video``; None clears the panel."""
        self._video = video
        while self._form.rowCount():
            self._form.removeRow(0)
        for name, value in facts(version) if version else ():
            shown = ElidedLabel(value)
            shown.setFixedHeight(LINE)
            shown.setAccessibleName(f"{name}: {value}")
            self._form.addRow(label(name, "muted"), shown)
        self.nothing.setVisible(version is None)
        self._facts.setVisible(version is not None)
        self.folder.setVisible(bool(video))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._video).parent)))


def facts(version: Version) -> tuple[tuple[str, str], ...]:
    """Return names and values of a version, as editors read them."""
    rate = float(version.rate)
    restored = f"version {version.restored_from}" if version.restored_from else ""
    found = (
        ("Made", f"{version.created_at.astimezone():%d %b %Y, %H:%M}"),
        ("Note", version.note),
        ("Quality", QUALITIES[version.quality] if version.scenes else ""),
        ("Picture", f"{version.width} x {version.height}, {rate:g} frames per second"),
        ("Length", f"{clock(version.seconds)} ({version.frames:,} frames)"),
        ("Scenes", str(len(version.scenes)) if version.scenes else ""),
        ("File size", file_size(version.size)),
        ("Rendered in", version.isolation),
        ("Code", "brought from elsewhere and allowed" if version.allowed_code else ""),
        ("Restored from", restored),
        ("SHA-256", version.sha256),
    )
    return tuple((name, value) for name, value in found if value)


def file_size(size: int) -> str:
    """Return bytes as people read them: "820 kB", "12.4 MB"."""
    if size < 1_000_000:
        return f"{max(1, size // 1000)} kB"
    return f"{size / 1e6:.1f} MB" if size < 1_000_000_000 else f"{size / 1e9:.2f} GB"
