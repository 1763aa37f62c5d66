from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.player.marks import FilmMap, Marks
from tests.ui.player.conftest import SCENES

FILM = FilmMap(150, Fraction(30), SCENES)


def test_a_frame_belongs_to_the_scene_it_lies_in() -> None:
    names = [scene.scene_id if (scene := FILM.scene_at(n)) else "" for n in (0, 39, 40, 119, 149)]
    assert names == ["opening", "opening", "proof", "proof", "end"]
    assert FilmMap(10).scene_at(3) is None


def test_scenes_follow_each_other() -> None:
    assert [FILM.next_start(frame) for frame in (0, 39, 40, 120, 149)] == [40, 40, 120, None, None]


def test_going_back_begins_the_scene_anew_unless_it_has_hardly_begun() -> None:
    assert [FILM.previous_start(frame) for frame in (100, 45, 41, 40, 3, 0)] == [40, 0, 0, 0, 0, 0]


frames = st.integers(0, 200)


@given(st.lists(st.tuples(st.booleans(), frames)), st.integers(1, 150))
def test_a_marked_part_is_always_inside_the_film(
    presses: list[tuple[bool, int]], frame_count: int
) -> None:
    marks = Marks()
    for is_first, frame in presses:
        marks = marks.with_first(frame) if is_first else marks.with_last(frame)
        if marks.first is not None and marks.last is not None:
            assert marks.first <= marks.last
    part = marks.part(frame_count)
    assert (part is None) == (not presses)
    if part is not None:
        assert 0 <= part[0] <= part[1] < frame_count


def test_an_in_mark_behind_the_out_mark_begins_a_new_part() -> None:
    assert Marks(10, 20).with_first(30) == Marks(30, None)
    assert Marks(10, 20).with_last(5) == Marks(None, 5)
