"""Graphs: names joined by lines and arrows, and paths through them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from manim import Create, FadeIn, LaggedStart, Mobject, VGroup

from proofreel_kit.area import Area, fit
from proofreel_kit.block import Block, looking_seconds
from proofreel_kit.boxes import PILL_PAD, even_texts, light, pill
from proofreel_kit.edges import joined
from proofreel_kit.errors import BlockError
from proofreel_kit.look import Look
from proofreel_kit.text import set_text

if TYPE_CHECKING:
    from proofreel_kit.scene import KitScene

_EDGE = re.compile(r"(.+?)\s*(->|--)\s*(.+)")
WIDEST = 2.8
LEAST_GAP = 0.55
"""Units between neighbours."""
LARGEST = 3.6
"""Units between layers, at most."""
WIDE = 1.25
"""How much wider than high a room must be for rows: nodes are wider than they are high."""
USUAL_HEIGHT = 1.3
"""Units, of a node with two lines."""
LONGEST_ROW = 6
"""Nodes of a chain that stand in one row; longer ones turn at the end of each row."""


@dataclass
class Edge:
    """Two names and how they are joined."""

    start: str
    end: str
    directed: bool
    label: str
    row: int


class Graph(Block):
    """Lines such as ``A -> B : 5`` and ``A -- B``; ``highlight A -> B`` lights up a path."""

    grows = True

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.names: list[str] = []
        self.edges: list[Edge] = []
        self.path: list[str] = []
        for row, line in enumerate(lines):
            text = line.strip()
            if text.startswith("highlight "):
                self._highlight(text.removeprefix("highlight "), row)
            elif text:
                self._read(text, row)
        if not self.names:
            raise BlockError("The graph is empty. Write lines such as A -> B.")

    def _read(self, text: str, row: int) -> None:
        body, colon, label = text.rpartition(":")
        match = _EDGE.fullmatch((body if colon else text).strip())
        if match is None:
            if colon or "-" in text:
                raise BlockError(
                    f"“{text}” joins nothing. Write A -> B, A -- B or A -> B : 5.", row
                )
            self._know(text)
            return
        start, mark, end = (part.strip() for part in match.groups())
        if start == end:
            raise BlockError(f"“{start}” is joined to itself, which cannot be shown.", row)
        self._know(start)
        self._know(end)
        self.edges.append(Edge(start, end, mark == "->", label.strip() if colon else "", row))

    def _know(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)

    def _highlight(self, text: str, row: int) -> None:
        path = [name.strip() for name in re.split(r"->|--|,", text) if name.strip()]
        for name in path:
            if name not in self.names:
                raise BlockError(f"There is no “{name}” above this line to highlight.", row)
        self.path = path

    @property
    def seconds(self) -> float:
        return looking_seconds(*self.names) + 0.5 * len(self.edges)

    def build(self, room: Area, look: Look) -> VGroup:
        """Return edges, each with its label, then nodes."""
        self._look = look
        places = self._places(room)
        texts = even_texts(
            self.names, look, width=_widest(places, room) - PILL_PAD,
            size=look.size("body"), role="Node", most=2,
        )  # fmt: skip
        tall = max(text.height for text in texts) + 0.5
        nodes = VGroup(*(pill(text, look, tall) for text in texts))
        widest = max(node.width for node in nodes)
        inner = Area(0, 0, max(room.width - widest, 0.5), max(room.height - tall, 0.5))
        for node, place in zip(nodes, _apart(_spread(places, inner), widest, tall), strict=True):
            node.move_to([*place, 0.0])
        edges = VGroup(*(self._edge(edge, nodes, look) for edge in self.edges))
        return fit(VGroup(edges, nodes), room.width, room.height)

    def _places(self, room: Area) -> np.ndarray:
        """Return the places of the nodes in units of their own."""
        wide = room.width >= room.height * WIDE
        graph = nx.DiGraph()
        graph.add_nodes_from(self.names)
        graph.add_edges_from((edge.start, edge.end) for edge in self.edges)
        one_way = all(edge.directed for edge in self.edges) and self.edges
        if one_way and nx.is_directed_acyclic_graph(graph):
            if (
                len(self.names) > LONGEST_ROW
                and nx.dag_longest_path_length(graph) == len(graph) - 1
            ):
                return _folded(nx.dag_longest_path(graph), self.names, room)
            places = _layers(graph, self.names)
        else:
            around = nx.circular_layout(self.names)
            found = nx.kamada_kawai_layout(graph.to_undirected(), pos=around)
            places = _turned(np.array([found[name] for name in self.names]))
        return places if wide else places[:, ::-1] * np.array([1.0, -1.0])

    def _edge(self, edge: Edge, nodes: VGroup, look: Look) -> VGroup:
        one = nodes[self.names.index(edge.start)][0]
        two = nodes[self.names.index(edge.end)][0]
        others = [node[0] for node in nodes if node[0] is not one and node[0] is not two]
        joint = joined(one, two, others, two_way=self._has_way_back(edge))
        line = joint.draw(look.muted, directed=edge.directed)
        group = VGroup(line)
        if edge.label:
            label = set_text(
                edge.label, look, size=look.size("label"), width=2.0, weight="SEMIBOLD",
                role=f"Label from {edge.start} to {edge.end}", row=edge.row,
            )  # fmt: skip
            group.add(label.move_to(joint.beside(label)))
        return group

    def _has_way_back(self, edge: Edge) -> bool:
        return any((one.start, one.end) == (edge.end, edge.start) for one in self.edges)

    def enter(self, scene: KitScene, mobject: Mobject) -> None:
        edges, nodes = mobject
        scene.play(
            LaggedStart(*(FadeIn(node, scale=0.85) for node in nodes), lag_ratio=0.2),
            run_time=min(2.0, 0.6 + 0.12 * len(nodes)),
        )
        if len(edges):
            scene.play(
                LaggedStart(*(Create(edge[0]) for edge in edges), lag_ratio=0.25),
                run_time=min(2.4, 0.7 + 0.15 * len(edges)),
            )
        labels = [edge[1] for edge in edges if len(edge) > 1]
        if labels:
            scene.play(*map(FadeIn, labels), run_time=0.4)
        for before, name in zip(["", *self.path], self.path, strict=False):
            walked = [
                drawn[0].animate.set_color(self._look.accent_colour)
                for edge, drawn in zip(self.edges, edges, strict=True)
                if before and {edge.start, edge.end} == {before, name}
            ]
            if walked:
                scene.play(*walked, run_time=0.4)
            scene.play(light(nodes[self.names.index(name)], self._look), run_time=0.4)
            scene.pause(0.2)


def _layers(graph: nx.DiGraph, names: list[str]) -> np.ndarray:
    """Return places from left to right, each node after all that lead to it."""
    places = {}
    for x, layer in enumerate(nx.topological_generations(graph)):
        ordered = sorted(layer, key=names.index)
        for index, name in enumerate(ordered):
            places[name] = (float(x), (len(ordered) - 1) / 2 - index)
    return np.array([places[name] for name in names])


def _folded(chain: list[str], names: list[str], room: Area) -> np.ndarray:
    """Return places of a chain in rows, each in the other direction than the one above it."""
    count = len(chain)

    def room_of_each(columns: int) -> float:
        return min(room.width / columns / LARGEST, room.height / math.ceil(count / columns) / 1.8)

    columns = max(range(2, LONGEST_ROW + 1), key=room_of_each)
    places = {}
    for index, name in enumerate(chain):
        row, column = divmod(index, columns)
        places[name] = (float(columns - 1 - column if row % 2 else column), -0.6 * row)
    return np.array([places[name] for name in names])


def _turned(places: np.ndarray) -> np.ndarray:
    """Turn places so that they reach farthest from left to right, the first one on the left."""
    middle = places - places.mean(axis=0)
    if len(places) < 3:
        middle = np.column_stack([np.arange(len(places)), np.zeros(len(places))])
        return middle - middle.mean(axis=0)
    _, axes = np.linalg.eigh(middle.T @ middle)
    turned = middle @ axes[:, ::-1]
    signs = np.where(turned[0] > 1e-9, -1.0, 1.0) * np.array([1.0, -1.0])
    return turned * signs


def _widest(places: np.ndarray, room: Area) -> float:
    """Return how wide nodes may be so that neighbours in a row keep a gap for their line."""
    spread = _spread(places, room)
    size = max(float(np.ptp(spread[:, 0])), 1e-6)
    share = max(min((across / size for across in _gaps(spread, USUAL_HEIGHT)), default=1.0), 0.12)
    return float(min(WIDEST, max((room.width * share - LEAST_GAP) / (1 + share), 1.0)))


def _gaps(places: np.ndarray, near: float, axis: int = 0) -> list[float]:
    """Return how far pairs are apart along an axis that are nearer than this along the other.

    Pairs with no gap are those that stand one above the other: only the other axis parts them.
    """
    gaps = (
        float(abs(one[axis] - two[axis]))
        for index, one in enumerate(places)
        for two in places[:index]
        if abs(one[1 - axis] - two[1 - axis]) < near
    )
    return [gap for gap in gaps if gap > 1e-6]


def _apart(places: np.ndarray, widest: float, tall: float) -> np.ndarray:
    """Stretch places until no two nodes touch; the whole is made smaller later."""
    for axis, size, near in ((0, widest, tall), (1, tall, widest)):
        nearest = min(_gaps(places, near, axis), default=np.inf)
        places = places * np.where(np.arange(2) == axis, max(1, (size + LEAST_GAP) / nearest), 1)
    return places


def _spread(places: np.ndarray, room: Area) -> np.ndarray:
    """Stretch places over a room, but not so far that neighbours lose sight of each other."""
    low, high = places.min(axis=0), places.max(axis=0)
    reach = np.array([room.width, room.height])
    return (places - (low + high) / 2) * np.minimum(reach / np.maximum(high - low, 1e-6), LARGEST)
