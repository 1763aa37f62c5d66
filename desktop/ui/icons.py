"""Icons: Phosphor glyphs out of qtawesome's fonts, in the colours of the theme.

qtawesome itself is not imported: that takes 0.2 s and installs eight fonts, while reading one
font file takes 10 ms. Glyphs are painted as outlines, so they are sharp at every scale, and they
ask for their colour when painted, so a change of theme needs no new icons.
"""

import functools
import importlib.util
import json
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPixmap, QRawFont
from typing_extensions import override

from desktop.ui.tokens import tokens

UNITS = 64.0
"""Size at which outlines are taken from the font; they scale from there."""


def icon(name: str, role: str = "muted") -> QIcon:
    """Return the icon ``name`` ("play", "folder-open-bold"); raises KeyError for unknown names.

    ``role`` names a colour token; disabled icons are faint, checked ones take the accent.
    """
    return _icons(name, role)


@functools.cache
def _icons(name: str, role: str) -> QIcon:
    return QIcon(_GlyphEngine(outline(name), role))


@functools.cache
def outline(name: str) -> QPainterPath:
    """Return the outline of an icon in a square of ``UNITS``, for widgets that paint."""
    font, glyphs = _font()
    index = font.glyphIndexesForString(glyphs[name])[0]
    path = font.pathForGlyph(index)
    path.translate(0, font.ascent())
    return path


@functools.cache
def _font() -> tuple[QRawFont, dict[str, str]]:
    package = importlib.util.find_spec("qtawesome")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("qtawesome", name="qtawesome")
    folder = Path(package.origin).parent / "fonts"
    font = next(folder.glob("phosphor-[0-9]*.ttf"))
    names = json.loads(next(folder.glob("phosphor-charmap*.json")).read_text(encoding="utf-8"))
    return QRawFont(str(font), UNITS), {name: chr(int(code, 16)) for name, code in names.items()}


def paint_icon(painter: QPainter, rect: QRect, name: str, color: QColor) -> None:
    """Paint an icon into ``rect``, for delegates and self-painting widgets."""
    _paint(painter, rect, outline(name), color)


def _paint(painter: QPainter, rect: QRect, path: QPainterPath, color: QColor) -> None:
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2)
    painter.scale(side / UNITS, side / UNITS)
    painter.fillPath(path, color)
    painter.restore()


class _GlyphEngine(QIconEngine):
    """Paints one outline in the colour its role has at that moment."""

    def __init__(self, path: QPainterPath, role: str) -> None:
        super().__init__()
        self._path = path
        self._role = role
        self._pixmaps: dict[tuple[int, int, str], QPixmap] = {}

    def _color(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        if mode is QIcon.Mode.Disabled:
            return tokens().color("faint")
        if state is QIcon.State.On and self._role == "muted":
            return tokens().color("accent_text")
        if mode is QIcon.Mode.Active and self._role == "muted":
            return tokens().color("text")
        return tokens().color(self._role)

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        _paint(painter, rect, self._path, self._color(mode, state))

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():
            return QPixmap()
        color = self._color(mode, state)
        key = (size.width(), size.height(), color.name())
        if key not in self._pixmaps:
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            _paint(painter, QRect(QPoint(0, 0), size), self._path, color)
            painter.end()
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    @override
    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._path, self._role)

    @override
    def key(self) -> str:
        return "proofreel-glyph"
