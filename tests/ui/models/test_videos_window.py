from desktop.domain.library import Video
from desktop.ui.models.videos_window import KEPT, PAGE, VideoWindow
from tests.ui.pages.library.doubles import many

VIDEOS = tuple(many(PAGE * (KEPT + 2)).values())


def page(number: int) -> tuple[Video, ...]:
    return VIDEOS[number * PAGE : (number + 1) * PAGE]


def window_of(*pages: int) -> VideoWindow:
    made = VideoWindow()
    made.total = len(VIDEOS)
    for number in pages:
        made.put(number, page(number), {VIDEOS[number * PAGE].id: f"words of {number}"})
    return made


def test_rows_that_were_not_read_are_empty() -> None:
    window = window_of(0, 2)
    assert window.get(0) is VIDEOS[0]
    assert window.get(PAGE) is None
    assert window.get(2 * PAGE + 1) is VIDEOS[2 * PAGE + 1]


def test_a_row_behind_a_short_last_page_is_empty() -> None:
    window = VideoWindow()
    window.put(0, VIDEOS[:3], {})
    assert window.get(2) is VIDEOS[2]
    assert window.get(3) is None
    assert window.snippet(3) == ""


def test_memory_is_bounded_and_the_page_looked_at_longest_ago_goes() -> None:
    window = window_of(*range(KEPT))
    window.get(0)
    window.put(KEPT, page(KEPT), {})
    assert window.has(0)
    assert not window.has(1)
    assert len(list(window.rows())) == KEPT * PAGE


def test_found_words_come_and_go_with_their_page() -> None:
    window = window_of(0, 1)
    assert window.snippet(PAGE) == "words of 1"
    assert window.snippet(PAGE + 1) == ""
    window.keep_only((0,))
    assert not window.has(1)
    assert window.snippet(PAGE) == ""


def test_a_video_is_found_among_the_rows_that_are_here() -> None:
    window = window_of(0, 2)
    assert window.row_of(VIDEOS[2 * PAGE + 5].id) == 2 * PAGE + 5
    assert window.row_of(VIDEOS[PAGE].id) is None


def test_the_newest_pages_come_first() -> None:
    window = window_of(3, 1, 4)
    window.get(3 * PAGE)
    assert window.recent(2) == (3, 4)


def test_nothing_stays_after_clearing() -> None:
    window = window_of(0)
    window.clear()
    assert window.total == 0
    assert window.get(0) is None
    assert window.recent(2) == ()
