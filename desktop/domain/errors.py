"""The errors a person meets, each with a remedy.

::

    StudioError
    ├── InvalidInput     what was given cannot be understood (storyboard, code, file)
    ├── NotFound         a project, video, version or file that is gone
    ├── Conflict         somebody else changed it first
    ├── RenderFailed     a scene's code raised, hung or produced nothing
    ├── Refused          a rule of Proofreel forbids it (newer database, unsafe path)
    │   └── NotAllowed   code from elsewhere that nobody has allowed to run
    └── Unavailable      the environment is not up to it (disk full, folder read-only, tool missing)
        └── Unprotected  nothing keeps the code of scenes from the rest of the computer

Programming mistakes stay builtin exceptions: they are bugs and reach the crash dialog.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class Severity(StrEnum):
    """How much a problem matters: errors stop a render, warnings are shown beside it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding at one place of a source text."""

    message: str
    """What is wrong, in the editor's words; one sentence."""
    line: int | None = None
    """1-based line in the text the editor sees; None when it concerns the whole text."""
    remedy: str = ""
    """What to do about it; may be empty when the message says it."""
    severity: Severity = Severity.ERROR
    column: int | None = None
    """1-based column, when known."""

    @override
    def __str__(self) -> str:
        """Format as the command line prints it."""
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.message}" + (f" {self.remedy}" if self.remedy else "")


class StudioError(Exception):
    """Something the editor can act on: a title, what happened, and what to do."""

    def __init__(self, title: str, detail: str = "", remedy: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.remedy = remedy

    @override
    def __str__(self) -> str:
        """Join title, detail and remedy into one readable text."""
        return " ".join(part for part in (self.title, self.detail, self.remedy) if part)


class InvalidInput(StudioError):
    """What was given cannot be understood; ``problems`` name the lines."""

    def __init__(
        self, title: str, detail: str = "", remedy: str = "", problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(title, detail, remedy)
        self.problems = tuple(problems)


class NotFound(StudioError):
    """A project, video, version or file that is not there (any more)."""


class Conflict(StudioError):
    """Somebody else changed the same thing first; nothing was overwritten."""


class RenderFailed(StudioError):
    """A scene could not be rendered; ``problems`` name lines of the scene's source."""

    def __init__(
        self,
        title: str,
        detail: str = "",
        remedy: str = "",
        problems: Sequence[Problem] = (),
        log: str = "",
    ) -> None:
        super().__init__(title, detail, remedy)
        self.problems = tuple(problems)
        self.log = log


class Refused(StudioError):
    """A rule of Proofreel forbids it."""


class NotAllowed(Refused):
    """Code that came from elsewhere was not run: a person has to allow it first."""


class Unavailable(StudioError):
    """The environment is not up to it: disk full, folder read-only, a tool missing."""


class Unprotected(Unavailable):
    """No sandbox works here; a person may decide to go without until the program ends."""
