"""One scene in its process: looked at, or drawn; never raising into the zygote."""

import json
from pathlib import Path

import pytest

from tests.rendering.scenes import pictures
from tests.rendering.worker.conftest import Run


def test_a_probe_counts_without_drawing(run: Run, tmp_path: Path) -> None:
    (event,) = run("self.play(Create(Square()), run_time=2)\nself.wait(0.5)")
    assert (event["event"], event["frames"], event["plays"]) == ("probed", 38, 2)
    assert event["seconds"] == pytest.approx(2.5, abs=0.05)
    assert not list(tmp_path.rglob("*.mp4"))
    assert not list(tmp_path.rglob("*.png"))


def test_a_render_leaves_video_poster_and_record(run: Run, tmp_path: Path) -> None:
    *_progress, event = run("self.play(Create(Square()), run_time=1)", mode="render")
    assert event == {"event": "done", "frames": 15, "cues": [], "has_audio": False}
    assert len(pictures(str(tmp_path / "scene.mp4"))) == 15
    assert (tmp_path / "poster.jpg").stat().st_size > 500
    assert json.loads((tmp_path / "result.json").read_text())["frames"] == 15


def test_a_scene_that_plays_nothing_lasts_three_seconds(run: Run) -> None:
    (event,) = run("self.add(Square())")
    assert (event["frames"], event["plays"]) == (45, 0)
    assert event["findings"] == ["Nothing moves: the picture is shown for 3 seconds."]


@pytest.mark.parametrize(("width", "height"), [(256, 144), (144, 256), (144, 144)])
def test_the_frame_has_the_shape_of_the_picture(run: Run, width: int, height: int) -> None:
    body = """
assert abs(config.frame_width / config.frame_height - {0} / {1}) < 1e-6
assert abs(min(config.frame_width, config.frame_height) - 8) < 1e-6
"""
    (event,) = run(body.format(width, height), width=width, height=height)
    assert event["event"] == "probed", event


@pytest.mark.parametrize(
    ("body", "line"),
    [("1 / 0", 4), ("x = [", 4), ("raise SystemExit", 4), ("raise KeyboardInterrupt", 4)],
)
def test_whatever_a_scene_raises_is_reported(run: Run, body: str, line: int) -> None:
    (event,) = run(body)
    assert (event["event"], event["line"]) == ("failed", line)


def test_a_failed_render_says_so_and_is_not_done(run: Run) -> None:
    events = run("self.wait(0.5)\n1 / 0", mode="render")
    assert events[-1]["event"] == "failed"
    assert not [event for event in events if event["event"] == "done"]


def test_random_numbers_begin_anew(run: Run) -> None:
    body = "import random\nself.wait(random.random() + np.random.rand())"
    assert run(body)[0]["seconds"] == run(body)[0]["seconds"]


def test_code_beside_the_scene_class_does_not_run_as_a_program(run: Run) -> None:
    (event,) = run("assert __name__ == 'proofreel_scene'")
    assert event["event"] == "probed"
