"""What may run is remembered by its hash, by every process, and never half."""

import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.domain.allowances import Allowance
from desktop.domain.errors import Unavailable
from desktop.storage.allowed import AllowedCode

A, B, C = ("a" * 64, "b" * 64, "c" * 64)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "allowed-code"


def test_nothing_is_allowed_at_first(file: Path) -> None:
    assert AllowedCode(file).known([A, B]) == frozenset()
    assert not file.exists()


def test_what_was_allowed_is_known_to_others_until_it_is_taken_back(file: Path) -> None:
    one, other = AllowedCode(file), AllowedCode(file)
    one.add([A, B])
    one.add([B])
    assert other.known([A, B, C]) == {A, B}
    other.remove([A, C])
    assert one.known([A, B]) == {B}
    assert file.read_text() == f"{B}\n"


def add_many(file: Path, letter: str) -> None:
    for number in range(20):
        AllowedCode(file).add([f"{letter}{number:063d}"])


def test_processes_that_add_at_once_lose_nothing(file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=add_many, args=(file, letter)) for letter in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    wanted = [f"{letter}{number:063d}" for letter in "ab" for number in range(20)]
    assert AllowedCode(file).known(wanted) == set(wanted)
    assert {path.name for path in file.parent.iterdir()} == {file.name, f"{file.name}.lock"}


@pytest.mark.parametrize("text", [f"{A}", f"x\n{A}\n{B[:-1]}\n", f"\n\n{A}\n"])
def test_lines_that_are_no_hashes_allow_nothing(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    assert AllowedCode(file).known([A, B, B[:-1], "x", ""]) == {A}


def test_a_file_that_cannot_be_read_allows_nothing(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xff" * 64)
    assert AllowedCode(file).known([A]) == frozenset()


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(Unavailable, match="could not be remembered"):
        AllowedCode(tmp_path / "data" / "allowed-code").add([A])


EARLY = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
ONE = Allowance(A, B, "Räume", "", "/in/räume.py", EARLY, ("v1",))
TWO = Allowance(C, C, "Rooms", "helpers.py", "", EARLY.replace(day=2), ("v2",))


def test_what_a_person_allowed_is_told_newest_first_and_by_itself_allows_nothing(
    file: Path,
) -> None:
    AllowedCode(file).add([], [ONE, TWO])
    assert AllowedCode(file).all() == (TWO, ONE)
    assert AllowedCode(file).known([A, B, C]) == frozenset()


def test_code_that_is_allowed_once_more_stands_there_once_with_all_its_videos(file: Path) -> None:
    allowed = AllowedCode(file)
    allowed.add([A, B], [ONE])
    later = replace(ONE, when=TWO.when, videos=("v3", "v1"))
    allowed.add([A, B], [later])
    assert allowed.all() == (replace(later, videos=("v1", "v3")),)
    allowed.found_again([B], "v4")
    allowed.found_again([B], "v4")
    assert allowed.all()[0].videos == ("v1", "v3", "v4")


def test_what_is_taken_back_is_told_no_more_and_the_rest_stays(file: Path) -> None:
    allowed = AllowedCode(file)
    allowed.add([A, B, C], [ONE, TWO])
    allowed.remove([A, B])
    assert allowed.all() == (TWO,)
    assert allowed.known([A, B, C]) == {C}


LINE = (
    '{"digest": "%s", "exact": "", "title": %s, "name": "", "origin": "", "when": "%s",'
    ' "videos": []}'
)
WHEN = "2026-05-01T09:30:00+00:00"


def test_a_line_of_ours_is_understood(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(LINE % (A, '"x"', WHEN) + "\n")
    assert [one.digest for one in AllowedCode(file).all()] == [A]


@pytest.mark.parametrize(
    "line",
    [
        "{}", "[]", "{", "7", '"x"', LINE % ("x", '"x"', WHEN), LINE % (A, "1", WHEN),
        LINE % (A, '"x"', "yesterday"), LINE % (A, '"x"', WHEN[:19]), LINE % (A, r'"\ud800"', WHEN),
    ],
)  # fmt: skip
def test_lines_that_nobody_of_ours_wrote_are_passed_over(file: Path, line: str) -> None:
    file.parent.mkdir()
    file.write_text(f"{line}\n{A}\n")
    assert AllowedCode(file).all() == ()
    assert AllowedCode(file).known([A]) == {A}
