"""What protects least is what counts: of a video, and of a choice."""

import pytest

from desktop.rendering.isolation.choice import OVERRIDDEN, candidates
from desktop.rendering.isolation.linux import FullSandbox, PartialSandbox
from desktop.rendering.isolation.seam import ProcessLimits
from desktop.rendering.isolation.strength import STRONGEST_FIRST, weakest

FULL, PARTIAL, NONE = FullSandbox().name, PartialSandbox().name, ProcessLimits().name


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([FULL, FULL], FULL),
        ([FULL, PARTIAL, FULL], PARTIAL),
        ([PARTIAL, NONE], NONE),
        ([FULL, OVERRIDDEN, PARTIAL], OVERRIDDEN),
        ([FULL, ""], ""),
        ([FULL, "of another time", OVERRIDDEN], "of another time"),
        ([], ""),
    ],
)
def test_the_weakest_of_several_is_named_and_unknown_ones_are_weaker(
    names: list[str], expected: str
) -> None:
    assert weakest(names) == expected
    assert weakest(reversed(names)) == expected


def test_every_isolation_that_can_be_chosen_has_its_place() -> None:
    tried = [candidate.isolation.name for candidate in candidates()]
    places = [STRONGEST_FIRST.index(name) for name in tried]
    assert places == sorted(places)
    assert len(set(STRONGEST_FIRST)) == len(STRONGEST_FIRST)
