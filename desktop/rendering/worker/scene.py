"""Running one scene: as a probe that draws nothing, or as a render."""

import contextlib
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import manim
import numpy as np
from manim import config
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from typing_extensions import override

from desktop.rendering.worker import formulas, pillow
from desktop.rendering.worker import writer as writing
from desktop.rendering.worker.layout import LayoutCheck
from desktop.rendering.worker.report import SCENE_FILE, Reporter

STATIC_SECONDS = 3
"""How long a scene that plays nothing is shown."""


def run(job: dict[str, Any], mode: str, folder: Path, pipe: int) -> None:
    """Run the scene of ``job`` and report how it went; exceptions of the scene are reported."""
    report = Reporter(pipe)
    try:
        _configure(job, mode, folder)
        formulas.adapt(programs=bool(job.get("confinement", {}).get("programs", True)))
        _seed(job["seed"])
        scene_class = _load(folder / "source", job["class_name"])
        if mode == "probe":
            _probe(scene_class, job, report)
        else:
            _render(scene_class, job, folder, report)
    except BaseException as error:  # noqa: BLE001  whatever a scene raises is its result
        report.failure(error)


def _configure(job: dict[str, Any], mode: str, folder: Path) -> None:
    profile = job["profile"]
    portrait = profile["height"] > profile["width"]
    config.pixel_width, config.pixel_height = profile["width"], profile["height"]
    # The longer side of a portrait picture is as long as Manim's usual width, so that kit and
    # hand-written scenes see the same units along the longer side.
    ratio = profile["width"] / profile["height"]
    config.frame_height = 8.0 / ratio if portrait else 8.0
    config.frame_width = config.frame_height * ratio
    config.frame_rate = profile["fps"]
    config.media_dir = str(folder / "media")
    config.disable_caching = True
    config.notify_outdated_version = False
    config.progress_bar = "none"
    config.verbosity = "ERROR"
    config.preview = False
    # "auto" rather than "mp4", which Manim refuses for scenes that play nothing
    config.format = "png" if mode == "probe" else "auto"


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    config.seed = seed


def _load(folder: Path, class_name: str) -> type[manim.Scene]:
    """Execute the scene's module from its file, as ``__main__`` is not: no side doors run."""
    path = folder / SCENE_FILE
    sys.path.insert(0, str(folder))
    module = ModuleType("proofreel_scene")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    code = compile(path.read_text("utf-8"), str(path), "exec")
    exec(code, module.__dict__)  # noqa: S102  running it is what this process is for
    scene_class = getattr(module, class_name, None)
    if isinstance(scene_class, type) and issubclass(scene_class, manim.Scene):
        return scene_class
    raise LookupError(f"The file defines no scene named {class_name}.")


class _ProbeRenderer(CairoRenderer):
    """Skips all drawing and looks at the layout after every animation."""

    check: LayoutCheck

    @override
    def play(self, scene: Any, *args: Any, **kwargs: Any) -> None:
        """Run one animation to its end without drawing it."""
        self.check.begin(scene)
        started = self.time
        super().play(scene, *args, **kwargs)
        rests = scene.is_current_animation_frozen_frame()
        self.check.look(scene, started if rests else self.time, settled=rests)


def _probe(scene_class: type[manim.Scene], job: dict[str, Any], report: Reporter) -> None:
    scene = scene_class()
    renderer = _our_renderer(scene, _ProbeRenderer, writing.SilentWriter)
    renderer.check = LayoutCheck()
    _perform(scene)
    renderer.check.finish(scene, renderer.time)
    seconds = renderer.time or float(STATIC_SECONDS)
    findings = renderer.check.findings
    if not renderer.num_plays:
        findings = [
            f"Nothing moves: the picture is shown for {STATIC_SECONDS} seconds.",
            *findings,
        ]
    report.send(
        "probed",
        frames=max(1, round(seconds * job["profile"]["fps"])),
        seconds=seconds,
        plays=renderer.num_plays,
        findings=findings,
    )


def _render(
    scene_class: type[manim.Scene], job: dict[str, Any], folder: Path, report: Reporter
) -> None:
    expected = int(job.get("frames") or 1)
    target = folder / "scene.mp4"
    encoder = writing.FrameEncoder(target, job["profile"], poster_frame=round(expected * 0.8))
    scene = scene_class()
    renderer = _our_renderer(scene, CairoRenderer, _writer_class(encoder, report.progress))
    _perform(scene)
    if not encoder.frames:
        renderer.update_frame(scene)
        encoder.write(renderer.get_frame(), STATIC_SECONDS * job["profile"]["fps"])
    encoder.finish()
    file_writer = renderer.file_writer
    if file_writer.includes_sound:
        seconds = encoder.frames / job["profile"]["fps"]
        writing.add_sound(target, file_writer.audio_segment, seconds)
    if encoder.poster is not None:
        writing.save_poster(encoder.poster, folder / "poster.jpg")
    cues = [
        {"start": cue.start.total_seconds(), "end": cue.end.total_seconds(), "text": cue.content}
        for cue in file_writer.subcaptions
    ]
    result = {"frames": encoder.frames, "cues": cues, "has_audio": file_writer.includes_sound}
    (folder / "result.json").write_text(json.dumps(result), "utf-8")
    report.send("done", **result)


def _writer_class(
    encoder: writing.FrameEncoder, on_frame: Callable[[int], None]
) -> type[writing.SceneWriter]:
    """Return the writer Manim will instantiate, bound to this scene's encoder."""

    class BoundWriter(writing.SceneWriter):
        """Manim makes its writer itself; this is how it gets our encoder."""

    BoundWriter.encoder = encoder
    BoundWriter.on_frame = staticmethod(on_frame)
    return BoundWriter


R = TypeVar("R", bound=CairoRenderer)


def _our_renderer(scene: manim.Scene, kind: type[R], writer_class: type[SceneFileWriter]) -> R:
    """Give a scene our renderer, with the camera that its class chose for itself."""
    camera: Any = scene.renderer.camera
    renderer = kind(file_writer_class=writer_class)
    renderer.camera = camera
    scene.renderer = renderer
    renderer.init_scene(scene, scene.session_spec, scene.file_writer_settings)
    return renderer


def _perform(scene: manim.Scene) -> None:
    scene.render(preview=False)


pillow.adapt()
formulas.adapt()

with contextlib.suppress(ImportError):
    # compiled scenes import the kit: loading it once here saves each of them the time
    import proofreel_kit  # noqa: F401
