"""What may run is remembered by its hash, by every process, and never half."""

import multiprocessing
from pathlib import Path

import pytest

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
