"""The question about code names what there is to know, and nothing is allowed by accident."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from desktop.domain.errors import Problem
from desktop.services.consent import CodeOfVideo, ConsentQuestion, ConsentService
from desktop.services.evidence import CodeFile
from desktop.services.values import Check, CheckState
from desktop.ui.consent import MOST_FINDINGS, NOT_NOW, ConsentSheet, ask
from desktop.ui.theme import Theme
from tests.ui.conftest import settle, show_active
from tests.ui.fakes import FakeConsent
from tests.ui.pages.studio.conftest import press

SANDBOX = Check("Isolation", CheckState.OK, "Full sandbox")
PARTIAL = Check("Isolation", CheckState.WARNING, "Sandbox without namespaces", "Install it.")


def code(name: str, text: str, *lines: int) -> CodeFile:
    found = tuple(Problem("This line reads or writes files (open).", line) for line in lines)
    return CodeFile(name, text, f"digest of {text}", "exact", ("manim",), found)


def question(
    *files: CodeFile, protection: Check = SANDBOX, title: str = "Waves"
) -> ConsentQuestion:
    return ConsentQuestion((CodeOfVideo("v1", title, 1, files, ("One", "Two")),), protection)


def words(of: QWidget) -> list[str]:
    return [one.text() for one in of.findChildren(QLabel) if one.isVisibleTo(of)]


@pytest.fixture
async def window(theme: Theme) -> AsyncIterator[QWidget]:
    made = QWidget()
    made.resize(900, 700)
    await show_active(made)
    yield made
    made.deleteLater()
    await settle()


async def asked(
    window: QWidget, asking: ConsentQuestion, accept: str = "Allow and render"
) -> tuple[ConsentSheet, FakeConsent, asyncio.Task[bool]]:
    consent = FakeConsent()
    consent.questions = {video.video_id: asking for video in asking.videos}
    work = ask(window, cast("ConsentService", consent), asking, accept)
    task = asyncio.get_running_loop().create_task(work)
    await settle()
    return window.findChildren(ConsentSheet)[-1], consent, task


async def test_files_findings_imports_and_protection_are_named(window: QWidget) -> None:
    asking = question(code("", "a = 1\n\nopen('b')", 3), code("helpers.py", "c = 2"))
    sheet, _consent, task = await asked(window, asking)
    seen = words(sheet)
    assert "Allow the code of “Waves”?" in seen
    assert "2 lines, 2 scenes; look at this:" in seen
    assert "Line 3: This line reads or writes files (open)." in seen
    assert "A file beside “Waves”, 1 line" in seen
    assert "Imports manim." in seen
    assert "Runs in: Full sandbox." in seen
    press(sheet, NOT_NOW)
    assert await task is False


async def test_a_weaker_protection_is_a_warning_with_its_remedy(window: QWidget) -> None:
    sheet, _consent, task = await asked(window, question(code("", "a"), protection=PARTIAL))
    assert "Runs in: Sandbox without namespaces. Install it." in words(sheet)
    sheet.reject()
    assert await task is False


async def test_allowing_is_remembered(window: QWidget) -> None:
    asking = question(code("", "a = 1"))
    sheet, consent, task = await asked(window, asking)
    press(sheet, "Allow and render")
    assert await task is True
    assert consent.given == [asking]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
async def test_no_key_pressed_in_passing_allows_anything(window: QWidget, key: Qt.Key) -> None:
    sheet, consent, task = await asked(window, question(code("", "a = 1")))
    QTest.keyClick(sheet, key)
    await settle()
    if key != Qt.Key.Key_Escape:
        assert not task.done()
        sheet.reject()
    assert await task is False
    assert consent.given == []


async def test_the_code_is_shown_with_its_lines_file_by_file(window: QWidget) -> None:
    asking = question(code("", "\n\n\nself.wait()\n\n\nopen('b')", 7), code("helpers.py", "c = 2"))
    sheet, _consent, task = await asked(window, asking)
    assert not sheet.code.isVisible()
    height = sheet.height()
    press(sheet, "Show the code")
    assert sheet.code.isVisible()
    assert sheet.height() > height
    assert sheet.code.isReadOnly()
    assert sheet.code.toPlainText() == "4  self.wait()\n5  \n7  open('b')"
    sheet.files.setCurrentIndex(1)
    assert sheet.code.toPlainText() == "1  c = 2"
    press(sheet, "Hide the code")
    assert not sheet.code.isVisible()
    sheet.reject()
    await task


async def test_many_findings_do_not_push_the_buttons_away(window: QWidget) -> None:
    many = code("", "open('x')\n" * 300, *range(1, 301))
    sheet, _consent, task = await asked(window, question(many, many, title="Long " * 60))
    assert f"and {300 - MOST_FINDINGS} more" in words(sheet)
    assert sheet.height() < window.height()
    sheet.reject()
    await task


async def test_several_videos_are_one_question_and_shared_code_is_named_once(
    window: QWidget,
) -> None:
    shared = code("helpers.py", "c = 2")
    videos = (
        CodeOfVideo("v1", "Waves", 1, (code("", "a"), shared), ("One",)),
        CodeOfVideo("v2", "Tides", 1, (code("", "b"), shared), ("Two",)),
    )
    sheet, consent, task = await asked(window, ConsentQuestion(videos, SANDBOX), "Allow all")
    seen = words(sheet)
    assert "Allow the code of 2 videos?" in seen
    assert [seen.count(name) for name in ("Waves", "Tides", "helpers.py")] == [1, 1, 1]
    press(sheet, "Allow all")
    assert await task is True
    assert await consent.needed("v1", "v2") is None
