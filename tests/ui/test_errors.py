import asyncio

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import InvalidInput, Problem, Unavailable
from desktop.ui.banner import BannerArea
from desktop.ui.bug_dialog import BugDialog, offer_crash_report
from desktop.ui.errors import Errors
from tests.ui.conftest import settle
from tests.ui.fakes import CrashReport, FakeCrashes


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.banners = BannerArea()
        QVBoxLayout(self).addWidget(self.banners)
        self.errors = Errors(self, self.banners)

    def words(self) -> str:
        labels = self.banners.findChildren(QLabel)
        return "\n".join(label.text() for label in labels)

    def dialogs(self) -> list[BugDialog]:
        return [dialog for dialog in self.findChildren(BugDialog) if dialog.isVisible()]


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.show()
    return made


async def test_a_known_error_says_what_happened_and_what_helps(window: Window) -> None:
    window.errors.present(Unavailable("The disk is full", "0 MB are free.", "Free some space."))
    for words in ("The disk is full", "0 MB are free.", "Free some space."):
        assert words in window.words()
    assert not window.dialogs()


async def test_what_is_over_is_taken_back(window: Window) -> None:
    full = Unavailable("The disk is full")
    window.errors.present(full)
    window.errors.present(Unavailable("The folder is gone"))
    window.errors.settle(full)
    await settle()
    assert [one.message.title for one in window.banners.banners()] == ["The folder is gone"]


async def test_the_lines_of_problems_are_named(window: Window) -> None:
    problems = [Problem(f"Wrong word {line}.", line) for line in range(1, 6)]
    window.errors.present(InvalidInput("The storyboard has errors", problems=problems))
    assert "line 3: Wrong word 3." in window.words()
    assert "line 4" not in window.words()
    assert "and 2 more" in window.words()


async def test_the_remedy_can_be_a_button(window: Window) -> None:
    done: list[str] = []
    error = Unavailable("The render stopped")
    window.errors.present(error, button="Retry", act=lambda: done.append("retry"))
    window.banners.banners()[0].help()
    await settle()
    assert done == ["retry"]
    assert not window.banners.banners()


async def test_the_same_problem_is_shown_once(window: Window) -> None:
    for _ in range(3):
        window.errors.present(Unavailable("The disk is full"))
    assert len(window.banners.banners()) == 1


async def test_many_problems_do_not_fill_the_window(window: Window) -> None:
    for number in range(9):
        window.errors.present(Unavailable(f"Problem {number}"))
    assert [one.message.title for one in window.banners.banners()] == ["Problem 7", "Problem 8"]


async def test_a_bug_opens_a_dialog_with_details_to_copy(window: Window) -> None:
    window.errors.present(ZeroDivisionError("an example"))
    (dialog,) = window.dialogs()
    dialog.copy()
    copied = QGuiApplication.clipboard().text()
    assert "ZeroDivisionError: an example" in copied
    assert "Proofreel" in copied
    dialog.accept()


async def test_further_bugs_join_the_open_dialog(window: Window) -> None:
    for number in range(30):
        window.errors.present(ValueError(f"number {number}"))
    (dialog,) = window.dialogs()
    text = dialog.details.toPlainText()
    assert "number 0" in text
    assert "number 1" in text
    assert "number 29" not in text
    dialog.accept()


async def test_cancellation_is_not_an_error(window: Window) -> None:
    window.errors.present(asyncio.CancelledError())
    assert not window.banners.banners()
    assert not window.dialogs()


async def test_a_crash_of_the_last_run_is_offered_once(window: Window) -> None:
    crashes = FakeCrashes()
    crashes.report = CrashReport("2026-11-24 09:30", "Segmentation fault")
    offer_crash_report(window, crashes)  # type: ignore[arg-type]  # a fake
    (dialog,) = window.dialogs()
    assert "Segmentation fault" in dialog.details.toPlainText()
    dialog.accept()
    await settle()
    offer_crash_report(window, crashes)  # type: ignore[arg-type]  # a fake
    assert not window.dialogs()
