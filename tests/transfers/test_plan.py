"""How files are cut: every byte once, within the service's limits, whatever the size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import InvalidInput
from desktop.transfers import plan
from desktop.transfers.plan import GIB, MIB, Plan, planned

SIZES = st.one_of(
    st.integers(0, 40 * MIB), st.integers(0, plan.LARGEST_OBJECT), st.just(plan.LARGEST_OBJECT)
)


@pytest.mark.parametrize(
    ("size", "part_size", "count"),
    [
        (0, 0, 1),
        (1, 0, 1),
        (16 * MIB - 1, 0, 1),
        (16 * MIB, 8 * MIB, 2),
        (GIB, 8 * MIB, 128),
        (70 * GIB, 8 * MIB, 8960),
        (71 * GIB, 9 * MIB, 8079),
        (5 * 2**40, 583 * MIB, 8993),
        (plan.LARGEST_OBJECT, 5 * GIB, 9314),
    ],
)
def test_parts_are_small_until_there_would_be_too_many(
    size: int, part_size: int, count: int
) -> None:
    made = planned(size)
    assert (made.part_size, made.count) == (part_size, count)


@given(SIZES, st.sampled_from([0, plan.SMALLEST_PART]))
def test_every_byte_is_in_one_part_within_the_limits(size: int, largest: int) -> None:
    made = planned(size, largest)
    if made.whole:
        assert size < plan.WHOLE_BELOW
        return
    assert made.count <= plan.MOST_PARTS
    assert made.part_size in range(plan.SMALLEST_PART, plan.LARGEST_PART + 1)
    last = made.count
    assert made.offset(last) + made.length(last) == size
    assert 0 < made.length(last) <= made.part_size
    assert made.length(1) == made.part_size or last == 1


def test_what_no_service_takes_is_refused() -> None:
    with pytest.raises(InvalidInput, match="too large"):
        planned(plan.LARGEST_OBJECT + 1)


@given(SIZES)
def test_smaller_parts_are_offered_only_where_there_are_any(size: int) -> None:
    made = planned(size)
    largest = plan.smaller(made)
    if largest:
        again = planned(size, largest)
        assert again.length(1) < made.length(1)
        assert plan.smaller(again) == 0, "not twice"
    else:
        assert planned(size, plan.SMALLEST_PART).length(1) >= made.length(1)


def test_a_small_file_that_times_out_is_sent_in_parts() -> None:
    assert planned(12 * MIB, plan.smaller(planned(12 * MIB))) == Plan(12 * MIB, 5 * MIB)


@given(st.integers(0, plan.LARGEST_OBJECT))
def test_downloads_have_parts_for_every_byte(size: int) -> None:
    made = plan.download_plan(size)
    assert made.part_size >= plan.USUAL_PART
    assert made.offset(made.count) + made.length(made.count) == size
