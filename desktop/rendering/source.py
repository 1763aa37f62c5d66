"""Reading of any source text: the one entrance to both languages.

An editor writes storyboards or Manim files; services ask here and get the same values for both.
"""

from desktop.domain.library import SourceKind
from desktop.domain.picture import Aspect
from desktop.domain.storyboard import Theme
from desktop.rendering.manim_source.read import read_manim
from desktop.rendering.reading import SourceReading, SourceScene
from desktop.rendering.storyboard.read import read_storyboard

__all__ = ["SourceReading", "SourceScene", "read_source"]


def read_source(kind: SourceKind, text: str, *, latex: bool = False) -> SourceReading:
    """Read ``text`` into scenes with stand-alone code.

    Content never raises: whatever is wrong with it comes back as problems with their lines.
    Footage has no text and gives an empty reading.

    Args:
        kind: the language of the text.
        text: the editor's text, in any line ending, with or without a byte order mark.
        latex: whether LaTeX is installed, for storyboards whose ``math`` is ``auto``.
    """
    match kind:
        case SourceKind.STORYBOARD:
            return read_storyboard(text, latex=latex)
        case SourceKind.MANIM:
            return read_manim(text)
        case SourceKind.FOOTAGE:
            return SourceReading(kind, "", "", (), Aspect.WIDE, Theme.DARK, (), (), "")
