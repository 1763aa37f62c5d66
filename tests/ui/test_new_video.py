import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Severity
from desktop.rendering.source import read_source
from desktop.ui.new_video import TEMPLATES, NewVideoDialog, Template, TemplateCard
from tests.ui.fakes import project


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.file)
def test_every_template_is_a_source_without_errors(template: Template) -> None:
    reading = read_source(template.kind, template.source("Limits"))
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    assert not errors
    assert reading.scenes


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.file)
def test_every_template_carries_the_title(template: Template) -> None:
    assert "Limits" in template.source("Limits")
    assert "TITLE" not in template.source("Limits")


async def test_the_decision_is_what_the_person_chose(parent: QWidget) -> None:
    dialog = NewVideoDialog(parent, (project("Lectures", "p1"), project("Talks", "p2")), "p2")
    dialog.title.setText("  Limits ")
    dialog.choose(TEMPLATES[2])
    decision = dialog.decision()
    assert (decision.title, decision.template, decision.project_id) == (
        "Limits", TEMPLATES[2], "p2",
    )  # fmt: skip


async def test_a_video_without_a_title_is_untitled(parent: QWidget) -> None:
    dialog = NewVideoDialog(parent, ())
    assert dialog.decision().title == "Untitled video"
    assert dialog.decision().project_id is None


async def test_a_new_project_has_a_name_that_no_other_has(parent: QWidget) -> None:
    first = NewVideoDialog(parent, ()).decision()
    assert (first.project_id, first.project_title) == (None, "My videos")
    taken = (project("My videos", "p1"), project("My videos 2", "p2"))
    dialog = NewVideoDialog(parent, taken)
    assert dialog.decision().project_id == "p1"
    dialog.project.setCurrentIndex(2)
    assert dialog.project.currentText() == "New project “My videos 3”"
    assert dialog.decision().project_title == "My videos 3"


async def test_templates_are_chosen_with_the_keyboard(parent: QWidget, qtbot: QtBot) -> None:
    dialog = NewVideoDialog(parent, ())
    dialog.show()
    cards = dialog.findChildren(TemplateCard)
    assert all(card.accessibleName().startswith(card.template.name) for card in cards)
    cards[0].setFocus()
    qtbot.keyClick(cards[3], Qt.Key.Key_Space)
    assert dialog.decision().template == TEMPLATES[3]
    assert [card.isChecked() for card in cards].count(True) == 1


async def test_a_chosen_card_can_be_seen(parent: QWidget) -> None:
    dialog = NewVideoDialog(parent, ())
    first, second = dialog.findChildren(TemplateCard)[:2]
    before = second.grab().toImage()
    dialog.choose(second.template)
    assert second.grab().toImage() != before
    assert not first.isChecked()
