from collections.abc import Iterator

import pytest
from PySide6.QtGui import QTextCursor

from desktop.domain.changes import text_difference
from desktop.ui.pages.studio.diff_view import DiffView
from desktop.ui.theme import Theme
from desktop.ui.tokens import tokens


@pytest.fixture
def view(theme: Theme) -> Iterator[DiffView]:
    made = DiffView()
    yield made
    made.deleteLater()


def difference(older: str, newer: str) -> str:
    return text_difference(older, newer, old_name="version 1", new_name="now")


def color_of(view: DiffView, line: int) -> str:
    block = view.document().findBlockByNumber(line)
    formats = block.layout().formats()
    return formats[0].format.foreground().color().name()


async def test_lines_that_came_and_went_are_set_off(view: DiffView) -> None:
    view.show_difference(difference("a\nb\nc", "a\nx\nc"))
    assert view.toPlainText().split("\n") == ["@@ line 1", "  a", "- b", "+ x", "  c"]


async def test_text_that_looks_like_a_header_is_shown(view: DiffView) -> None:
    view.show_difference(difference("---\n-- gone", "---\n++ here"))
    assert view.toPlainText().split("\n")[2:] == ["- -- gone", "+ ++ here"]


async def test_equal_texts_show_nothing(view: DiffView) -> None:
    view.show_difference(difference("a\n", "a\n"))
    assert view.toPlainText() == ""


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_colours_follow_the_theme(view: DiffView, theme: Theme, scheme: str) -> None:
    view.show_difference(difference("b\n", "x\n"))
    theme.choose(scheme)
    expected = [tokens().color(role).name() for role in ("accent_text", "danger", "success")]
    assert [color_of(view, line) for line in range(3)] == expected


async def test_the_difference_can_be_copied_but_not_written(view: DiffView) -> None:
    view.show_difference(difference("b\n", "x\n"))
    assert view.isReadOnly()
    view.moveCursor(QTextCursor.MoveOperation.End)
    assert view.accessibleName() == "Differences of the text"
