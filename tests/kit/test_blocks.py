"""Every block, played in both themes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop.rendering.storyboard.kinds import OPTIONS
from tests.kit.conftest import Shown
from tests.kit.gallery import BLOCKS

pytestmark = pytest.mark.manim

METHODS = {"title": "title_card"}


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_drawn_without_a_finding(
    show: Callable[..., Shown], name: str, theme: str
) -> None:
    shown = show(BLOCKS[name], theme=theme)
    assert shown.findings == []
    assert shown.ink > 0.005
    assert shown.seconds > 1


@pytest.mark.parametrize("aspect", ["9:16", "1:1"])
@pytest.mark.parametrize("name", ["plot", "bars", "pie", "tree", "timeline", "steps", "comparison"])
def test_a_block_suits_narrow_frames(show: Callable[..., Shown], name: str, aspect: str) -> None:
    shown = show(BLOCKS[name], aspect=aspect)
    assert shown.findings == []
    assert shown.ink > 0.005


def test_every_fence_has_a_block() -> None:
    from proofreel_kit import KitScene

    for kind in set(OPTIONS) - {"manim"}:
        assert callable(getattr(KitScene, METHODS.get(kind, kind))), kind


def test_there_are_at_least_sixteen_kinds_of_blocks() -> None:
    assert len(BLOCKS) >= 16


def test_a_picture_is_shown_with_its_words(show: Callable[..., Shown], tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    Image.fromarray(np.full((40, 60, 3), (220, 20, 20), np.uint8)).save(path)
    shown = show(lambda scene: scene.image(str(path), caption="Red"))
    assert shown.findings == []
    red = shown.picture[..., 0].astype(int) - shown.picture[..., 1] > 120
    assert red.mean() > 0.1


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_themes_differ_in_their_background(show: Callable[..., Shown], theme: str) -> None:
    shown = show(lambda scene: scene.wait(0.2), theme=theme)
    assert (shown.picture[0, 0, :3].mean() > 128) == (theme == "light")


def test_the_accent_colours_what_matters(show: Callable[..., Shown]) -> None:
    shown = show(lambda scene: scene.chart("A: 1", "B: 2"), accent="#ff0000")
    red = shown.picture[..., 0].astype(int) - shown.picture[..., 2] > 150
    assert red.mean() > 0.02


def _rows(scene: Any) -> Any:
    (standing,) = scene._stage.mobjects
    return standing


def test_points_stand_at_equal_distances_whatever_letters_are_in_them(
    show: Callable[..., Shown],
) -> None:
    from proofreel_kit.text import first_baseline

    shown = show(lambda scene: scene.bullets("ace", "gypsy", "$x^2$ high", "ace"))
    lines = [first_baseline(row[1]) for row in _rows(shown.scene)]
    gaps = -np.diff(lines)
    assert np.ptp(gaps) < 0.02


def test_a_moving_dot_ends_on_its_curve_wherever_the_plot_stands(
    show: Callable[..., Shown],
) -> None:
    def body(scene: Any) -> None:
        scene.bullets("A point beside the plot")
        scene.plot("f(x) = x^2", "point 2, 4", "move f -2:2", x="-3:3", y="0:9")

    shown = show(body)
    plot = shown.scene._stage.mobjects[-1]
    point, dot = plot[2][0], plot[3][0]
    assert np.allclose(point.get_center(), dot.get_center(), atol=0.02)


def test_signs_that_fonts_join_are_shown_in_code(show: Callable[..., Shown]) -> None:
    shown = show(lambda scene: scene.code("if a <= b != c:", "    return a -> b  # === ok"))
    assert shown.findings == []
    _panel, rows = _rows(shown.scene)
    assert len(rows) == 2


def test_the_lines_of_a_step_are_lit_and_all_are_bright_at_the_end(
    show: Callable[..., Shown],
) -> None:
    shown = show(lambda scene: scene.code("one = 1", "two = 2", hl="2"))
    (_back, bar), rows = _rows(shown.scene)
    assert bar.get_fill_opacity() == 0
    assert all(part.get_fill_opacity() > 0.7 for row in rows for part in row[1][0][0])


def test_a_sorted_array_ends_in_its_new_order(show: Callable[..., Shown]) -> None:
    shown = show(lambda scene: scene.array("3 1", "swap 0 1"))
    (cells, _numbers), *_ = _rows(shown.scene)
    first, second = cells
    assert first.get_x() > second.get_x()


def test_numbers_in_tables_have_a_real_minus_and_stand_flush_right(
    show: Callable[..., Shown],
) -> None:
    shown = show(lambda scene: scene.table("Name | Value", "a | -5", "b | 1200"))
    *_, rows = _rows(shown.scene)
    right = [float(row[1].get_right()[0]) for row in rows[1:]]
    assert np.ptp(right) < 0.03


def test_a_path_through_a_tree_is_lit(show: Callable[..., Shown]) -> None:
    shown = show(lambda scene: scene.tree("8", "  3", "    6", "  10", "highlight 6"))
    _lines, boxes = _rows(shown.scene)
    accent = shown.scene.look.accent_colour
    lit = [box[0].get_fill_color().to_hex() == accent.to_hex() for box in boxes]
    assert lit == [True, True, True, False]


def test_an_edge_bends_around_a_node_in_its_way(show: Callable[..., Shown]) -> None:
    shown = show(lambda scene: scene.graph("A -> B", "B -> C", "A -> C"))
    edges, _nodes = _rows(shown.scene)
    heights = [edge[0].height for edge in edges]
    assert heights[2] > heights[0] + 0.2
