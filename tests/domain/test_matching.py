"""A scene stays the same scene through whatever an editor does to the text."""

import time
from dataclasses import dataclass, replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.matching import match_scenes

PATIENCE = 5.0
"""Seconds; ten times what a book of a video takes here."""


@dataclass(frozen=True)
class Scene:
    title: str
    text: str
    id: str = ""
    position: int | None = 0
    explicit_id: str = ""


def known(*scenes: Scene) -> list[Scene]:
    return [replace(scene, id=f"id-{n}", position=n) for n, scene in enumerate(scenes)]


def match(before: list[Scene], after: list[Scene]) -> list[str]:
    numbers = iter(range(len(after)))
    return list(match_scenes(before, after, lambda: f"new-{next(numbers)}"))


A = Scene("Idea", "## Idea\n- one thing leads to another\n- and that to a third\n")
B = Scene("Proof", "## Proof\n> Take any small number you like.\n$$ a < b $$\n")
C = Scene("Close", "## Close\n```outro\nTry it on your own numbers\n```\n")
OTHER = Scene("Quite new", "## Quite new\n```chart\nApples: 3\nPears: 4\n```\n")


def test_what_did_not_change_keeps_its_id() -> None:
    assert match(known(A, B, C), [A, B, C]) == ["id-0", "id-1", "id-2"]


def test_a_moved_scene_takes_its_id_along() -> None:
    assert match(known(A, B, C), [C, A, B]) == ["id-2", "id-0", "id-1"]


def test_a_new_scene_in_between_changes_no_other() -> None:
    assert match(known(A, B), [A, OTHER, B]) == ["id-0", "new-0", "id-1"]


def test_a_removed_scene_gives_its_id_to_nobody() -> None:
    assert match(known(A, B, C), [A, C]) == ["id-0", "id-2"]


def test_a_removed_scene_that_comes_back_has_its_id_again() -> None:
    before = known(A, B, C)
    before[1] = replace(before[1], position=None)
    assert match(before, [A, C, B]) == ["id-0", "id-2", "id-1"]


def test_a_renamed_scene_is_known_by_its_text() -> None:
    renamed = Scene("Why", A.text.replace("## Idea", "## Why"))
    assert match(known(A, B), [OTHER, renamed, B]) == ["new-0", "id-0", "id-1"]


def test_a_rewritten_scene_is_known_by_its_title_in_any_case() -> None:
    assert match(known(A, B), [B, Scene("IDEA", OTHER.text)]) == ["id-1", "id-0"]


def test_a_scene_renamed_and_edited_is_known_by_what_stayed() -> None:
    edited = Scene("Why", A.text.replace("## Idea", "## Why").replace("third", "fourth"))
    assert match(known(A, B, C), [C, B, edited]) == ["id-2", "id-1", "id-0"]


def test_a_scene_rewritten_altogether_is_the_one_between_its_neighbours() -> None:
    assert match(known(A, B, C), [A, OTHER, C]) == ["id-0", "id-1", "id-2"]


def test_a_rewritten_scene_at_either_end_is_known_too() -> None:
    assert match(known(A, B), [OTHER, B]) == ["id-0", "id-1"]
    assert match(known(A, B), [A, OTHER]) == ["id-0", "id-1"]


def test_the_same_text_twice_has_two_ids() -> None:
    assert match(known(A), [A, A]) == ["id-0", "new-0"]
    assert match(known(A, A), [A, A]) == ["id-0", "id-1"]


def test_an_id_in_the_text_decides() -> None:
    named = replace(OTHER, explicit_id="id-1")
    assert match(known(A, B), [named, B]) == ["id-1", "new-0"]


def test_an_id_that_stands_twice_counts_once() -> None:
    named = replace(OTHER, explicit_id="mine")
    assert match([], [named, named]) == ["mine", "new-0"]


def test_the_closest_text_wins() -> None:
    edited = Scene("X", A.text.replace("third", "fourth"))
    further = Scene("Y", A.text.replace("third", "fourth").replace("another", "nothing"))
    before = known(replace(A, title="T"))
    assert match(before, [OTHER, further, B, edited]) == ["new-0", "new-1", "new-2", "id-0"]


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=4).map(" ".join)
SCENES = st.builds(Scene, st.sampled_from(["A", "B", "C"]), WORDS)
NAMED = st.builds(
    Scene, st.just("A"), WORDS, explicit_id=st.sampled_from(["", "", "id-0", "id-1", "mine"])
)


@given(st.lists(SCENES, max_size=5), st.lists(SCENES | NAMED, max_size=5))
def test_no_id_is_given_twice(before: list[Scene], after: list[Scene]) -> None:
    ids = match(known(*before), after)
    assert len(ids) == len(after)
    assert len(set(ids)) == len(ids)
    assert all(ids)


@given(st.lists(SCENES, max_size=5), st.randoms())
def test_without_edits_every_scene_is_known(before: list[Scene], dice: Random) -> None:
    after = list(before)
    dice.shuffle(after)
    assert sorted(match(known(*before), after)) == [f"id-{n}" for n in range(len(before))]


def test_a_long_video_rewritten_at_once_is_matched_while_one_types() -> None:
    def book(word: str) -> list[Scene]:
        return [
            Scene(f"{word} {n}", " ".join(f"{word}{n * k % 97}" for k in range(80)))
            for n in range(400)
        ]

    before, after = known(*book("old")), book("new")
    began = time.process_time()
    match(before, after)
    assert time.process_time() - began < PATIENCE
