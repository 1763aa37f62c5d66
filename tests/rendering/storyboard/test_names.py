import keyword
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rendering.storyboard.names import class_name, class_names

MANIM = {"Scene", "KitScene", "ThreeDScene", "MovingCameraScene", "ZoomedScene", "VectorScene"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The idea", "TheIdeaScene"),
        ("Über die Größe", "UberDieGroeScene"),
        ("3 steps", "S3StepsScene"),
        ("x² + y²", "X2Y2Scene"),
        ("Opening scene", "OpeningScene"),
        ("circle", "CircleScene"),
        ("Kit", "TheKitScene"),
        ("Scene", "TheScene"),
        ("Three d", "TheThreeDScene"),
    ],
)
def test_a_title_becomes_a_class_name(title: str, name: str) -> None:
    assert class_name(title) == name


def test_titles_without_latin_letters_have_names_of_their_own() -> None:
    first, second = class_name("素数"), class_name("関数")
    assert first != second
    assert first == class_name("素数")


def test_scenes_of_the_same_name_are_numbered() -> None:
    assert class_names(["A", "A", "A!", "B"]) == ["AScene", "A2Scene", "A3Scene", "BScene"]


def test_a_number_that_is_taken_is_passed_over() -> None:
    assert class_names(["A2", "A", "A", "A"]) == ["A2Scene", "AScene", "A3Scene", "A4Scene"]


def test_names_differ_even_where_case_does_not_count() -> None:
    names = class_names(["AB", "Ab", "ab"])
    assert len({name.casefold() for name in names}) == 3


@given(
    st.lists(st.text(max_size=80) | st.sampled_from(["A", "a", "A2", "Scene", "Kit", "def", ""]))
)
def test_names_are_valid_and_different_whatever_the_titles(titles: list[str]) -> None:
    names = class_names(titles)
    assert len(names) == len(titles)
    assert all(name.isidentifier() and name.isascii() for name in names)
    assert not any(keyword.iskeyword(name) or name in MANIM for name in names)
    assert all(len(name) < 80 for name in names)
    folded = sorted(name.casefold() for name in names)
    assert all(first != second for first, second in pairwise(folded))
