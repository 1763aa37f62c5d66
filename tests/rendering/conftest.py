"""One render process for each module: importing Manim costs seconds, a scene costs a tenth."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from desktop.rendering.isolation import ProcessLimits
from desktop.rendering.renderer import Renderer, RendererOptions
from desktop.rendering.store import RenderStore
from tests.rendering.scenes import pictures


@dataclass
class Studio:
    """A renderer and where it keeps things."""

    root: Path
    renderer: Renderer
    made: list[Renderer] = field(default_factory=list)

    @property
    def scratch(self) -> Path:
        return self.root / "scratch"

    def job_folders(self) -> list[str]:
        return sorted(path.name for path in self.scratch.glob("job-*"))

    def takes(self) -> set[str]:
        return {path.name for path in (self.root / "store").glob("*/*")}

    def jobs(self) -> int:
        """Return how many jobs the render process was ever asked for."""
        return self.renderer._process._count

    def processes(self) -> list[psutil.Process]:
        """Return the processes of jobs: all below the render process."""
        zygote = self.renderer._process._process
        if zygote is None:
            return []
        try:
            return psutil.Process(zygote.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []


def make(root: Path, options: RendererOptions) -> Renderer:
    store = RenderStore(root / "store", 1 << 30)
    return Renderer(store, ProcessLimits(), scratch=root / "scratch", options=options)


def check_store(renderer: Renderer, root: Path) -> int:
    """Decode every visible take to its end; return how many there are."""
    folders = list((root / "store").glob("??/[!.]*"))
    for folder in folders:
        take = renderer.store.get(folder.name)
        assert take is not None, f"{folder} is damaged"
        assert len(pictures(take.video)) == take.frames
    return len(folders)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    root = tmp_path_factory.mktemp("studio")
    renderer = make(root, RendererOptions(workers=2, memory=1 << 30, wall_seconds=60))
    studio = Studio(root, renderer)
    await renderer.start()  # importing Manim counts for none of the times that tests look at
    yield studio
    await renderer.close()
    for other in studio.made:
        await other.close()
    assert not list(studio.scratch.glob("*"))


@pytest.fixture
def limited(studio: Studio) -> Callable[..., Renderer]:
    """Make a renderer with other limits that shares the render process of the module."""

    def build(**options: float) -> Renderer:
        given = {"workers": 2, "memory": 1 << 30, "wall_seconds": 60, **options}
        renderer = make(studio.root, RendererOptions(**given))  # type: ignore[arg-type]  # mixed
        renderer._process = studio.renderer._process
        return renderer

    return build
