"""In the studio nothing that came from elsewhere is drawn before the person has allowed it."""

import pytest

from desktop.domain.errors import NotAllowed
from desktop.domain.library import SourceKind, Video
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.ui.pages.studio import StudioPage
from tests.ui.pages.studio.conftest import MANIM, Maker, press, quiet, sheet, sheets, shown, until
from tests.ui.pages.studio.doubles import FilmRenderer, Shell


@pytest.fixture
async def brought(make: Maker, page: StudioPage) -> Video:
    """A Manim file from elsewhere, open in the studio."""
    video = await make.video(MANIM, SourceKind.MANIM, own=False)
    await shown(page, video)
    return video


async def test_rendering_asks_and_goes_on_when_it_is_allowed(
    page: StudioPage, shell: Shell, brought: Video, services: Services, renderer: FilmRenderer
) -> None:
    page.rendering.render(Quality.DRAFT)
    await until(lambda: sheets(shell))
    assert renderer.drawn == []
    press(sheet(shell), "Allow and render")
    await quiet()
    assert sorted(renderer.drawn) == ["First", "Second"]
    assert len(await services.versions.list(brought.id)) == 1
    page.parts.area.editor.replace(MANIM.replace("Circle", "Triangle"))
    page.rendering.render(Quality.DRAFT)
    await quiet()
    assert len(await services.versions.list(brought.id)) == 2


async def test_a_refusal_leaves_it_unrendered_with_a_way_to_look_at_the_code(
    page: StudioPage, shell: Shell, brought: Video, services: Services, renderer: FilmRenderer
) -> None:
    page.rendering.render(Quality.DRAFT)
    await until(lambda: sheets(shell))
    press(sheet(shell), "Not now")
    await quiet()
    assert renderer.drawn == []
    assert await services.versions.list(brought.id) == ()
    assert (await services.library.video(brought.id)).status is brought.status
    assert page.parts.header.draft.isEnabled()
    [error] = shell.errors
    assert isinstance(error, NotAllowed)
    assert shell.buttons == ["Look at the code…"]
    [act] = shell.acts
    assert act is not None
    act()
    await until(lambda: sheets(shell))
    press(sheet(shell), "Allow and render")
    await quiet()
    assert sorted(renderer.drawn) == ["First", "Second"]


async def test_a_single_scene_is_asked_about_as_well(
    page: StudioPage, shell: Shell, brought: Video, renderer: FilmRenderer
) -> None:
    page.rendering.render_scene(page.parts.scenes_model.rows()[1].scene.id)
    await until(lambda: sheets(shell))
    assert renderer.drawn == []
    press(sheet(shell), "Allow and render")
    await quiet()
    assert renderer.drawn == ["Second"]


async def test_what_was_written_here_is_rendered_unasked(
    page: StudioPage, shell: Shell, make: Maker, renderer: FilmRenderer
) -> None:
    await shown(page, await make.video(MANIM, SourceKind.MANIM))
    page.rendering.render(Quality.DRAFT)
    await quiet()
    assert sheets(shell) == []
    assert len(renderer.drawn) == 2
