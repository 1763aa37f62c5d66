"""Asking in the window before code from elsewhere runs: what it is, what it does, who wants it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QPlainTextEdit, QScrollArea, QWidget

from desktop.services.consent import CodeOfVideo, ConsentQuestion, ConsentService
from desktop.services.evidence import CodeFile
from desktop.services.values import CheckState
from desktop.ui import dialogs
from desktop.ui.dialogs import Sheet
from desktop.ui.theme import code_font
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import ElidedLabel, label

WIDTH = 640
LIST_HEIGHT = 220
CODE_HEIGHT = 260

MOST_FINDINGS = 8
"""Findings of one file that are listed; the code shows the rest at their lines."""

NOT_NOW = "Not now"


async def ask(
    window: QWidget, consent: ConsentService, question: ConsentQuestion, accept: str
) -> bool:
    """Ask, and remember it when the person allows the code; tell whether they did."""
    sheet = ConsentSheet(window, question, accept)
    if not await dialogs.finished(sheet):
        return False
    await consent.give(question)
    return True


class ConsentSheet(Sheet):
    """Names the files, what screening found in them, and what keeps them in; shows the code."""

    def __init__(self, parent: QWidget, question: ConsentQuestion, accept: str) -> None:
        self._named = tuple(_named(question))
        self.code = QPlainTextEdit()
        self.code.setReadOnly(True)
        self.code.setAccessibleName("The code")
        self.code.setFont(code_font())
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.code.setFixedHeight(CODE_HEIGHT)
        self.files = QComboBox()
        self.files.setAccessibleName("File whose code is shown")
        for name, _file, _video in self._named:
            self.files.addItem(name)
        self._shown = frame(column(self.files, self.code, spacing=SPACE_2))
        self.files.setVisible(len(self._named) > 1)
        self._shown.hide()
        super().__init__(
            parent,
            _title(question),
            label(INTRODUCTION, "muted", wrap=True),
            self._list(),
            self._shown,
            _facts(question),
            width=WIDTH,
        )
        self._add_ends(accept)
        self.files.currentIndexChanged.connect(self._show)
        self._show(0)

    def _list(self) -> QWidget:
        rows = [FileRow(name, file, video) for name, file, video in self._named]
        area = QScrollArea()
        area.setWidget(frame(column(*rows, None, spacing=SPACE_1)))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        height = sum(one.height_at(WIDTH - 80) + SPACE_1 for one in rows)
        area.setFixedHeight(min(LIST_HEIGHT, height + SPACE_2))
        return area

    def _add_ends(self, accept: str) -> None:
        self.show_code = button("Show the code", self._toggle)
        self.buttons.insertWidget(0, self.show_code)
        self.add_buttons(accept, cancel=NOT_NOW)
        self.accept_button.setDefault(False)
        self.accept_button.setAutoDefault(False)

    def _toggle(self) -> None:
        hidden = self._shown.isHidden()
        self._shown.setVisible(hidden)
        self.show_code.setText("Hide the code" if hidden else "Show the code")
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _show(self, place: int) -> None:
        _name, file, _video = self._named[max(0, place)]
        self.code.setPlainText(_numbered(file.code))


INTRODUCTION = (
    "It did not come from this library. Look at it before it runs; you are asked once, and again "
    "only when the code that comes in has changed."
)


def _title(question: ConsentQuestion) -> str:
    count = len(question.videos)
    if count > 1:
        return f"Allow the code of {count} videos?"
    return f"Allow the code of “{question.videos[0].title}”?"


def _named(question: ConsentQuestion) -> list[tuple[str, CodeFile, CodeOfVideo]]:
    """Return each piece of code once, with the name a person knows it by."""
    found: dict[str, tuple[str, CodeFile, CodeOfVideo]] = {}
    for video in question.videos:
        for file in video.files:
            found.setdefault(file.digest, (file.name or video.title, file, video))
    return list(found.values())


def _facts(question: ConsentQuestion) -> QWidget:
    """Return what is imported, and what keeps the code from the rest of the computer."""
    imports = ", ".join(question.imports) or "nothing"
    facts = column(label(f"Imports {imports}.", "muted", wrap=True), spacing=SPACE_2)
    protection = question.protection
    good = protection.state is CheckState.OK
    words = " ".join(filter(None, (f"Runs in: {protection.detail}.", protection.remedy)))
    shield = Glyph(
        "shield-check" if good else "shield-warning", "success" if good else "warning", 20
    )
    line = row(shield, label(words, "" if good else "warning", wrap=True), spacing=SPACE_2)
    line.setStretch(1, 1)
    facts.addLayout(line)
    return frame(facts)


class FileRow(QFrame):
    """One piece of code: its name, how long it is, and what was found in it."""

    def __init__(self, name: str, file: CodeFile, video: CodeOfVideo) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        words = column(ElidedLabel(name, "strong"), label(_size(file, video), "caption"), spacing=2)
        for finding in file.findings[:MOST_FINDINGS]:
            words.addWidget(label(f"Line {finding.line}: {finding.message}", "warning", wrap=True))
        if (more := len(file.findings) - MOST_FINDINGS) > 0:
            words.addWidget(label(f"and {more} more", "warning"))
        glyph = Glyph("brackets-curly", "warning" if file.findings else "muted", 20)
        picture = column(glyph, None)
        picture.setAlignment(glyph, Qt.AlignmentFlag.AlignTop)
        line = row(picture, words, spacing=SPACE_3, margins=(SPACE_3, SPACE_2, SPACE_3, SPACE_2))
        line.setStretch(1, 1)
        self.setLayout(line)

    def height_at(self, width: int) -> int:
        """Return the height this row needs when it is ``width`` pixels wide."""
        layout = self.layout()
        wraps = layout is not None and layout.hasHeightForWidth()
        return layout.heightForWidth(width) if layout and wraps else self.sizeHint().height()


def _numbered(code: str) -> str:
    """Return code with the numbers of its lines; of blank ones in a row only the first."""
    lines = [line.rstrip() for line in code.splitlines()]
    width = len(str(len(lines)))
    shown = [
        f"{number:>{width}}  {line}"
        for number, line in enumerate(lines, 1)
        if line or (number > 1 and lines[number - 2])
    ]
    return "\n".join(shown)


def _size(file: CodeFile, video: CodeOfVideo) -> str:
    count = file.line_count
    lines = "1 line" if count == 1 else f"{count:,} lines"
    if file.name:
        return f"A file beside “{video.title}”, {lines}"
    scenes = len(video.scenes)
    drawn = "1 scene" if scenes == 1 else f"{scenes} scenes"
    found = "nothing unusual found" if not file.findings else "look at this:"
    return f"{lines}, {drawn}; {found}"
