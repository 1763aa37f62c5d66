"""A page whose video has been rendered."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from desktop.domain.library import Video
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.ui.pages.studio import StudioPage
from tests.ui.pages.studio.conftest import (
    TEXT,
    quiet,
    shown,
    until,
)
from tests.ui.pages.studio.doubles import FRAMES

OTHER_TEXT = TEXT.replace("- side", "- other side")


async def render(services: Services, video: Video, text: str = "") -> None:
    if text:
        document = await services.authoring.open(video.id)
        await services.authoring.save(video.id, text, document.revision)
    await services.production.render(video.id, Quality.DRAFT)
    await quiet()


async def rendered(page: StudioPage, services: Services, video: Video) -> None:
    """Show a video with two versions; the second has another square."""
    await render(services, video)
    await render(services, video, OTHER_TEXT)
    await shown(page, video)
    await until(lambda: page.parts.player.viewer.frame_count == 3 * FRAMES)


Popups = list[tuple[QMenu, QPoint]]


def scene_id(page: StudioPage, place: int) -> str:
    return page.parts.scenes_model.rows()[place].scene.id
