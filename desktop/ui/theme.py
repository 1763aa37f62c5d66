"""The look of the window: scheme, palette, fonts and stylesheet, kept in step."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from desktop.config.paths import resource_dir
from desktop.ui import tokens as design
from desktop.ui.stylesheet import stylesheet
from desktop.ui.tokens import Tokens


class Theme(QObject):
    """Dresses the application, and again whenever the system or the person changes their mind."""

    changed = Signal()
    """Colours are other ones now; widgets that keep painted pictures paint them again."""

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice

    def start(self) -> None:
        """Install style, fonts and colours, and follow the system from now on."""
        self._app.setStyle("Fusion")
        load_fonts(resource_dir() / "fonts")
        self._app.setFont(text_font())
        self._app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._dress()

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        dark = self._choice == "dark" or (self._choice == "system" and self._system_is_dark())
        return design.DARK if dark else design.LIGHT

    def choose(self, choice: str) -> None:
        """Use "light", "dark" or whatever the "system" uses."""
        if choice != self._choice:
            self._choice = choice
            self._dress()

    def _system_is_dark(self) -> bool:
        return self._app.styleHints().colorScheme() is not Qt.ColorScheme.Light

    def _system_changed(self) -> None:
        if self._choice == "system":
            self._dress()

    def _dress(self) -> None:
        scheme = self.tokens
        self._app.setPalette(design.palette(scheme))
        self._app.setStyleSheet(stylesheet(scheme, resource_dir() / "controls"))
        self.changed.emit()


def load_fonts(folder: Path) -> None:
    """Make the shipped fonts known to Qt; a missing folder leaves the system's fonts."""
    for file in sorted(folder.glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(file))


def text_font(size: int = design.BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font of the window's texts; ``size`` in pixels."""
    return _font(design.TEXT_FAMILIES, size, weight)


def code_font(size: int = design.BODY) -> QFont:
    """Return the font of code; ``size`` in pixels."""
    font = _font(design.CODE_FAMILIES, size, QFont.Weight.Normal)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    return font


def _font(families: tuple[str, ...], size: int, weight: QFont.Weight) -> QFont:
    font = QFont(list(families))
    font.setPixelSize(size)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
