"""Code that comes from elsewhere, and how far it comes before it would run."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from desktop.domain.errors import NotAllowed, Unavailable
from desktop.domain.picture import Quality
from desktop.rendering.jobs import SceneJob
from desktop.rendering.store import RenderStore
from desktop.services.reading import Answer, ReadingTask, SourceReader
from desktop.services.services import Services
from tests.services.conftest import TWO_SCENES

HELPED = TWO_SCENES.replace("SIDE = 2", "import helpers\n\nSIDE = helpers.side")
WRITTEN = "## One\n\n> Spoken.\n\n```manim\nself.wait(0.2)\n```\n"


class Drawn(Unavailable):
    """Raised where code would run: this is as far as these tests let it come."""


class SpyRenderer:
    """Draws nothing, and remembers what would have run."""

    def __init__(self, store: RenderStore) -> None:
        self.store = store
        self.isolation = SimpleNamespace(name="Full sandbox", note="", prepare=lambda: None)
        self.ran: list[SceneJob] = []

    async def render(self, job: SceneJob, _progress: object) -> None:
        self.ran.append(job)
        raise Drawn("Drawn")

    async def close(self) -> None:
        pass


class ReaderHere(SourceReader):
    """Reads in this process: what it reads is the same, and nothing has to be started."""

    async def ask(self, work: Callable[[ReadingTask], Answer], task: ReadingTask) -> Answer:
        return work(task)


async def brought(services: Services, folder: Path, **files: str) -> tuple[str, ...]:
    """Import files as a person does; return the ids of their videos by title."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    plan = await services.importing.plan([folder])
    result = await services.importing.carry_out(plan)
    assert result.failures == ()
    return result.video_ids


async def drawn(services: Services, video_id: str) -> bool:
    """Render, and tell whether code came to run; false when a person has to be asked before."""
    try:
        await services.production.render(video_id, Quality.DRAFT)
    except Drawn:
        return True
    except NotAllowed:
        return False
    raise AssertionError("neither drawn nor refused")


async def write(services: Services, video_id: str, old: str, new: str) -> None:
    """Change the text as the person in the window does."""
    document = await services.authoring.open(video_id)
    assert old in document.text
    text = document.text.replace(old, new)
    await services.authoring.save(video_id, text, document.revision, own=True)
