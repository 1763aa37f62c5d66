from dataclasses import replace

import pytest

from desktop.domain.transfers import Direction, Moment, Totals, Transfer, TransferState
from desktop.ui.models import transfers_text as say
from desktop.ui.tour_transfers import example_history, example_rows
from tests.ui.fake_transfers import NOW, rows_of

State = TransferState

ROW = rows_of(1)[0]


def row(state: State, **more: object) -> Transfer:
    return replace(ROW, state=state, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1 KB"), (1_240, "1.24 KB"),
        (99_960, "100 KB"), (999_499, "999 KB"), (999_500, "1 MB"), (6_000_000, "6 MB"),
        (12_345_678, "12.3 MB"), (1_940_000_000, "1.94 GB"), (5_497_558_138_880, "5.5 TB"),
    ],
)  # fmt: skip
def test_bytes_are_said_in_three_figures(number: int, text: str) -> None:
    assert say.size(number) == text


def test_every_state_has_words_an_icon_and_a_colour() -> None:
    for state in State:
        one = row(state)
        assert say.headline(one, NOW)
        assert say.glyph(one)
        assert say.color(one)


def test_every_state_can_be_filtered_for() -> None:
    groups = (say.RUNNING, say.WAITING, say.BROKEN, say.ENDED)
    assert set(State) == set().union(*groups)
    assert len(State) == sum(map(len, groups))


def test_a_wait_says_for_what_and_how_long() -> None:
    waiting = row(State.WAITING_NETWORK, next_try_at=NOW + 7.2)
    assert say.headline(waiting, NOW) == "Waiting for the network, next try in 8 s"
    assert say.headline(waiting, NOW + 7) == "Waiting for the network, next try in 1 s"
    assert say.headline(waiting, NOW + 8) == "Waiting for the network, trying now"
    late = replace(waiting, next_try_at=NOW + 299.5)
    assert say.headline(late, NOW).endswith("next try in 5:00")


def test_what_is_paused_counts_down_to_nothing() -> None:
    assert say.headline(row(State.PAUSED, next_try_at=NOW + 7), NOW) == "Paused"


def test_what_a_crash_did_not_cost_is_said() -> None:
    one = row(State.ACTIVE, size=100, resumed_from=71, sent_again=6_000_000)
    assert say.reason(one) == "Resumed at 71 %, 6 MB sent again"
    assert say.reason(replace(one, sent_again=0)) == "Resumed at 71 %, nothing lost"
    assert say.reason(replace(one, state=State.DONE)) == ""


def test_a_reason_goes_before_what_was_resumed() -> None:
    one = row(State.WAITING_RETRY, resumed_from=1, reason="The service asks to be slower.")
    assert say.reason(one) == "The service asks to be slower."


def test_all_is_only_said_when_it_is_all() -> None:
    assert say.percent(0.9999) == "99 %"
    assert say.percent(1.0) == "100 %"


def test_amounts_name_the_unit_once_where_it_is_the_same() -> None:
    assert say.amounts(row(State.ACTIVE, size=980_000_000, confirmed=412_000_000)) == (
        "412 of 980 MB"
    )
    assert say.amounts(row(State.ACTIVE, size=1_940_000_000, confirmed=204_000_000)) == (
        "204 MB of 1.94 GB"
    )
    assert say.amounts(row(State.DONE, size=5_000, confirmed=5_000)) == "5 KB"


def test_speed_is_said_only_of_what_moves() -> None:
    moving = row(State.ACTIVE, speed=4.2e6, seconds_left=134.0)
    assert say.pace(moving) == "4.2 MB/s · 2:14 left"
    assert say.pace(replace(moving, state=State.PAUSED)) == ""
    assert say.left(3 * 86_400) == "3 days left"


def test_downloads_go_down() -> None:
    down = row(State.ACTIVE, direction=Direction.DOWNLOAD)
    assert (say.word(down), say.glyph(down)) == ("Downloading", "arrow-down")


def test_a_screen_reader_hears_everything_that_is_painted() -> None:
    one = example_rows(NOW)[2]
    heard = say.spoken(one, "Archive", NOW)
    for word in ("Quicksort, step by step.mov", "to Archive", "Uploading", "11 %", "900 KB/s"):
        assert word in heard
    assert "limited to 1 MB/s" in heard


@pytest.mark.parametrize(
    ("totals", "text"),
    [
        (Totals(), ""),
        (Totals(active=3, speed=4.2e6, seconds_left=134), "3 transfers · 4.2 MB/s · 2:14 left"),
        (Totals(active=1, waiting=2), "3 transfers"),
        (Totals(waiting=1), "1 transfer waiting"),
        (Totals(waiting=3, paused=True), "Transfers paused (3)"),
        (Totals(failed=2), "2 transfers failed"),
    ],
)
def test_all_transfers_fit_into_a_few_words(totals: Totals, text: str) -> None:
    assert say.summary(totals) == text


def test_a_history_of_a_thousand_parts_can_be_read() -> None:
    told = say.story(example_history(NOW))
    assert [one.text for one in told][2] == "71 parts arrived"
    assert told[-1].text == "Part 72 arrived"
    assert len(told) == 7
    assert say.story([Moment(NOW, "part", "Part 1 arrived")])[0].text == "Part 1 arrived"


def test_what_happens_again_and_again_is_one_line() -> None:
    lost = [Moment(NOW + second, "network", "The line was cut.") for second in range(4)]
    told = say.story([Moment(NOW, "added", "Added"), *lost, Moment(NOW + 9, "done", "Verified")])
    assert [(one.at - NOW, one.text) for one in told] == [
        (0, "Added"),
        (3, "The line was cut. (4 times)"),
        (9, "Verified"),
    ]


def test_no_word_of_a_list_is_jargon() -> None:
    words = " ".join(
        f"{say.headline(one, NOW)} {say.reason(one)} {say.amounts(one)} {say.pace(one)}"
        for one in example_rows(NOW)
    ).casefold()
    for jargon in ("part", "multipart", "etag", "crc", "upload id", "chunk", "bucket policy"):
        assert jargon not in words
