"""A nested event loop inside a task stops every other task for as long as it lasts."""

import re
from pathlib import Path

import pytest

import desktop.ui

NESTING = re.compile(
    r"\.exec_?\(|QMessageBox\.\w+\(|QFileDialog\.get\w+\(|QInputDialog\.get\w+\("
    r"|QColorDialog\.get\w+\(|QFontDialog\.get\w+\(|\.processEvents\("
)
MODULES = sorted(Path(desktop.ui.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("line", ["dialog.exec()", "QMessageBox.question(self)", "app.exec_()"])
def test_the_pattern_finds_what_it_should(line: str) -> None:
    assert NESTING.search(line)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_no_module_nests_an_event_loop(module: Path) -> None:
    found = [
        f"{number}: {line.strip()}"
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1)
        if NESTING.search(line)
    ]
    assert not found
