"""The kit in the test's own process: blocks are built, played and looked at without a video."""

import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop.rendering.keys import kit_folder

sys.path.append(str(kit_folder()))

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of pydub, which Manim imports
    import manim

from proofreel_kit import KitScene, Look
from proofreel_kit.area import Area
from proofreel_kit.look import LONG_SIDE

from desktop.rendering.worker import scene as worker
from desktop.rendering.worker import writer
from desktop.rendering.worker.layout import LayoutCheck

SIZES = {"16:9": (256, 144), "9:16": (144, 256), "1:1": (144, 144)}
Body = Callable[[Any], None]


@dataclass
class Shown:
    """A scene that was played, its picture before it was left, and what an editor would mind."""

    scene: Any
    picture: np.ndarray
    findings: list[str]

    @property
    def seconds(self) -> float:
        return float(self.scene.renderer.time)

    @property
    def ink(self) -> float:
        """Return the share of the picture that is not background."""
        background = np.array(self.scene.look.background.to_int_rgb())
        apart = np.abs(self.picture[..., :3].astype(int) - background).max(axis=2)
        return float((apart > 24).mean())


@pytest.fixture(autouse=True)
def own_manim(tmp_path: Path) -> Iterator[None]:
    """Undo whatever a test does to Manim's configuration, which is global."""
    with manim.tempconfig({"media_dir": str(tmp_path / "media")}):
        yield


@pytest.fixture
def show(tmp_path: Path) -> Callable[..., Shown]:
    """Play the statements of a scene as a probe does, then draw its last picture."""

    def perform(body: Body, *, fps: int = 15, **look: Any) -> Shown:
        chosen = Look(**look)
        width, height = SIZES[chosen.aspect]
        profile = {"width": width, "height": height, "fps": fps}
        worker._configure({"profile": profile}, "probe", tmp_path)
        pictures = []

        class Played(KitScene):  # type: ignore[misc]  # the kit ships no types
            look = chosen

            def construct(self) -> None:
                body(self)
                self.renderer.update_frame(self)
                pictures.append(np.array(self.renderer.get_frame()))

        scene = Played()
        renderer = worker._our_renderer(scene, worker._ProbeRenderer, writer.SilentWriter)
        renderer.check = LayoutCheck()
        worker._perform(scene)
        renderer.check.finish(scene, renderer.time)
        return Shown(scene, pictures[0], renderer.check.findings)

    return perform


def page(look: Any) -> Area:
    """Return the area that a page without a heading leaves to its blocks."""
    width = 8.0 if look.aspect != "16:9" else LONG_SIDE
    height = 8.0 if look.aspect != "9:16" else LONG_SIDE
    across, above = look.margins
    return Area(
        -width / 2 + across, -height / 2 + look.band, width - 2 * across, height - look.band - above
    )
