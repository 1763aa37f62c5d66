import pickle

import pytest

from desktop.domain.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    Problem,
    Refused,
    RenderFailed,
    Severity,
    StudioError,
    Unavailable,
)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("It is wrong."), "It is wrong."),
        (Problem("It is wrong.", 3), "line 3: It is wrong."),
        (Problem("It is wrong.", 3, "Mend it."), "line 3: It is wrong. Mend it."),
        (Problem("It is wrong.", remedy="Mend it."), "It is wrong. Mend it."),
    ],
)
def test_a_problem_reads_as_the_command_line_prints_it(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_problem_is_an_error_unless_it_says_otherwise() -> None:
    assert Problem("x").severity is Severity.ERROR


def test_equal_problems_are_one_in_a_set() -> None:
    assert len({Problem("x", 1), Problem("x", 1), Problem("x", 2)}) == 2


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("Title",), "Title"),
        (("Title", "Detail."), "Title Detail."),
        (("Title", "", "Remedy."), "Title Remedy."),
        (("Title", "Detail.", "Remedy."), "Title Detail. Remedy."),
    ],
)
def test_an_error_reads_as_one_text(parts: tuple[str, ...], text: str) -> None:
    assert str(StudioError(*parts)) == text


@pytest.mark.parametrize(
    "kind", [InvalidInput, NotFound, Conflict, RenderFailed, Refused, Unavailable]
)
def test_every_error_a_person_meets_is_caught_as_one(kind: type[StudioError]) -> None:
    with pytest.raises(StudioError) as caught:
        raise kind("Title", "Detail", "Remedy")
    assert (caught.value.title, caught.value.detail, caught.value.remedy) == (
        "Title",
        "Detail",
        "Remedy",
    )


@pytest.mark.parametrize("kind", [InvalidInput, RenderFailed])
def test_errors_about_a_text_carry_its_problems(
    kind: type[InvalidInput] | type[RenderFailed],
) -> None:
    assert kind("Title", problems=[Problem("x", 1)]).problems == (Problem("x", 1),)
    assert kind("Title").problems == ()


def test_a_failed_render_keeps_its_log() -> None:
    assert RenderFailed("Title", log="line").log == "line"


@pytest.mark.parametrize("kind", [InvalidInput, RenderFailed, NotFound])
def test_an_error_survives_the_way_between_processes(kind: type[StudioError]) -> None:
    error = pickle.loads(pickle.dumps(kind("Title", "Detail", "Remedy")))
    assert (type(error), str(error)) == (kind, "Title Detail Remedy")
