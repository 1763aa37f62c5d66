"""What differs between two versions, in as few words as possible."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.changes import ChangeKind, compare_scenes, text_difference
from desktop.domain.library import SceneTake

ADDED, EDITED, MOVED = ChangeKind.ADDED, ChangeKind.EDITED, ChangeKind.MOVED
REMOVED, SAME = ChangeKind.REMOVED, ChangeKind.SAME


def take(identity: str, code: str = "", key: str = "") -> SceneTake:
    return SceneTake(identity, identity.upper(), "A", key, code or identity, 0, 30)


def kinds(before: str, after: str) -> list[tuple[str, ChangeKind]]:
    changes = compare_scenes([take(i) for i in before], [take(i) for i in after])
    return [(change.scene_id, change.kind) for change in changes]


def test_nothing_changed() -> None:
    assert kinds("ab", "ab") == [("a", SAME), ("b", SAME)]


def test_added_scenes_stand_in_place_and_removed_ones_last() -> None:
    assert kinds("abc", "axc") == [("a", SAME), ("x", ADDED), ("c", SAME), ("b", REMOVED)]


def test_one_scene_that_moved_is_one_change() -> None:
    assert kinds("abcd", "dabc") == [("d", MOVED), ("a", SAME), ("b", SAME), ("c", SAME)]


def test_two_scenes_that_changed_places_are_one_move() -> None:
    assert [kind for _, kind in kinds("ab", "ba")].count(MOVED) == 1


def test_a_removed_scene_moves_nobody() -> None:
    assert kinds("abc", "bc") == [("b", SAME), ("c", SAME), ("a", REMOVED)]


def test_an_edit_outweighs_a_move() -> None:
    changes = compare_scenes([take("a"), take("b")], [take("b", "other"), take("a")])
    assert [change.kind for change in changes] == [EDITED, SAME]


def test_another_quality_of_the_same_code_is_the_same_scene() -> None:
    assert compare_scenes([take("a", key="draft")], [take("a", key="final")])[0].kind is SAME


def test_a_change_carries_the_newer_title() -> None:
    old, new = take("a"), SceneTake("a", "Renamed", "A", "", "a", 0, 30)
    assert compare_scenes([old], [new])[0].title == "Renamed"


@given(st.permutations("abcdef"), st.permutations("abcdefgh"), st.integers(0, 6))
def test_as_few_scenes_as_possible_are_said_to_have_moved(
    before: list[str], after: list[str], count: int
) -> None:
    older, newer = before[:count], after[:7]
    found = kinds("".join(older), "".join(newer))
    common = [identity for identity in newer if identity in older]
    orders = (
        length
        for length in range(len(common), -1, -1)
        for part in combinations(common, length)
        if sorted(part, key=older.index) == list(part)
    )
    assert [kind for _, kind in found].count(SAME) == next(orders)
    assert {identity for identity, kind in found if kind is REMOVED} == set(older) - set(newer)
    assert {identity for identity, kind in found if kind is ADDED} == set(newer) - set(older)


def test_equal_texts_have_no_difference() -> None:
    assert text_difference("a\nb\n", "a\nb\n", old_name="1", new_name="2") == ""


def test_a_difference_names_both_sides_and_the_lines() -> None:
    shown = text_difference("a\nb\nc\n", "a\nx\nc\n", old_name="version 1", new_name="version 2")
    assert shown.splitlines()[:2] == ["--- version 1", "+++ version 2"]
    assert "-b" in shown.splitlines()
    assert "+x" in shown.splitlines()


@given(st.text("ab\n"), st.text("ab\n"))
def test_only_equal_texts_have_no_difference(older: str, newer: str) -> None:
    shown = text_difference(older, newer, old_name="1", new_name="2")
    assert (shown == "") == (older == newer)
