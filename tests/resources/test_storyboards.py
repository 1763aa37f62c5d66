"""Samples and templates: what a newcomer sees first must be without fault."""

import re
from pathlib import Path

import pytest

from desktop.config.paths import resource_dir
from desktop.domain.picture import Aspect
from desktop.rendering.reading import SourceReading
from desktop.rendering.storyboard.read import read_storyboard
from tests.resources.conftest import Probe

SAMPLES = sorted((resource_dir() / "samples").glob("*/storyboard.md"))
TEMPLATES = sorted((resource_dir() / "templates").glob("*.md"))
FILLER = re.compile(r"lorem|ipsum|\bTODO\b|\bTBD\b|\bfoo\b|placeholder|your text", re.IGNORECASE)
LONGEST = 30.0
"""Seconds that one scene of a sample may take."""


def read(path: Path) -> SourceReading:
    return read_storyboard(path.read_text("utf-8").replace("TITLE", "A title"))


def scenes(paths: list[Path]) -> list[tuple[Path, int]]:
    return [(path, number) for path in paths for number in range(len(read(path).scenes))]


def name(value: object) -> str:
    if isinstance(value, Path):
        return value.parent.name if value.name == "storyboard.md" else value.stem
    return str(value)


@pytest.mark.parametrize("path", [*SAMPLES, *TEMPLATES], ids=name)
def test_a_shipped_storyboard_reads_without_a_problem(path: Path) -> None:
    reading = read(path)
    assert reading.problems == ()
    assert reading.scenes


@pytest.mark.parametrize("path", [*SAMPLES, *TEMPLATES], ids=name)
def test_a_shipped_storyboard_has_no_filler(path: Path) -> None:
    assert FILLER.search(path.read_text("utf-8")) is None


@pytest.mark.manim
@pytest.mark.parametrize(("path", "number"), scenes([*SAMPLES, *TEMPLATES]), ids=name)
def test_a_shipped_scene_has_nothing_an_editor_would_mind(
    path: Path, number: int, probe: Probe
) -> None:
    reading = read(path)
    event = probe(reading, reading.scenes[number])
    assert event["event"] == "probed", event
    assert event["findings"] == []
    assert 2 < event["seconds"] < LONGEST


def test_the_samples_are_five_and_show_what_can_be_done() -> None:
    readings = [read(path) for path in SAMPLES]
    assert len(readings) == 5
    assert {reading.aspect for reading in readings} == {Aspect.WIDE, Aspect.TALL}
    assert len({reading.theme for reading in readings}) == 2
    code = "\n".join(reading.module for reading in readings)
    for block in ("plot", "chart", "table", "array", "code", "derivation", "compare", "say"):
        assert f"self.{block}(" in code, block


@pytest.mark.parametrize("path", SAMPLES, ids=name)
def test_a_sample_says_what_it_is_about(path: Path) -> None:
    reading = read(path)
    assert reading.title
    assert reading.description
    assert reading.tags
    titles = [scene.title for scene in reading.scenes]
    assert len(set(titles)) == len(titles) >= 5


def test_the_numbers_of_the_birthday_sample_are_right() -> None:
    text = next(path for path in SAMPLES if path.parent.name == "birthdays").read_text("utf-8")
    for people, share in re.findall(r"^(\d+): (\d+\.\d)$", text, re.MULTILINE):
        differ = 1.0
        for taken in range(int(people)):
            differ *= (365 - taken) / 365
        assert float(share) == pytest.approx(100 * (1 - differ), abs=0.051)


def test_the_numbers_of_the_descent_sample_are_right() -> None:
    text = next(p for p in SAMPLES if p.parent.name == "gradient-descent").read_text("utf-8")
    rates = re.findall(r"^(\d\.\d): (\d+)$", text, re.MULTILINE)
    assert len(rates) == 6
    for rate, steps in rates:
        x, count = -2.5, 0
        while abs(x) > 0.01:
            x, count = x - float(rate) * x, count + 1
        assert count == int(steps)


def test_the_arrays_of_the_sorting_sample_end_sorted() -> None:
    text = next(path for path in SAMPLES if path.parent.name == "bubble-sort").read_text("utf-8")
    arrays = re.findall(r"```array\n(.*?)```", text, re.DOTALL)
    assert len(arrays) == 2
    values: list[int] = []
    for body in arrays:
        first, *steps = body.splitlines()
        given = [int(value) for value in first.split()]
        assert not values or given == values
        values = given
        for step in steps:
            if step.startswith("swap"):
                one, two = map(int, step.split()[1:])
                values[one], values[two] = values[two], values[one]
    assert values == sorted(values)
