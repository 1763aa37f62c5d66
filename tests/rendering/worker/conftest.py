"""Manim in the test's own process: quick looks at objects, without the render process."""

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of pydub, which Manim imports
    import manim

from desktop.rendering.worker import scene
from desktop.rendering.worker.things import Inventory, Thing
from tests.rendering.scenes import PROFILE

Events = list[dict[str, Any]]
Run = Callable[..., Events]


@pytest.fixture(autouse=True)
def own_manim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo whatever a test does to Manim's configuration, which is global."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    with manim.tempconfig({"media_dir": str(tmp_path / "media")}):
        yield
    sys.modules.pop("proofreel_scene", None)


def things(*mobjects: manim.Mobject) -> list[Thing]:
    return Inventory({}).take(list(mobjects))


def thing(mobject: manim.Mobject) -> Thing:
    """Return the one thing that an object is."""
    (found,) = things(mobject)
    return found


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the body of a scene in this process; return the events it reports."""

    def perform(
        body: str, *, mode: str = "probe", base: str = "Scene", width: int = 256, height: int = 144
    ) -> Events:
        head = f"from manim import *\nclass Shown({base}):\n    def construct(self):\n"
        (tmp_path / "source").mkdir(exist_ok=True)
        code = head + "".join(f"        {line}\n" for line in body.strip().splitlines())
        (tmp_path / "source" / "proofreel_scene.py").write_text(code, "utf-8")
        profile = {"width": width, "height": height, "fps": PROFILE.fps, "crf": PROFILE.crf}
        profile |= {"preset": PROFILE.preset, "gop": PROFILE.gop}  # type: ignore[dict-item]  # mixed
        job = {"class_name": "Shown", "profile": profile, "seed": 0, "frames": 0}
        reading, writing = os.pipe()
        with manim.tempconfig({}), os.fdopen(reading, "rb") as events:
            scene.run(job, mode, tmp_path, writing)
            os.close(writing)
            return [json.loads(line) for line in events]

    return perform


@pytest.fixture
def findings(run: Run) -> Callable[..., list[str]]:
    """Return what the layout check finds in the body of a scene."""

    def find(body: str, **given: Any) -> list[str]:
        (event,) = run(body, **given)
        assert event["event"] == "probed", event
        return list(event["findings"])

    return find
