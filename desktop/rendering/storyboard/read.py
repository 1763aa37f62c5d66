"""TEMPORARY: replaced by the language's author; lets others import."""
from desktop.domain.library import SourceKind
from desktop.domain.picture import Aspect
from desktop.domain.storyboard import Theme
from desktop.rendering.reading import SourceReading
def read_storyboard(text: str, *, latex: bool = False) -> SourceReading:
    return SourceReading(SourceKind.STORYBOARD, "", "", (), Aspect.WIDE, Theme.DARK, (), (), "")
