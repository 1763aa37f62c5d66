"""Trees: what belongs to what, from the root to the leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from manim import Create, FadeIn, LaggedStart, Line, Mobject, VGroup

from proofreel_kit.area import Area
from proofreel_kit.block import Block, looking_seconds
from proofreel_kit.boxes import box, edge_point, even_texts, light
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

WIDEST = 3.6
GAP = 0.35
PAD = (0.22, 0.22)


@dataclass(eq=False)
class Node:
    """A name with what belongs below it."""

    name: str
    row: int
    index: int
    depth: int = 0
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    def leaves(self) -> Iterator[Node]:
        """Yield the nodes below this one that have nothing below them."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def place(self, leaves: dict[int, float]) -> float:
        """Return where the node stands among the leaves: in the middle of its children."""
        if not self.children:
            return leaves[self.index]
        return (self.children[0].place(leaves) + self.children[-1].place(leaves)) / 2


class Tree(Block):
    """Names, each indented below the one it belongs to; ``highlight`` lights up a path."""

    grows = True

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.nodes: list[Node] = []
        self.path: list[Node] = []
        wanted: list[tuple[str, int]] = []
        open_: list[tuple[int, Node]] = []
        for row, line in enumerate(lines):
            text = line.expandtabs(4)
            if text.strip().startswith("highlight "):
                wanted.append((text.strip().removeprefix("highlight ").strip(), row))
            elif text.strip():
                self._add(text, row, open_)
        if not self.nodes:
            raise BlockError("The tree is empty. Write its root, then indented lines below it.")
        for name, row in wanted:
            self._highlight(name, row)

    def _add(self, text: str, row: int, open_: list[tuple[int, Node]]) -> None:
        indent = len(text) - len(text.lstrip())
        name = text.strip().removeprefix("- ").strip()
        node = Node(name, row, len(self.nodes))
        while open_ and open_[-1][0] >= indent:
            open_.pop()
        if open_:
            node.parent = open_[-1][1]
            node.depth = node.parent.depth + 1
            node.parent.children.append(node)
        elif self.nodes:
            raise BlockError(
                f"“{name}” has nothing above it. Indent it by two spaces: a tree has one root.", row
            )
        open_.append((indent, node))
        self.nodes.append(node)

    def _highlight(self, name: str, row: int) -> None:
        found = next((node for node in self.nodes if node.name.casefold() == name.casefold()), None)
        if found is None:
            raise BlockError(f"There is no “{name}” in the tree to highlight.", row)
        path: list[Node] = []
        while found is not None:
            path.insert(0, found)
            found = found.parent
        self.path = path

    @property
    def seconds(self) -> float:
        return looking_seconds(*(node.name for node in self.nodes))

    def build(self, room: Area, look: Look) -> VGroup:
        """Return lines and boxes, in the order of the nodes: downwards, or to the right.

        It grows the way in which its names are larger.
        """
        self._look = look
        drawn = [self._draw(room, look, down=down) for down in (True, False)]
        sizes = [mobject[1][0][1].font_points * scale for mobject, scale in drawn]
        best = drawn[0] if sizes[0] >= sizes[1] * 0.98 else drawn[1]
        return best[0].scale(best[1])

    def _draw(self, room: Area, look: Look, *, down: bool) -> tuple[VGroup, float]:
        """Return the tree and the scale at which it fits its room."""
        leaves = [node.index for node in self.nodes[0].leaves()]
        levels = max(node.depth for node in self.nodes) + 1
        across = room.width / (len(leaves) if down else levels)
        width = min(WIDEST, across - (GAP if down else 0.55))
        texts = even_texts(
            [node.name for node in self.nodes], look, width=max(width - 2 * PAD[0], 0.3),
            size=look.size("body") * 0.95, role="Node", most=4,
        )  # fmt: skip
        height = max(text.height for text in texts) + 2 * PAD[1]
        widest = max(max(text.width for text in texts) + 2 * PAD[0], 0.9)
        boxes = VGroup(*(box(text, look, widest, text.height + 2 * PAD[1]) for text in texts))
        if down:
            along = (room.height - height) / max(1, levels - 1)
            level = -max(min(height * 2.4, along), height * 1.3)
            places = {index: n * min(across, widest + 1.2) for n, index in enumerate(leaves)}
        else:
            level = min(across, widest + 1.6)
            places = _stacked([(index, boxes[index].height) for index in leaves], room.height)
        for node, shape in zip(self.nodes, boxes, strict=True):
            at, far = node.place(places), node.depth * level
            shape.move_to([at, far, 0] if down else [far, at, 0])
        tree = VGroup(self._lines(boxes, look), boxes)
        return tree, min(1.0, room.width / tree.width, room.height / tree.height)

    def _lines(self, boxes: VGroup, look: Look) -> VGroup:
        """Return the line above each node; the root has an empty one."""
        lines = VGroup()
        for node in self.nodes:
            if node.parent is None:
                lines.add(VGroup())
                continue
            one, two = boxes[node.parent.index][0], boxes[node.index][0]
            start = edge_point(one, two.get_center(), gap=0.0)
            end = edge_point(two, one.get_center(), gap=0.0)
            lines.add(VGroup(Line(start, end).set_stroke(look.muted, 3)))
        return lines

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        lines, boxes = mobject
        scene.play(FadeIn(boxes[0], scale=0.92), run_time=0.6)
        for depth in range(1, max(node.depth for node in self.nodes) + 1):
            level = [node.index for node in self.nodes if node.depth == depth]
            scene.play(
                LaggedStart(*(Create(lines[index][0]) for index in level), lag_ratio=0.2),
                LaggedStart(*(FadeIn(boxes[index], scale=0.92) for index in level), lag_ratio=0.2),
                run_time=min(1.6, 0.7 + 0.12 * len(level)),
            )
        for node in self.path:
            marks = [light(boxes[node.index], self._look)]
            if node.parent is not None:
                marks.append(lines[node.index][0].animate.set_stroke(self._look.accent_colour, 6))
            scene.play(*marks, run_time=0.5)
            scene.pause(0.2)


def _stacked(heights: list[tuple[int, float]], room: float) -> dict[int, float]:
    """Return the middles of boxes below each other, with as much air as there is room for."""
    free = room - sum(height for _, height in heights)
    gap = min(0.5, max(0.16, free / max(1, len(heights) - 1)))
    places, y = {}, 0.0
    for index, height in heights:
        places[index] = y - height / 2
        y -= height + gap
    return places
