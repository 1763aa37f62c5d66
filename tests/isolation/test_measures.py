"""A job that breaks a limit is gone within a second, and fills the disk no further than it may."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from desktop.rendering.isolation import MIB
from desktop.rendering.isolation.linux import FullSandbox
from tests.isolation.measures import BURDENS, Measuring, measure
from tests.rendering.isolation.latex import WithLatex

pytestmark = [
    pytest.mark.manim,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(sys.platform != "linux", reason="these tiers are those of Linux"),
]

LATEST_SECONDS = 1.0
OVERSHOOT = 64 * MIB


async def serve(root: Path, isolation: FullSandbox) -> AsyncIterator[Measuring]:
    renderer = Measuring(root, isolation)
    yield renderer
    await renderer.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def usual(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Measuring]:
    async for renderer in serve(tmp_path_factory.mktemp("usual"), FullSandbox()):
        yield renderer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def with_programs(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Measuring]:
    async for renderer in serve(tmp_path_factory.mktemp("programs"), WithLatex()):
        yield renderer


@pytest.mark.parametrize("name", sorted(BURDENS))
async def test_a_broken_limit_ends_a_job_at_once_and_is_named(
    name: str, request: pytest.FixtureRequest, usual: Measuring, with_programs: Measuring
) -> None:
    burden = BURDENS[name]
    figure = await measure(with_programs if burden.programs else usual, burden)
    request.node.user_properties.append(("figure", str(figure)))
    assert burden.said in figure.said
    assert figure.seconds <= LATEST_SECONDS, figure
    assert figure.overshoot <= OVERSHOOT, figure
    assert figure.printed <= burden.limits.log_bytes + 1, figure
