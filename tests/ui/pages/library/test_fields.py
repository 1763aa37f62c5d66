import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.pages.library.fields import LineField, TextField, split_tags
from tests.ui.conftest import show_active


class Form(QWidget):
    """A line, a text and somewhere else to go."""

    def __init__(self) -> None:
        super().__init__()
        self.line = LineField("Title", required=True)
        self.text = TextField("Description", 3)
        self.other = LineField("Tags")
        layout = QVBoxLayout(self)
        for field in (self.line, self.text, self.other):
            layout.addWidget(field)
        self.lines: list[str] = []
        self.texts: list[str] = []
        self.line.committed.connect(self.lines.append)
        self.text.committed.connect(self.texts.append)


@pytest.fixture
async def form(qtbot: QtBot) -> Form:
    made = Form()
    qtbot.addWidget(made)
    await show_active(made)
    made.line.show_text("Limits")
    made.text.show_text("What a limit is")
    return made


async def test_enter_commits_once(form: Form, qtbot: QtBot) -> None:
    form.line.setFocus()
    form.line.selectAll()
    qtbot.keyClicks(form.line, " Series ")
    qtbot.keyClick(form.line, Qt.Key.Key_Return)
    form.other.setFocus()
    assert form.lines == ["Series"]


async def test_leaving_commits(form: Form, qtbot: QtBot) -> None:
    form.line.setFocus()
    form.line.setCursorPosition(0)
    qtbot.keyClicks(form.line, "x")
    form.text.setFocus()
    qtbot.keyClicks(form.text, "y")
    form.other.setFocus()
    assert form.lines == ["xLimits"]
    assert form.texts == ["yWhat a limit is"]


async def test_nothing_is_committed_that_did_not_change(form: Form) -> None:
    form.line.setFocus()
    form.text.setFocus()
    form.other.setFocus()
    assert (form.lines, form.texts) == ([], [])


async def test_escape_brings_the_old_text_back(form: Form, qtbot: QtBot) -> None:
    for field in (form.line, form.text):
        field.setFocus()
        qtbot.keyClicks(field, "no")
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    form.other.setFocus()
    assert form.line.text() == "Limits"
    assert form.text.toPlainText() == "What a limit is"
    assert (form.lines, form.texts) == ([], [])


async def test_a_required_text_that_is_missing_comes_back(form: Form, qtbot: QtBot) -> None:
    form.line.setFocus()
    form.line.selectAll()
    qtbot.keyClicks(form.line, "  ")
    qtbot.keyClick(form.line, Qt.Key.Key_Return)
    assert form.line.text() == "Limits"
    assert not form.lines


async def test_what_somebody_else_changes_does_not_disturb_writing(
    form: Form, qtbot: QtBot
) -> None:
    for field in (form.line, form.text):
        field.setFocus()
        qtbot.keyClicks(field, "x")
        field.show_text("From elsewhere")
    assert "x" in form.text.toPlainText()
    form.line.setFocus()
    form.line.show_text("Another video", anyway=True)
    assert form.line.text() == "Another video"


async def test_tab_leaves_a_text(form: Form, qtbot: QtBot) -> None:
    form.text.setFocus()
    qtbot.keyClick(form.text, Qt.Key.Key_Tab)
    assert form.focusWidget() is form.other


async def test_fields_have_names_for_screen_readers(form: Form) -> None:
    assert form.line.accessibleName() == "Title"
    assert form.text.accessibleName() == "Description"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        (" , ,", ()),
        ("calculus, lecture 3", ("calculus", "lecture 3")),
        ("#algebra, algebra,# b ", ("algebra", "b")),
    ],
)
def test_tags_are_what_is_between_commas(text: str, tags: tuple[str, ...]) -> None:
    assert split_tags(text) == tags
