"""What cards, table rows and the inspector paint alike: pictures, badges, found words."""

import re

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from desktop.domain.library import Video
from desktop.ui.icons import paint_icon
from desktop.ui.models.videos_text import KIND_GLYPHS
from desktop.ui.theme import text_font
from desktop.ui.tokens import CAPTION, RADIUS_SMALL, SPACE_1, SPACE_2, tokens

FOUND = re.compile("«(.*?)»", re.DOTALL)

BADGE_HEIGHT = 20

Runs = tuple[tuple[str, bool], ...]
"""Pieces of a line and whether each was searched for."""


def snippet_runs(snippet: str) -> Runs:
    """Return (text, whether it was searched for) of a snippet with «» around what was found."""
    parts = FOUND.split(re.sub(r"\s+", " ", snippet).strip())
    return tuple((part, bool(place % 2)) for place, part in enumerate(parts) if part)


def paint_snippet(painter: QPainter, area: QRect, snippet: str) -> None:
    """Paint a snippet in one line, the words that were searched for in the accent."""
    scheme = tokens()
    left = float(area.x())
    for text, found in _from_found(snippet_runs(snippet), area.width()):
        painter.setFont(text_font(CAPTION, _weight(found=found)))
        painter.setPen(scheme.color("accent_text" if found else "muted"))
        metrics = painter.fontMetrics()
        room = int(area.right() - left)
        if room < metrics.averageCharWidth() * 2:
            return
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        baseline = area.center().y() + (metrics.ascent() - metrics.descent()) / 2 + 1
        painter.drawText(QPointF(left, baseline), shown)
        left += metrics.horizontalAdvance(shown)


def _from_found(runs: Runs, room: int) -> Runs:
    """Shorten what stands before the first found word so that the word itself can be seen."""
    if len(runs) < 2 or runs[0][1]:
        return runs
    plain = QFontMetrics(text_font(CAPTION))
    word = QFontMetrics(text_font(CAPTION, _weight(found=True))).horizontalAdvance(runs[1][0])
    before = max(room // 4, room - word - plain.averageCharWidth() * 4)
    lead = runs[0][0]
    if plain.horizontalAdvance(lead) <= before:
        return runs
    shown = plain.elidedText(lead.rstrip(), Qt.TextElideMode.ElideLeft, before)
    return ((f"{shown} " if lead[-1] == " " else shown, False), *runs[1:])


def _weight(*, found: bool) -> QFont.Weight:
    return QFont.Weight.DemiBold if found else QFont.Weight.Normal


def paint_nothing(painter: QPainter, area: QRect, video: Video) -> None:
    """Paint what stands for a video without pictures: the sign of its kind."""
    side = min(32, area.height() // 2)
    glyph = QRect(0, 0, side, side)
    glyph.moveCenter(area.center())
    color = tokens().color("on_stage")
    color.setAlphaF(0.45)
    paint_icon(painter, glyph, KIND_GLYPHS[video.kind], color)


def paint_badge(
    painter: QPainter, corner: QPointF, text: str, *, right: bool = False, dot: str = ""
) -> None:
    """Paint a small dark label on a picture; ``corner`` is its upper left or upper right.

    ``dot`` is the token of a mark before the text.
    """
    painter.setFont(text_font(CAPTION, QFont.Weight.Medium))
    lead = 12 if dot else 0
    width = painter.fontMetrics().horizontalAdvance(text) + 2 * (SPACE_1 + 2) + lead
    left = corner.x() - width if right else corner.x()
    area = QRectF(left, corner.y(), width, BADGE_HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(12, 13, 15, 215))
    painter.drawRoundedRect(area, RADIUS_SMALL, RADIUS_SMALL)
    if dot:
        painter.setBrush(_on_dark(dot))
        painter.drawEllipse(QRectF(area.x() + 6, area.center().y() - 3.5, 7, 7))
    painter.setPen(tokens().color("on_stage"))
    words = area.adjusted(SPACE_1 + 2 + lead, 0, 0, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def _on_dark(name: str) -> QColor:
    """Return a mark's colour for dark ground, whatever the scheme."""
    color = tokens().color(name)
    return color if color.lightness() > 110 else color.lighter(170)


def paint_position(painter: QPainter, area: QRect, share: float) -> None:
    """Paint a line at the lower edge of a picture that says where in the video it is."""
    line = QRectF(area.x(), area.bottom() - 2, area.width(), 3)
    painter.fillRect(line, QColor(12, 13, 15, 180))
    line.setWidth(line.width() * share)
    painter.fillRect(line, _on_dark("accent_text"))


def inner(area: QRect, gap: int = SPACE_2) -> QRect:
    """Return ``area`` without a margin."""
    return area.adjusted(gap, gap, -gap, -gap)
