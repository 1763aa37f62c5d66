"""Every attack is held in tier A, all but one in tier B, and most succeed where nothing protects.

Each studio is a process of its own. A suite whose attacks never ran, or would fail anywhere, proves
nothing: that counts as a failure as well.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.isolation.launch import ROOT, Studio, whoever
from tests.isolation.ordinary import ORDINARY
from tests.isolation.studio import Request
from tests.isolation.suite import (
    ATTACKS,
    FEWEST,
    FEWEST_OLD,
    GIVEN_TO_LATEX,
    LEAKS_OF_B,
    LEAST_CONTROL,
)
from tests.isolation.tiers import FULL, LATEX, PARTIAL, UNPROTECTED

pytestmark = [
    pytest.mark.manim,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="these tiers are those of Linux"),
]

OLDER = (1, 2, 4)
"""ABIs of Landlock that kernels in use have."""


@dataclass(frozen=True)
class Siege:
    """A studio to be attacked."""

    tier: str
    account: str
    older: tuple[int, ...] = ()


def sieges(*tiers: str, older: tuple[int, ...] = ()) -> list[Any]:
    """Return the sieges of some tiers: as root, and as somebody who may do little."""
    may_not = pytest.mark.skipif(os.getuid() != 0, reason="only root can start a studio as root")
    return [
        pytest.param(
            Siege(tier, account, older if account != ROOT else ()),
            marks=may_not if account == ROOT else (),
            id=f"{tier}-{account}",
        )
        for tier in tiers
        for account in sorted({ROOT, *whoever()})
    ]


AT_ONCE = 1 if "PYTEST_XDIST_WORKER" in os.environ else 2
"""Studios that are attacked at the same time; where tests share the work, each starts its own."""


class Campaign:
    """The studios of one run of tests: while one is waited for, others are at it already."""

    def __init__(self, wanted: set[Siege]) -> None:
        self._waiting = sorted(
            wanted, key=lambda siege: (len(siege.older), siege.tier), reverse=True
        )
        """The longest first."""
        self._studios: dict[Siege, Studio] = {}
        self._answers: dict[Siege, dict[str, Any]] = {}

    def answer(self, siege: Siege) -> dict[str, Any]:
        """Return what a siege has shown."""
        while siege not in self._answers:
            self._start_more(siege)
            if siege in self._studios and self._studios[siege].over():
                self._answers[siege] = self._studios[siege].answer()
            time.sleep(0.02)
        return self._answers[siege]

    def _start_more(self, asked: Siege) -> None:
        running = sum(not studio.over() for studio in self._studios.values())
        first = asked if AT_ONCE == 1 and asked not in self._studios else None
        if running < AT_ONCE and (first or self._waiting):
            siege = first or self._waiting[0]
            self._studios[siege] = Studio(Request(siege.tier, older=siege.older), siege.account)
            self._waiting.remove(siege)

    def close(self) -> None:
        for studio in self._studios.values():
            studio.close()


@pytest.fixture(scope="module")
def campaign(request: pytest.FixtureRequest) -> Iterator[Campaign]:
    here = [item for item in request.session.items if item.path == request.path]
    given = [getattr(item, "callspec", None) for item in here]
    wanted = {one.params["siege"] for one in given if one and "siege" in one.params}
    if os.getuid() != 0:
        wanted = {siege for siege in wanted if siege.account != ROOT}
    with contextlib.closing(Campaign(wanted)) as made:
        yield made


@pytest.fixture
def answer(campaign: Campaign, siege: Siege) -> dict[str, Any]:
    return campaign.answer(siege)


def successes(answer: dict[str, Any]) -> dict[str, str]:
    """Return what was seen of attacks that succeeded."""
    return {told(one): one["evidence"] for one in answer["verdicts"] if one["evidence"]}


def told(verdict: dict[str, Any]) -> str:
    """Return which attack a verdict is about."""
    landlock = verdict["landlock"]
    return f"{verdict['name']} (Landlock {landlock})" if landlock else str(verdict["name"])


def carried_out(answer: dict[str, Any], landlock: int = 0) -> set[str]:
    """Return the names of attacks that were made with Landlock as it is, or as old as that."""
    return {one["name"] for one in answer["verdicts"] if one["landlock"] == landlock}


def check(answer: dict[str, Any], *, allowed: frozenset[str] = frozenset()) -> None:
    """Fail for attacks that succeeded or never ran, for secrets found, for scenes not drawn."""
    assert not {name: how for name, how in successes(answer).items() if name not in allowed}
    assert not vacuous(answer)
    assert answer["found"] == []
    assert all(frames.isdigit() and int(frames) > 0 for frames in answer["frames"].values()), answer
    tried = {one["landlock"] for one in answer["verdicts"]}
    assert set(answer["frames"]) == {
        f"{name} {a or ''}".strip() for name in ORDINARY for a in tried
    }
    assert answer["keyring"], "there was no keyring to attack"


def vacuous(answer: dict[str, Any]) -> dict[str, str]:
    """Return the last words of attacks that never started."""
    return {told(one): one["said"] for one in answer["verdicts"] if not one["started"]}


def test_there_are_enough_attacks_and_no_two_share_a_name() -> None:
    names = [attack.name for attacks in ATTACKS.values() for attack in attacks]
    assert len(names) >= FEWEST
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("siege", sieges(PARTIAL, older=OLDER))
def test_the_sandbox_without_namespaces_leaks_no_more_than_what_it_names(
    siege: Siege, answer: dict[str, Any]
) -> None:
    assert len(carried_out(answer)) >= FEWEST
    assert (answer["uid"] == 0) == (siege.account == ROOT)
    check(answer, allowed=LEAKS_OF_B)
    for landlock in siege.older:
        assert len(carried_out(answer, landlock)) >= FEWEST_OLD


@pytest.mark.parametrize("siege", sieges(FULL))
def test_the_full_sandbox_holds_every_attack(siege: Siege, answer: dict[str, Any]) -> None:
    assert len(carried_out(answer)) >= FEWEST
    assert (answer["uid"] == 0) == (siege.account == ROOT)
    check(answer)


@pytest.mark.parametrize("siege", [Siege(LATEX, whoever()[-1])])
def test_scenes_that_use_latex_start_programs_and_can_do_nothing_with_them(
    answer: dict[str, Any],
) -> None:
    assert len(carried_out(answer)) >= FEWEST
    check(answer, allowed=GIVEN_TO_LATEX)


@pytest.mark.parametrize("siege", [Siege(UNPROTECTED, whoever()[-1])])
def test_attacks_on_everything_succeed_where_nothing_protects(answer: dict[str, Any]) -> None:
    assert len(successes(answer)) >= LEAST_CONTROL
    assert not vacuous(answer)
    assert answer["found"], "the search for secrets finds nothing anywhere"
    hit = {one["subject"] for one in answer["verdicts"] if one["evidence"]}
    assert hit == {subject.value for subject in ATTACKS}
