"""What this program is, which versions it runs on, and under which licences it comes."""

import importlib.metadata
import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

import desktop
from desktop.ui.dialogs import Sheet
from desktop.ui.tokens import SPACE_4
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import label

PACKAGES = (("manim", "Manim"), ("av", "PyAV"), ("typst", "Typst"))

LICENCES = (
    "Proofreel is free software under the MIT licence. It uses Qt and PySide (LGPL), Manim (MIT), "
    "and PyAV, whose packages contain the GPL encoders x264 and x265. Fonts: Inter and JetBrains "
    "Mono (OFL). Icons: Phosphor (MIT)."
)


def versions() -> str:
    """Return what runs here, one line for each part."""
    lines = [
        f"Proofreel {desktop.__version__}",
        f"Python {platform.python_version()}",
        f"Qt {qVersion()}",
    ]
    lines += [f"{name} {importlib.metadata.version(package)}" for package, name in PACKAGES]
    return "\n".join([*lines, platform.platform()])


class About(Sheet):
    """The About dialog."""

    def __init__(self, parent: QWidget) -> None:
        mark = Glyph("monitor-play-fill", "accent_text", 48)
        words = column(
            label(f"Version {desktop.__version__}", "strong"),
            label("A studio for animated explanation videos.", "muted"),
            spacing=2,
        )
        super().__init__(
            parent,
            "Proofreel",
            frame(row(mark, words, None, spacing=SPACE_4)),
            label(versions(), "muted"),
            label(LICENCES, "caption", wrap=True),
            width=480,
        )
        copy = button("Copy versions", self._copy, glyph="copy")
        self.buttons.insertWidget(0, copy)
        self.add_buttons("Close", cancel="")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(versions())
