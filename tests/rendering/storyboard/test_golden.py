"""One storyboard with every construct, and the whole module it has always become."""

from pathlib import Path

import pytest

from desktop.rendering.storyboard.read import read_storyboard

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["limits"])
def test_a_storyboard_becomes_the_module_that_was_looked_at(name: str) -> None:
    reading = read_storyboard((GOLDEN / f"{name}.md").read_text("utf-8"))
    assert reading.problems == ()
    assert reading.module == (GOLDEN / f"{name}.module.txt").read_text("utf-8")
