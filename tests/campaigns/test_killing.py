"""Uploads outlive whoever sends them; files that change on the way never arrive mixed."""

from pathlib import Path

import pytest

from tests.campaigns.killing import campaign

pytestmark = pytest.mark.campaign


@pytest.mark.parametrize(
    ("kills", "mutations"),
    [
        pytest.param(10, 10, marks=pytest.mark.timeout(600)),
        pytest.param(1000, 200, marks=pytest.mark.timeout(4 * 3600)),
    ],
)
async def test_kills_and_changes_lose_nothing(tmp_path: Path, kills: int, mutations: int) -> None:
    tally = await campaign(tmp_path, kills, mutations, seed=kills)
    assert tally.clean, tally.summary()
    assert tally.correct == kills
    assert tally.detected + tally.untouched + tally.anew == mutations
    assert tally.summary()["median_again_MiB"] <= 8
