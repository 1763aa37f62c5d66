"""The one thing stand-ins cannot promise: Manim really draws what the page shows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.app import open_services
from desktop.config.paths import below
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.ui.pages.studio import StudioPage
from tests.ui.pages.studio.conftest import Maker, shown, until
from tests.ui.pages.studio.doubles import Shell

pytestmark = [pytest.mark.manim, pytest.mark.timeout(240)]

FENCE = "```manim\nself.play(Create(Square()), run_time=0.2)\n```\n"
SHORT = f"## One\n\n{FENCE}\n## Two\n\n{FENCE}"


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with open_services(below(tmp_path / "library")) as opened:
        chosen = replace(opened.settings.current.rendering, draft_short_side=144, draft_fps=10)
        await opened.settings.save(replace(opened.settings.current, rendering=chosen))
        yield opened


async def test_a_text_becomes_a_film_and_one_edit_draws_one_scene(
    page: StudioPage, make: Maker, shell: Shell
) -> None:
    video = await make.video(SHORT)
    await shown(page, video)
    page.parts.header.draft.click()
    await ended(page, 1)
    assert page.parts.player.viewer.frame_count > 0
    assert all(row.scene.poster for row in page.parts.scenes_model.rows())
    seen: list[str] = []
    shell.bridge.scene_progressed.connect(lambda event: seen.append(event.scene_id))
    page.parts.area.editor.replace(SHORT.removesuffix(FENCE) + FENCE.replace("Square", "Circle"))
    page.parts.header.draft.click()
    await ended(page, 2)
    assert set(seen) == {page.parts.scenes_model.rows()[1].scene.id}


async def test_code_that_raises_is_led_to(page: StudioPage, make: Maker, shell: Shell) -> None:
    text = SHORT.replace("Create(Square())", "Create(Nope())", 1)
    await shown(page, await make.video(text))
    page.rendering.render(Quality.DRAFT)
    await until(lambda: shell.errors)
    await until(lambda: not page.rendering.running)
    line = 1 + next(n for n, one in enumerate(text.split("\n")) if "Nope" in one)
    assert shell.buttons == [f"Go to line {line}"]
    await until(lambda: page.parts.scenes_model.rows()[0].words == "Failed")
    assert [one.line for one in page.parts.area.problems.problems] == [line]


async def ended(page: StudioPage, number: int) -> None:
    await until(lambda: page.watching.shown == number)
    await until(lambda: page.parts.player.viewer.frame_count)
    await until(lambda: [row.words for row in page.parts.scenes_model.rows()] == ["Up to date"] * 2)
