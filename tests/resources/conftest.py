"""Storyboards that ship with the program, probed in the test's own process."""

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.rendering.keys import kit_folder

sys.path.append(str(kit_folder()))

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of pydub, which Manim imports
    import manim

from desktop.domain.picture import frame_size
from desktop.rendering.reading import SourceReading, SourceScene
from desktop.rendering.worker import scene as worker
from desktop.rendering.worker.report import SCENE_FILE

Probe = Callable[[SourceReading, SourceScene], dict[str, Any]]


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Probe]:
    """Run a scene without drawing it; return what it reports."""
    monkeypatch.setattr(sys, "path", [*sys.path])

    def perform(reading: SourceReading, scene: SourceScene) -> dict[str, Any]:
        (tmp_path / "source").mkdir()
        (tmp_path / "source" / SCENE_FILE).write_text(scene.code, "utf-8")
        width, height = frame_size(reading.aspect, 144)
        profile = {"width": width, "height": height, "fps": 15}
        job = {"class_name": scene.class_name, "profile": profile, "seed": 0}
        read, write = os.pipe()
        with os.fdopen(read, "rb") as events:
            worker.run(job, "probe", tmp_path, write)
            os.close(write)
            return dict(json.loads(events.read().splitlines()[-1]))

    with manim.tempconfig({"media_dir": str(tmp_path / "media")}):
        yield perform
    sys.modules.pop("proofreel_scene", None)
