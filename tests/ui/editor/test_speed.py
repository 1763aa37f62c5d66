"""Typing in long texts: what a person waits for after a key, with room for a busy machine."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.domain.errors import Problem
from desktop.domain.library import SourceKind
from desktop.ui.editor.source_editor import SourceEditor
from tests.ui.editor.conftest import PYTHON, STORYBOARD

BOUND = 0.1
"""Seconds; alone on a desktop it is a tenth of that."""
SCENE = '''class Scene{0}(Scene):
    """A scene."""

    def construct(self):
        shape = Circle(color=BLUE, radius=1.5)  # the start
        label = Text(f"r = {{shape.width / 2:.1f}}")
        self.play(Create(shape), run_time=2)
        for i in range(3):
            self.play(shape.animate.shift(RIGHT * i))

'''
PROSE = """## Scene {0} {{layout=split}}

> Take any triangle with a right angle, and call its sides a, b and c. It wraps somewhere.

- $a$ and $b$ meet
- $c$ lies **opposite**

```python
x = [{0}]
```
"""


def keys(editor: SourceEditor, text: str) -> float:
    """Type, and return the 95th percentile of the seconds until each key is on screen."""
    spent = []
    for sign in text:
        began = time.perf_counter()
        if sign == "\n":
            QTest.keyClick(editor.area, Qt.Key.Key_Return)
        else:
            QTest.keyClicks(editor.area, sign)
        QApplication.processEvents()
        spent.append(time.perf_counter() - began)
    return sorted(spent)[int(len(spent) * 0.95)]


@pytest.mark.parametrize(
    ("kind", "unit", "typed"),
    [(PYTHON, SCENE, "x = f(1)\n"), (STORYBOARD, PROSE, "- a $x$ b\n")],
    ids=["python", "storyboard"],
)
async def test_typing_in_ten_thousand_lines_is_quick(
    editor: SourceEditor, kind: SourceKind, unit: str, typed: str
) -> None:
    text = "".join(unit.format(number) for number in range(1000))
    assert text.count("\n") >= 10_000
    began = time.perf_counter()
    editor.load(text, kind)
    QApplication.processEvents()
    assert time.perf_counter() - began < 2
    editor.show_problems([Problem("Bad.", line) for line in range(1, 10_000, 100)])
    assert keys(editor, typed * 4) < BOUND  # while colours are still being worked out
    editor.go_to_line(5000)
    assert keys(editor, typed * 4) < BOUND
    editor.go_to_line(1)
    assert keys(editor, '"""$$```' * 4) < BOUND  # each may recolour everything below
