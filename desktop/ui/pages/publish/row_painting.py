"""Paints a transfer: name and place, state and reason, what arrived and what is on its way.

The rows of moving transfers are painted ten times a second: what a row asks for more than once it
asks for once.
"""

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from desktop.domain.transfers import NORMAL, Transfer, TransferState
from desktop.ui.icons import paint_icon
from desktop.ui.models import transfers_text as say
from desktop.ui.models.transfers import TRANSFER_ROLE, Index, TransfersModel
from desktop.ui.pages.publish import row_layout
from desktop.ui.pages.publish.row_layout import MAIN, ROW, RowAreas, areas
from desktop.ui.pages.publish.swift_text import paint_at_right, paint_swiftly, swift_font
from desktop.ui.tokens import BODY, CAPTION, RADIUS, RADIUS_SMALL, SPACE_1, SPACE_2, Tokens, tokens

IN_FLIGHT = 0.42
"""How strong the second tone of the bar is: sent, and not yet known to have arrived."""

BOLD = QFont.Weight.DemiBold


class TransferDelegate(QStyledItemDelegate):
    """Paints rows; ``hot`` is the button under the pointer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hot: tuple[int, str] = (-1, "")

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        row = _Row(painter, tokens(), areas(area))
        row.paint_ground(area, option.state)
        transfer, model = index.data(TRANSFER_ROLE), index.model()
        if isinstance(transfer, Transfer) and isinstance(model, TransfersModel):
            row.icon(row.parts.glyph, say.glyph(transfer), say.color(transfer))
            row.paint_name(transfer, model.destination_name(transfer))
            row.paint_state(transfer)
            row.paint_figures(transfer)
            row.paint_buttons(transfer, self.hot[1] if self.hot[0] == index.row() else "")
        else:
            row.paint_unread()
        painter.restore()


@dataclass(frozen=True, slots=True)
class _Row:
    """One row while it is painted."""

    painter: QPainter
    scheme: Tokens
    parts: RowAreas

    def icon(self, area: QRect, glyph: str, role: str) -> None:
        paint_icon(self.painter, area, glyph, self.scheme.color(role))

    def paint_ground(self, area: QRect, state: QStyle.StateFlag) -> None:
        color, fill = self.scheme.color, self.painter.fillRect
        if state & QStyle.StateFlag.State_Selected:
            fill(area, color("selected"))
        elif state & QStyle.StateFlag.State_MouseOver:
            fill(area, color("hover"))
        if state & QStyle.StateFlag.State_HasFocus:
            fill(QRect(area.x(), area.y(), 3, area.height()), color("accent_text"))
        fill(QRect(area.x(), area.bottom(), area.width(), 1), color("border"))

    def paint_unread(self) -> None:
        """Paint what stands for a row whose page is on its way."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.scheme.color("hover"))
        name = self.parts.name
        for place in (name.adjusted(0, 5, -name.width() // 3, -5), self.parts.bar):
            self.painter.drawRoundedRect(place, 3, 3)

    def paint_name(self, transfer: Transfer, where: str) -> None:
        words = self.parts.name
        if transfer.priority != NORMAL:
            high = transfer.priority > NORMAL
            mark = QRect(words.right() - 14, words.y() + 3, 14, 14)
            way = "up" if high else "down"
            self.icon(mark, f"caret-double-{way}", "accent_text" if high else "muted")
            words = words.adjusted(0, 0, -14 - SPACE_1, 0)
        middle = Qt.TextElideMode.ElideMiddle  # parts of a series differ at the end
        self.painter.setPen(self.scheme.color("text"))
        paint_swiftly(self.painter, words, say.name(transfer), BODY, BOLD, middle)
        self.painter.setPen(self.scheme.color("muted"))
        place = f"{where} · {transfer.key}"
        paint_swiftly(self.painter, self.parts.place, place, CAPTION, elide=middle)

    def paint_state(self, transfer: Transfer) -> None:
        line, state = _first_line(self.parts.state, transfer), transfer.state
        if transfer.rate_limit and not state.over:
            line = line.adjusted(0, 0, -self.paint_limit(line, transfer) - SPACE_2, 0)
        narrow = self.parts.figures.isEmpty()
        self.painter.setPen(self.scheme.color(_role(transfer)))
        paint_swiftly(self.painter, line, _headline(transfer, narrow=narrow))
        reason = say.reason(transfer)
        if state not in say.ENDED:
            paint_bar(self.painter, QRectF(self.parts.bar), transfer, self.scheme)
            reason = _all_figures(transfer, reason) if narrow else reason
        if reason:
            self.painter.setPen(self.scheme.color("muted"))
            paint_swiftly(self.painter, self.parts.reason, reason, CAPTION)

    def paint_limit(self, line: QRect, transfer: Transfer) -> int:
        """Paint the badge of a transfer's own limit at the right; return how wide it is."""
        text, weight = say.rate(transfer.rate_limit), QFont.Weight.Medium
        words = QFontMetrics(swift_font(CAPTION, weight)).horizontalAdvance(text)
        width = words + 14 + 3 * (SPACE_1 + 1)
        badge = QRect(line.right() - width, line.y() + 1, width, 18)
        self.painter.setPen(self.scheme.color("outline"))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(badge, RADIUS_SMALL, RADIUS_SMALL)
        self.icon(QRect(badge.x() + SPACE_1 + 1, badge.y() + 2, 14, 14), "gauge", "warning")
        self.painter.setPen(self.scheme.color("text"))
        room = badge.adjusted(14 + 2 * SPACE_1 + 2, 0, 0, 0)
        paint_swiftly(self.painter, room, text, CAPTION, weight)
        return width

    def paint_figures(self, transfer: Transfer) -> None:
        if self.parts.figures.isEmpty():
            return
        line = _first_line(self.parts.figures, transfer)
        self.painter.setPen(self.scheme.color("muted" if transfer.state.over else "text"))
        paint_at_right(self.painter, line, say.amounts(transfer))
        if pace := say.pace(transfer):
            self.painter.setPen(self.scheme.color("muted"))
            paint_at_right(self.painter, self.parts.pace, pace, CAPTION)

    def paint_buttons(self, transfer: Transfer, hot: str) -> None:
        pairs = (
            (MAIN, self.parts.main, row_layout.main_button(transfer)[0]),
            (row_layout.END, self.parts.end, row_layout.end_button(transfer)[0]),
        )
        for which, area, glyph in pairs:
            if not glyph:
                continue
            if hot == which:
                self.painter.setPen(Qt.PenStyle.NoPen)
                self.painter.setBrush(self.scheme.color("pressed"))
                self.painter.drawRoundedRect(area, RADIUS, RADIUS)
            role = "text" if hot == which else "muted"
            self.icon(area.adjusted(6, 6, -6, -6), glyph, role)


def _role(transfer: Transfer) -> str:
    """Return the colour of the first line: that of the state where it is a warning."""
    color = say.color(transfer)
    if color in {"danger", "warning"}:
        return color
    return "muted" if transfer.state.over else "text"


def _headline(transfer: Transfer, *, narrow: bool) -> str:
    """Return the first line; where an end stands alone there, with the size."""
    said = say.headline(transfer, time.time())
    alone = narrow and transfer.state in say.ENDED
    return f"{said} · {say.size(transfer.size)}" if alone else said


def _all_figures(transfer: Transfer, reason: str) -> str:
    """Return what is said below the bar when there is no room beside it, what moves first."""
    pace = say.pace(transfer)
    parts = (pace, reason) if pace else (reason, say.amounts(transfer))
    return " · ".join(filter(None, parts))


def _first_line(line: QRect, transfer: Transfer) -> QRect:
    """Return where the first line is: in the middle where nothing comes below it."""
    ended = transfer.state in say.ENDED
    return line.translated(0, (ROW - line.height()) // 2 - 9) if ended else line


def paint_bar(painter: QPainter, area: QRectF, transfer: Transfer, scheme: Tokens) -> None:
    """Paint what arrived in a full tone and what is on its way in a lighter one."""
    radius = area.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(scheme.color("pressed"))
    painter.drawRoundedRect(area, radius, radius)
    share = transfer.progress
    flying = transfer.in_flight / transfer.size if transfer.size else 0.0
    for part, strength in ((min(1.0, share + flying), IN_FLIGHT), (share, 1.0)):
        if part <= 0:
            continue
        color = QColor(scheme.color(_bar_color(transfer)))
        color.setAlphaF(strength)
        painter.setBrush(color)
        width = max(area.height(), area.width() * part)
        painter.drawRoundedRect(QRectF(area.x(), area.y(), width, area.height()), radius, radius)


def _bar_color(transfer: Transfer) -> str:
    color = say.color(transfer)
    return "faint" if color == "muted" else color


def is_waiting_for_a_moment(transfer: Transfer) -> bool:
    """Tell whether a row says in how many seconds something happens."""
    return transfer.next_try_at is not None and transfer.state in {
        TransferState.QUEUED,
        TransferState.WAITING_NETWORK,
        TransferState.WAITING_RETRY,
    }
