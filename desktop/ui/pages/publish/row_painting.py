"""Paints a transfer: name and place, state and reason, what arrived and what is on its way."""

import functools
import time

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from desktop.domain.transfers import NORMAL, Transfer, TransferState
from desktop.ui import theme
from desktop.ui.icons import paint_icon
from desktop.ui.models import transfers_text as say
from desktop.ui.models.transfers import TRANSFER_ROLE, Index, TransfersModel
from desktop.ui.pages.publish import row_layout
from desktop.ui.pages.publish.row_layout import MAIN, ROW, RowAreas, areas
from desktop.ui.painting import paint_text, paint_title
from desktop.ui.tokens import BODY, CAPTION, RADIUS, RADIUS_SMALL, SPACE_1, SPACE_2, tokens

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

IN_FLIGHT = 0.42
"""How strong the second tone of the bar is: sent, and not yet known to have arrived."""


@functools.cache
def text_font(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return a font that is made once: rows are painted ten times a second."""
    return theme.text_font(size, weight)


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
        _paint_ground(painter, option.rect, option.state)
        transfer, model = index.data(TRANSFER_ROLE), index.model()
        if isinstance(transfer, Transfer) and isinstance(model, TransfersModel):
            parts = areas(option.rect)
            glyph = tokens().color(say.color(transfer))
            paint_icon(painter, parts.glyph, say.glyph(transfer), glyph)
            _paint_name(painter, parts, transfer, model.destination_name(transfer))
            _paint_state(painter, parts, transfer)
            _paint_figures(painter, parts, transfer)
            hot = self.hot[1] if self.hot[0] == index.row() else ""
            _paint_buttons(painter, parts, transfer, hot)
        else:
            _paint_unread(painter, areas(option.rect))
        painter.restore()


def _paint_ground(painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
    scheme = tokens()
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(area, scheme.color("selected"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(area, scheme.color("hover"))
    if state & QStyle.StateFlag.State_HasFocus:
        painter.fillRect(QRect(area.x(), area.y(), 3, area.height()), scheme.color("accent_text"))
    painter.fillRect(QRect(area.x(), area.bottom(), area.width(), 1), scheme.color("border"))


def _paint_unread(painter: QPainter, parts: RowAreas) -> None:
    """Paint what stands for a row whose page is on its way."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens().color("hover"))
    for place in (parts.name.adjusted(0, 5, -parts.name.width() // 3, -5), parts.bar):
        painter.drawRoundedRect(place, 3, 3)


def _paint_name(painter: QPainter, parts: RowAreas, transfer: Transfer, where: str) -> None:
    words = parts.name
    if transfer.priority != NORMAL:
        high = transfer.priority > NORMAL
        mark = QRect(words.right() - 14, words.y() + 3, 14, 14)
        role = "accent_text" if high else "muted"
        paint_icon(painter, mark, f"caret-double-{'up' if high else 'down'}", tokens().color(role))
        words = words.adjusted(0, 0, -14 - SPACE_1, 0)
    bold = text_font(BODY, QFont.Weight.DemiBold)
    paint_title(painter, words, say.name(transfer), bold)
    place = f"{where} · {transfer.key}"
    shown = QFontMetrics(text_font(CAPTION)).elidedText(
        place, Qt.TextElideMode.ElideMiddle, parts.place.width()
    )
    paint_text(painter, parts.place, shown, "muted", text_font(CAPTION))


def _paint_state(painter: QPainter, parts: RowAreas, transfer: Transfer) -> None:
    line = _first_line(parts.state, transfer)
    if transfer.rate_limit and not transfer.state.over:
        line = line.adjusted(0, 0, -_paint_limit(painter, line, transfer) - SPACE_2, 0)
    state, reason = transfer.state, say.reason(transfer)
    color = say.color(transfer)
    role = color if color in {"danger", "warning"} else "text"
    if state.over and state not in say.BROKEN:
        role = "muted"
    paint_text(
        painter, line, _headline(transfer, narrow=parts.figures.isEmpty()), role, text_font()
    )
    if state not in say.ENDED:
        paint_bar(painter, QRectF(parts.bar), transfer)
    if parts.figures.isEmpty() and state not in say.ENDED:
        reason = _all_figures(transfer, reason)
    paint_text(painter, parts.reason, reason, "muted", text_font(CAPTION))


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


def _paint_limit(painter: QPainter, line: QRect, transfer: Transfer) -> int:
    """Paint the badge of a transfer's own limit at the right; return how wide it is."""
    text, font = say.rate(transfer.rate_limit), text_font(CAPTION, QFont.Weight.Medium)
    width = QFontMetrics(font).horizontalAdvance(text) + 14 + 3 * (SPACE_1 + 1)
    badge = QRect(line.right() - width, line.y() + 1, width, 18)
    painter.setPen(tokens().color("outline"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(badge, RADIUS_SMALL, RADIUS_SMALL)
    icon = QRect(badge.x() + SPACE_1 + 1, badge.y() + 2, 14, 14)
    paint_icon(painter, icon, "gauge", tokens().color("warning"))
    paint_text(painter, badge.adjusted(icon.width() + 2 * SPACE_1 + 2, 0, 0, 0), text, "text", font)
    return width


def paint_bar(painter: QPainter, area: QRectF, transfer: Transfer) -> None:
    """Paint what arrived in a full tone and what is on its way in a lighter one."""
    scheme, radius = tokens(), area.height() / 2
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


def _paint_figures(painter: QPainter, parts: RowAreas, transfer: Transfer) -> None:
    if parts.figures.isEmpty():
        return
    painter.setFont(text_font())
    painter.setPen(tokens().color("muted" if transfer.state.over else "text"))
    painter.drawText(_first_line(parts.figures, transfer), RIGHT, say.amounts(transfer))
    painter.setFont(text_font(CAPTION))
    painter.setPen(tokens().color("muted"))
    painter.drawText(parts.pace, RIGHT, say.pace(transfer))


def _paint_buttons(painter: QPainter, parts: RowAreas, transfer: Transfer, hot: str) -> None:
    pairs = (
        (MAIN, parts.main, row_layout.main_button(transfer)[0]),
        (row_layout.END, parts.end, row_layout.end_button(transfer)[0]),
    )
    for which, area, glyph in pairs:
        if not glyph:
            continue
        if hot == which:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens().color("pressed"))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        color = tokens().color("text" if hot == which else "muted")
        paint_icon(painter, area.adjusted(6, 6, -6, -6), glyph, color)


def is_waiting_for_a_moment(transfer: Transfer) -> bool:
    """Tell whether a row says in how many seconds something happens."""
    return transfer.next_try_at is not None and transfer.state in {
        TransferState.QUEUED,
        TransferState.WAITING_NETWORK,
        TransferState.WAITING_RETRY,
    }
