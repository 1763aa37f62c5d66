"""The methods of a scene that show a block, as storyboards name them."""

from __future__ import annotations

from proofreel_kit.block import Block
from proofreel_kit.equations import Equation
from proofreel_kit.prose import Bullets, Paragraph


class BlockMethods:
    """One method per block; body lines are positional, options are given as written."""

    def show(self, block: Block) -> None:
        """Place a block on the page and play its appearance."""
        raise NotImplementedError

    def paragraph(self, *lines: str) -> None:
        """Show running text."""
        self.show(Paragraph(lines))

    def bullets(
        self, *items: str, levels: list[int] | None = None, ordered: bool = False
    ) -> None:
        """Show points one after the other; ``levels`` are 0 or 1."""
        self.show(Bullets(items, levels, ordered=ordered))

    def equation(self, formula: str) -> None:
        """Write one formula."""
        self.show(Equation(formula))
