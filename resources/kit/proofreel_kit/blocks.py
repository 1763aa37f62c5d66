"""The methods of a scene that show a block, as storyboards name them."""

from __future__ import annotations

from proofreel_kit.block import Block
from proofreel_kit.cards import Outro, Quote, TitleCard
from proofreel_kit.cells import Array
from proofreel_kit.chart import Chart
from proofreel_kit.comparison import Comparison
from proofreel_kit.equations import Derivation, Equation
from proofreel_kit.graph import Graph
from proofreel_kit.image import Image
from proofreel_kit.listing import Listing
from proofreel_kit.plot import Plot
from proofreel_kit.prose import Bullets, Paragraph
from proofreel_kit.steps import Steps
from proofreel_kit.table import Table
from proofreel_kit.timeline import Timeline
from proofreel_kit.tree import Tree


class BlockMethods:
    """One method per block; body lines are positional, options are given as written."""

    def show(self, block: Block) -> None:
        """Place a block on the page and play its appearance."""
        raise NotImplementedError

    def title_card(self, title: str, subtitle: str = "") -> None:
        """Show the title of the video and a line about it."""
        self.show(TitleCard(title, subtitle))

    def paragraph(self, *lines: str) -> None:
        """Show running text."""
        self.show(Paragraph(lines))

    def bullets(self, *items: str, levels: list[int] | None = None, ordered: bool = False) -> None:
        """Show points one after the other; ``levels`` are 0 or 1."""
        self.show(Bullets(items, levels, ordered=ordered))

    def equation(self, formula: str) -> None:
        """Write one formula."""
        self.show(Equation(formula))

    def derivation(self, *rows: str) -> None:
        """Let each formula follow from the one above it."""
        self.show(Derivation(rows))

    def code(self, *lines: str, language: str = "python", hl: str = "") -> None:
        """Show code; ``hl`` lights up lines step by step, as in ``1;2-3``."""
        self.show(Listing(lines, language, hl))

    def plot(self, *lines: str, **options: str) -> None:
        """Draw functions, points, tangents and areas in a coordinate system."""
        self.show(Plot(lines, options))

    def chart(self, *lines: str, **options: str) -> None:
        """Grow bars, columns, a line or a pie from named values."""
        self.show(Chart(lines, options))

    def table(self, *lines: str) -> None:
        """Show cells in columns."""
        self.show(Table(lines))

    def array(self, *lines: str) -> None:
        """Show cells an algorithm compares, swaps and marks."""
        self.show(Array(lines))

    def tree(self, *lines: str) -> None:
        """Show names below those they belong to, as their indents say."""
        self.show(Tree(lines))

    def graph(self, *lines: str) -> None:
        """Show names joined by lines and arrows."""
        self.show(Graph(lines))

    def timeline(self, *lines: str) -> None:
        """Show what happened when."""
        self.show(Timeline(lines))

    def compare(self, *lines: str) -> None:
        """Show two or three things side by side."""
        self.show(Comparison(lines))

    def steps(self, *lines: str) -> None:
        """Show boxes one after the other."""
        self.show(Steps(lines))

    def image(self, path: str, caption: str = "", width: str = "") -> None:
        """Show a picture file."""
        self.show(Image(path, caption, width))

    def quote(self, *lines: str) -> None:
        """Show what somebody said; the last line names them after ``--``."""
        self.show(Quote(lines))

    def outro(self, *lines: str) -> None:
        """Say the last words."""
        self.show(Outro(lines))
