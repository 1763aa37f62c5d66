import time

import pytest
from PySide6.QtGui import QTextCursor

from desktop.ui.editor import sliced_highlighter
from desktop.ui.editor.colors import Role
from desktop.ui.editor.source_editor import SourceEditor
from desktop.ui.theme import Theme
from tests.ui.editor.conftest import PYTHON, all_roles, finish_colouring, until

UNIT = 'def f(x):\n    """Why."""\n    return "a" + str(x)  # so\n\n'
LONG = UNIT * 150


@pytest.fixture
def tiny_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sliced_highlighter, "SLICE", 0.0002)


async def coloured(editor: SourceEditor) -> list[object]:
    finish_colouring(editor)
    return list(all_roles(editor.area.document()))


async def fresh(editor: SourceEditor) -> list[object]:
    """Return the colours the present text gets when it is loaded anew."""
    editor.load(editor.text(), PYTHON)
    return await coloured(editor)


async def test_slices_colour_the_same_as_one_go(
    editor: SourceEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sliced_highlighter, "SLICE", 60.0)
    editor.load(LONG, PYTHON)
    assert not editor._highlighter.busy
    at_once = await coloured(editor)
    monkeypatch.setattr(sliced_highlighter, "SLICE", 0.0002)
    editor.load(LONG, PYTHON)
    assert editor._highlighter.busy
    await until(lambda: not editor._highlighter.busy)
    assert await coloured(editor) == at_once
    assert any(at_once)


@pytest.mark.usefixtures("tiny_slices")
async def test_an_opened_quote_recolours_everything_below_in_time(editor: SourceEditor) -> None:
    editor.load(LONG, PYTHON)
    before = await coloured(editor)
    cursor = QTextCursor(editor.area.document())
    cursor.insertText('"""')
    after = await coloured(editor)
    assert after[300] != before[300]
    assert after == await fresh(editor)


@pytest.mark.usefixtures("tiny_slices")
async def test_changes_all_over_while_lines_wait_are_coloured_too(editor: SourceEditor) -> None:
    editor.load(LONG, PYTHON)
    assert editor._highlighter.busy
    editor.replace(editor.text().replace("so", "thus").replace("return", "yield"))
    cursor = QTextCursor(editor.area.document())
    cursor.insertText('x = """\n')
    assert await coloured(editor) == await fresh(editor)


@pytest.mark.usefixtures("tiny_slices")
async def test_lines_keep_their_colours_while_they_wait(editor: SourceEditor) -> None:
    editor.load(LONG, PYTHON)
    before = await coloured(editor)
    QTextCursor(editor.area.document()).insertText("'''")
    assert editor._highlighter.busy
    assert all_roles(editor.area.document())[400:] == before[400:]
    await coloured(editor)


@pytest.mark.usefixtures("tiny_slices")
async def test_new_colours_of_the_window_reach_every_line(
    editor: SourceEditor, theme: Theme
) -> None:
    editor.load(LONG, PYTHON)
    before = await coloured(editor)
    theme.choose("light")
    assert await coloured(editor) == before  # the same roles, told by the light colours


async def test_no_pass_takes_much_longer_than_its_slice(editor: SourceEditor) -> None:
    editor.load(LONG * 10, PYTHON)
    longest = 0.0
    while editor._highlighter.busy:
        began = time.perf_counter()
        editor._highlighter._go_on()
        longest = max(longest, time.perf_counter() - began)
    assert longest < 0.25  # a whole pass over this text takes longer, on any machine


async def test_letters_beyond_the_basic_plane_shift_no_colour(editor: SourceEditor) -> None:
    editor.load("x = '😀😀' + 1  # 😀 why", PYTHON)
    (line,) = all_roles(editor.area.document())
    texts = [text for text, _ in line]
    assert "1" in texts
    assert "# 😀 why" in texts


async def test_a_very_long_line_stays_plain_and_the_next_ones_go_on(editor: SourceEditor) -> None:
    data = "1, " * sliced_highlighter.LONGEST
    editor.load(f'x = """\n{data}\n"""\ny = [{data}]\nreturn', PYTHON)
    lines = await coloured(editor)
    assert lines[1] == lines[3] == []
    assert lines[2] == [('"""', Role.STRING)]
    assert lines[4] == [("return", Role.KEYWORD)]
