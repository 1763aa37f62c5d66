from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import Problem, Severity
from desktop.ui.pages.studio.problem_list import MOST, ROW, ProblemList
from desktop.ui.theme import Theme

ERROR = Problem("The block is not known.", 12, "Did you mean “chart”?")
HINT = Problem("Title and bullet 3 overlap.", 4, severity=Severity.WARNING)
WHOLE = Problem("There is no scene yet.", remedy="Begin one.", severity=Severity.WARNING)


@pytest.fixture
def problems(theme: Theme) -> Iterator[ProblemList]:
    window = QWidget()
    made = ProblemList()
    layout = QVBoxLayout(window)
    layout.addWidget(QWidget(), 1)
    layout.addWidget(made)
    window.resize(500, 600)
    window.show()
    yield made
    window.deleteLater()


def texts(problems: ProblemList) -> list[str]:
    return [problems.list.item(place).text() for place in range(problems.list.count())]


async def test_no_problem_takes_no_room(problems: ProblemList) -> None:
    assert problems.isHidden()
    problems.show_problems([ERROR])
    assert not problems.isHidden()
    problems.show_problems([])
    assert problems.isHidden()


async def test_each_problem_is_a_line_with_place_and_remedy(problems: ProblemList) -> None:
    problems.show_problems([HINT, ERROR, WHOLE])
    assert texts(problems) == [
        "Line 4: Title and bullet 3 overlap.",
        "Line 12: The block is not known. Did you mean “chart”?",
        "There is no scene yet. Begin one.",
    ]
    assert problems.list.item(1).toolTip() == texts(problems)[1]


@pytest.mark.parametrize(
    ("found", "heading"),
    [
        ([ERROR], "1 error"),
        ([ERROR, ERROR, HINT], "2 errors and 1 hint"),
        ([HINT, WHOLE], "2 hints"),
    ],
)
async def test_the_heading_counts(
    problems: ProblemList, found: list[Problem], heading: str
) -> None:
    problems.show_problems(found)
    assert problems.title.text() == heading


async def test_the_list_is_no_higher_than_it_must_be(problems: ProblemList) -> None:
    problems.show_problems([ERROR])
    problems.window().grab()
    assert problems.height() < 3 * ROW
    problems.show_problems([ERROR] * 50)
    problems.window().grab()
    assert problems.height() < 6 * ROW


async def test_thousands_of_problems_do_not_hold_the_window_up(problems: ProblemList) -> None:
    problems.show_problems([Problem("Wrong.", line) for line in range(1, 10_000)])
    assert problems.list.count() == MOST
    assert problems.title.text() == "9999 errors"


async def test_click_and_return_go_to_the_problem(problems: ProblemList, qtbot: QtBot) -> None:
    wanted: list[Problem] = []
    problems.chosen.connect(wanted.append)
    problems.show_problems([HINT, ERROR])
    middle = problems.list.visualItemRect(problems.list.item(1)).center()
    qtbot.mouseClick(problems.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    problems.list.setCurrentRow(0)
    qtbot.keyClick(problems.list, Qt.Key.Key_Return)
    assert wanted == [ERROR, HINT]


async def test_the_same_problems_again_leave_the_selection(problems: ProblemList) -> None:
    problems.show_problems([HINT, ERROR])
    problems.list.setCurrentRow(1)
    problems.show_problems([HINT, ERROR])
    assert problems.list.currentRow() == 1
