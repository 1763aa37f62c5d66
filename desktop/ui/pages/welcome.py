"""The first page anybody sees: what Proofreel is, samples to open, and ways to begin."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QScrollArea,
    QWidget,
)
from typing_extensions import override

from desktop.ui.icons import paint_icon
from desktop.ui.samples import Sample
from desktop.ui.theme import text_font
from desktop.ui.tokens import (
    CAPTION,
    RADIUS_LARGE,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    SPACE_6,
    SPACE_8,
    SPACE_12,
    SUBTITLE,
    tokens,
)
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import key_cap, label

SENTENCE = (
    "Write a storyboard in plain text. Proofreel animates it with Manim on this computer, scene "
    "by scene, and keeps every version."
)
SENTENCE_WIDTH = 640

WIDTH = 960
CARD_WIDTH = 232
WORDS_HEIGHT = 80
"""Pixels below the picture of a sample, for its title and two lines."""


class WelcomePage(QWidget):
    """Greets, and leads to the first video in one click."""

    sample_wanted = Signal(str)
    """Carries the title of the sample to open."""
    new_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, samples: tuple[Sample, ...]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._cards = [SampleCard(sample, self.sample_wanted.emit) for sample in samples]
        self._grid = QGridLayout()
        self._grid.setSpacing(SPACE_4)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._columns = 0
        body = frame(
            column(
                *self._head(), SPACE_6, *self._samples(), SPACE_6,
                DropHint(self.import_wanted.emit), None,
                spacing=SPACE_3, margins=(SPACE_8, SPACE_12, SPACE_8, SPACE_8),
            )
        )  # fmt: skip
        body.setMaximumWidth(WIDTH + 2 * SPACE_8)
        area = QScrollArea()
        area.setWidget(frame(row(body)))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(column(area))
        self._arrange(3)

    def _head(self) -> list[QWidget]:
        sentence = label(SENTENCE, "muted", wrap=True)
        sentence.setFont(text_font(SUBTITLE))
        sentence.setFixedWidth(SENTENCE_WIDTH)
        sentence.setFixedHeight(sentence.heightForWidth(SENTENCE_WIDTH))
        new = button("New video", self.new_wanted.emit, kind="primary", glyph="plus")
        bring = button("Import files", self.import_wanted.emit, glyph="download-simple")
        buttons = frame(
            row(new, key_cap("Ctrl+N"), SPACE_3, bring, key_cap("Ctrl+O"), None, spacing=SPACE_2)
        )
        return [label("Explain it in motion", "display"), sentence, buttons]

    def _samples(self) -> list[QWidget]:
        if not self._cards:
            return []
        return [label("Open a sample", "subtitle"), frame(self._grid)]

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for place in range(6):
            self._grid.setColumnStretch(place, int(place < columns))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = min(self.width(), WIDTH)
        self._arrange(max(1, min(4, room // (CARD_WIDTH + SPACE_4))))


class SampleCard(QAbstractButton):
    """A sample as a picture with its title and what it shows."""

    def __init__(self, sample: Sample, chosen: Callable[[str], None]) -> None:
        super().__init__()
        self.sample = sample
        self._picture = QPixmap(sample.picture) if sample.picture else QPixmap()
        self.setText(sample.title)
        self.setAccessibleName(f"Open the sample {sample.title}")
        self.setToolTip(sample.description)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(_card_height(CARD_WIDTH))
        self.clicked.connect(lambda *_: chosen(sample.title))

    @override
    def sizeHint(self) -> QSize:
        return QSize(CARD_WIDTH, _card_height(CARD_WIDTH))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(_card_height(event.size().width()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = tokens()
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        marked = self.hasFocus()
        painter.setPen(scheme.color("accent_text" if marked else "border"))
        painter.setBrush(scheme.color("hover" if self.underMouse() else "surface"))
        card = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(card, RADIUS_LARGE, RADIUS_LARGE)
        self._paint_picture(painter, card)
        self._paint_words(painter)
        painter.end()

    def _paint_picture(self, painter: QPainter, card: QRectF) -> None:
        stage = QRectF(card.x(), card.y(), card.width(), card.height() - WORDS_HEIGHT)
        shape = QPainterPath()
        shape.addRoundedRect(card, RADIUS_LARGE, RADIUS_LARGE)
        painter.save()
        painter.setClipPath(shape)
        painter.setClipRect(stage, Qt.ClipOperation.IntersectClip)
        if self._picture.isNull():
            _paint_stage(painter, stage)
        else:
            _paint_fitted(painter, stage, self._picture)
        painter.restore()

    def _paint_words(self, painter: QPainter) -> None:
        scheme = tokens()
        painter.setPen(scheme.color("text"))
        painter.setFont(text_font(weight=QFont.Weight.DemiBold))
        metrics = painter.fontMetrics()
        width = self.width() - 2 * SPACE_3
        title = metrics.elidedText(self.sample.title, Qt.TextElideMode.ElideRight, width)
        top = self.height() - WORDS_HEIGHT + SPACE_2
        painter.drawText(QRect(SPACE_3, top, width, 20), Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(scheme.color("muted"))
        painter.setFont(text_font(CAPTION))
        area = QRect(SPACE_3, top + 22, width, 34)
        painter.drawText(area, Qt.TextFlag.TextWordWrap, self.sample.description)


def _card_height(width: int) -> int:
    """Return the height at which the picture is shown whole, with the words below it."""
    return round(width * 9 / 16) + WORDS_HEIGHT


def _paint_fitted(painter: QPainter, area: QRectF, picture: QPixmap) -> None:
    """Show a picture whole on the stage."""
    painter.fillRect(area, tokens().color("stage"))
    size = picture.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(area.center())
    painter.drawPixmap(target, picture, QRectF(picture.rect()))


def _paint_stage(painter: QPainter, area: QRectF) -> None:
    scheme = tokens()
    light = QLinearGradient(area.topLeft(), area.bottomRight())
    light.setColorAt(0, scheme.color("stage"))
    light.setColorAt(1, scheme.color("accent_pressed").darker(170))
    painter.fillRect(area, light)
    glyph = QRect(int(area.center().x()) - 20, int(area.center().y()) - 20, 40, 40)
    paint_icon(painter, glyph, "play-circle", scheme.color("on_stage"))


class DropHint(QAbstractButton):
    """Says that files can be dropped; a click chooses them instead."""

    def __init__(self, chosen: Callable[[], None]) -> None:
        super().__init__()
        self.setText("Drop storyboards, Manim files, videos or folders anywhere on this window")
        self.setAccessibleName("Choose files to import")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(72)
        self.clicked.connect(lambda *_: chosen())

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, 72)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        pen.setColor(scheme.color("accent_text" if self.hasFocus() else "outline"))
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(scheme.color("hover" if self.underMouse() else "canvas"))
        edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(edge, RADIUS_LARGE, RADIUS_LARGE)
        painter.setPen(scheme.color("muted"))
        painter.setFont(text_font())
        width = painter.fontMetrics().horizontalAdvance(self.text())
        left = (self.width() - width) // 2
        glyph = QRect(left - 32, (self.height() - 20) // 2, 20, 20)
        paint_icon(painter, glyph, "file-arrow-down", scheme.color("muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
