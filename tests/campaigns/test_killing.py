"""Uploads outlive whoever sends them; files that change on the way never arrive mixed."""

from pathlib import Path

import pytest

from tests.campaigns.killing import campaign


async def test_a_few_kills_and_changes_lose_nothing(tmp_path: Path) -> None:
    tally = await campaign(tmp_path, kills=2, mutations=2, seed=5)
    assert tally.clean, tally.summary()
    assert tally.correct == 2
    assert tally.detected + tally.untouched == 2


@pytest.mark.campaign
@pytest.mark.timeout(4 * 3600)
async def test_a_thousand_kills_lose_nothing(tmp_path: Path) -> None:
    tally = await campaign(tmp_path, kills=1000, mutations=200, seed=1)
    assert tally.clean, tally.summary()
    assert tally.correct == 1000
    assert tally.detected + tally.untouched == 200
    assert tally.summary()["median_again_MiB"] <= 8
