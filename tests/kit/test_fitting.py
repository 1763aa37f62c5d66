"""Blocks with far too much to say stay inside the page, in frames of every shape."""

from collections.abc import Callable
from typing import Any

import pytest
from proofreel_kit import Look
from proofreel_kit.blocks import BlockMethods
from proofreel_kit.stage import Stage

from tests.kit.conftest import Shown, page
from tests.kit.gallery import LONG, words


class Placed(BlockMethods):  # type: ignore[misc]  # the kit ships no types
    """Places a block as a page does, without playing it."""

    def __init__(self, look: Any, layout: str = "full") -> None:
        self.look = look
        self.stage = Stage(look)
        self.area = page(look)
        self.stage.lay_out(layout, self.area)
        self.mobject: Any = None

    def show(self, block: Any) -> None:
        self.mobject = self.stage.receive(block, self.area).arriving


def inside(mobject: Any, area: Any) -> bool:
    low, high = mobject.get_corner([-1, -1, 0]), mobject.get_corner([1, 1, 0])
    across = area.left - 0.05 <= low[0] <= high[0] <= area.right + 0.05
    return bool(across and area.bottom - 0.05 <= low[1] <= high[1] <= area.top + 0.05)


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
@pytest.mark.parametrize("name", LONG)
def test_long_content_stays_inside_the_page(name: str, aspect: str) -> None:
    placed = Placed(Look(aspect=aspect))
    LONG[name](placed)
    assert inside(placed.mobject, placed.area)


@pytest.mark.parametrize("layout", ["split", "A1:D4"])
@pytest.mark.parametrize("name", sorted(set(LONG) - {"title card", "outro"}))
def test_long_content_stays_inside_its_part_of_the_page(name: str, layout: str) -> None:
    from proofreel_kit.area import page_areas

    placed = Placed(Look(), layout)
    LONG[name](placed)
    area = page_areas(layout, placed.area, narrow=False)[0]
    assert inside(placed.mobject, area)


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_captions_of_any_length_stay_in_their_strip(aspect: str) -> None:
    from proofreel_kit.area import Area
    from proofreel_kit.captions import caption, caption_parts

    look = Look(aspect=aspect)
    low, height = look.caption_strip
    strip = Area(-3.4, low, 6.8, height) if aspect != "16:9" else Area(-6, low, 12, height)
    for part in caption_parts(words(90), look):
        shown = caption(part, look, strip)
        assert inside(shown, strip)
        assert len(shown) <= 3


@pytest.mark.manim
def test_a_page_that_fills_up_makes_room(show: Callable[..., Shown]) -> None:
    def body(scene: Any) -> None:
        scene.heading(words(14))
        scene.say(words(45))
        scene.bullets(words(9), words(7))
        scene.chart("a: 3", "b: 4", "c: 5")
        scene.paragraph(words(40))

    shown = show(body)
    assert shown.findings == []
    for mobject in shown.scene._stage.mobjects:
        assert inside(mobject, shown.scene.content)


@pytest.mark.manim
@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
@pytest.mark.parametrize("name", ["plot", "graph"])
def test_crowded_drawings_can_be_read(show: Callable[..., Shown], name: str, aspect: str) -> None:
    assert show(LONG[name], aspect=aspect, fps=5).findings == []


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
@pytest.mark.parametrize(
    "lines",
    [
        [f"Node number {i} -> Node number {i + 1}" for i in range(11)],
        ["Root -> " + words(2) + f" {i}" for i in range(4)] + ["Root -> A", "A -> B", "B -> C"],
        [f"Place {i} -- Place {j}" for i in range(6) for j in range(i)],
    ],
    ids=["chain", "tree", "net"],
)
def test_nodes_of_a_graph_stand_apart(lines: list[str], aspect: str) -> None:
    placed = Placed(Look(aspect=aspect))
    placed.graph(*lines)
    nodes = list(placed.mobject[1])
    for index, one in enumerate(nodes):
        for two in nodes[:index]:
            apart = abs(one.get_center() - two.get_center())
            assert apart[0] * 2 > one.width + two.width or apart[1] * 2 > one.height + two.height
