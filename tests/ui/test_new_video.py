import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Severity
from desktop.rendering.source import read_source
from desktop.ui.new_video import TEMPLATES, NewVideoDialog, Template
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
