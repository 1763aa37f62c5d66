"""What reading a source text gives: scenes with stand-alone code, and problems with their lines.

Kept apart from ``source`` so that both readers can build these values and ``source`` can call both.
"""

from dataclasses import dataclass

from desktop.domain.errors import Problem, Severity
from desktop.domain.library import SourceKind
from desktop.domain.picture import Aspect
from desktop.domain.storyboard import Theme


@dataclass(frozen=True, slots=True)
class SourceScene:
    """One scene of a source text."""

    title: str
    class_name: str
    line: int
    """1-based first line in the editor's text."""
    end_line: int
    """1-based last line, inclusive."""
    text: str
    """Exact text of the scene in the source."""
    code: str
    """Complete module that defines ``class_name``; the same wherever the scene stands."""
    line_map: tuple[int, ...]
    """The editor's line of each line of ``code``; 0 where there is none."""
    assets: tuple[str, ...] = ()
    """Relative paths the scene reads: pictures and sibling modules."""
    explicit_id: str = ""
    """The id written in the text, if any."""
    problems: tuple[Problem, ...] = ()
    """What is wrong in this scene; with an error among them ``code`` may be empty."""

    @property
    def broken(self) -> bool:
        """Whether an error keeps the scene from being rendered."""
        return not self.code or any(p.severity is Severity.ERROR for p in self.problems)


@dataclass(frozen=True, slots=True)
class SourceReading:
    """A whole source text, read."""

    kind: SourceKind
    title: str
    description: str
    tags: tuple[str, ...]
    aspect: Aspect
    theme: Theme
    scenes: tuple[SourceScene, ...]
    problems: tuple[Problem, ...]
    """All problems, those of the scenes included, sorted by line."""
    module: str
    """The whole exported module, which plain ``manim render`` accepts."""
