from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.services.values import ImportPlan
from desktop.ui.import_preview import ImportPreview, ItemRow
from tests.ui.fakes import FakeServices, project


async def plan_of(services: FakeServices, *names: str) -> ImportPlan:
    return await services.importing.plan([Path(name) for name in names])


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def preview_of(parent: QWidget, plan: ImportPlan) -> ImportPreview:
    return ImportPreview(parent, plan, (project("Lectures", "p1"),))


async def test_every_file_is_listed_with_what_will_become_of_it(
    parent: QWidget, services: FakeServices
) -> None:
    plan = await plan_of(services, "limits.md", "sorting.py", "talk.mp4", "notes.docx")
    preview = preview_of(parent, plan)
    assert len(preview.findChildren(ItemRow)) == 4
    assert preview.accept_button.text() == "Import 3 items"


async def test_unticked_files_stay_out(parent: QWidget, services: FakeServices) -> None:
    preview = preview_of(parent, await plan_of(services, "limits.md", "talk.mp4"))
    preview.findChildren(ItemRow)[0].tick.setChecked(False)
    assert [item.accepted for item in preview.plan().items] == [False, True]
    assert preview.accept_button.text() == "Import 1 item"


async def test_nothing_ticked_cannot_be_imported(parent: QWidget, services: FakeServices) -> None:
    preview = preview_of(parent, await plan_of(services, "limits.md"))
    preview.findChildren(ItemRow)[0].tick.setChecked(False)
    assert not preview.accept_button.isEnabled()


async def test_files_that_cannot_be_used_cannot_be_ticked(
    parent: QWidget, services: FakeServices
) -> None:
    preview = preview_of(parent, await plan_of(services, "notes.docx"))
    row = preview.findChildren(ItemRow)[0]
    assert not row.tick.isEnabled()
    assert not row.item().accepted


async def test_the_videos_go_to_a_new_project_or_an_old_one(
    parent: QWidget, services: FakeServices
) -> None:
    preview = preview_of(parent, await plan_of(services, "limits.md"))
    assert preview.project_id() is None
    preview.project.setCurrentIndex(1)
    assert preview.project_id() == "p1"


async def test_return_with_nothing_ticked_imports_nothing(
    parent: QWidget, services: FakeServices
) -> None:
    preview = preview_of(parent, await plan_of(services, "limits.md"))
    preview.findChildren(ItemRow)[0].tick.setChecked(False)
    results: list[int] = []
    preview.finished.connect(results.append)
    preview.open()
    preview.accept()
    assert results == [ImportPreview.DialogCode.Rejected]


async def test_nothing_usable_is_explained_and_can_only_be_closed(
    parent: QWidget, services: FakeServices
) -> None:
    preview = preview_of(parent, await plan_of(services, "notes.docx"))
    preview.show()
    buttons = [one for one in preview.findChildren(QPushButton) if one.isVisible()]
    assert [one.text() for one in buttons] == ["Close"]
    shown = [one.text() for one in preview.findChildren(QLabel) if one.isVisible()]
    assert "1 file was looked at. None can be imported." in shown
    assert any(text.startswith("Proofreel imports") for text in shown)
    assert not preview.project.isVisible()


async def test_many_files_can_be_scrolled_through(parent: QWidget, services: FakeServices) -> None:
    plan = await plan_of(services, *(f"lecture{number}.md" for number in range(200)))
    preview = preview_of(parent, plan)
    preview.show()
    assert preview.height() < 700
    assert preview.accept_button.text() == "Import 200 items"
