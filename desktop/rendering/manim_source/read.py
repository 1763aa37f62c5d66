"""TEMPORARY: replaced by the language's author; lets others import."""
from desktop.domain.library import SourceKind
from desktop.domain.picture import Aspect
from desktop.domain.storyboard import Theme
from desktop.rendering.reading import SourceReading
def read_manim(text: str) -> SourceReading:
    return SourceReading(SourceKind.MANIM, "", "", (), Aspect.WIDE, Theme.DARK, (), (), "")
