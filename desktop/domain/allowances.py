"""What a person has said about code from elsewhere: shown again to whoever takes it back."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Allowance:
    """Code that a person has allowed to run here."""

    digest: str
    """Names the code whatever its comments and spacing."""
    exact: str
    """SHA-256 of its file or text as it was."""
    title: str
    """Title that its video had."""
    name: str
    """Name of the file beside the text; empty for the text itself."""
    origin: str
    """File it was brought from; empty when that is not known."""
    when: datetime
    videos: tuple[str, ...]
    """Ids of the videos that it is the code of."""

    @property
    def label(self) -> str:
        """What a person knows it by."""
        return f"{self.name}, beside {self.title}" if self.name else self.title
