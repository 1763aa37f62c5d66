"""What there is to know about the code of a text before it runs: gathered, not judged.

Runs in the process that reads texts; nothing is imported or run.
"""

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.config.paths import resource_dir
from desktop.domain.errors import Problem
from desktop.domain.library import SourceKind
from desktop.services.reading import ReadingTask, read


@dataclass(frozen=True, slots=True)
class CodeFile:
    """One piece of code that would be run: that of the text itself, or of a file beside it."""

    name: str
    """Name of the file beside the text; empty for the text itself."""
    code: str
    """With every line where it is in the text or file; what is no code there is blank."""
    digest: str
    """Names the code whatever its comments and spacing."""
    exact: str
    """SHA-256 of the bytes of its file or text."""
    imports: tuple[str, ...]
    findings: tuple[Problem, ...]
    """What screening says, with lines of the text or file."""
    shipped: bool = False
    """Whether Proofreel brought it."""

    @property
    def line_count(self) -> int:
        """How many lines have something on them."""
        return sum(1 for line in self.code.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Evidence:
    """All code that rendering a text would run."""

    files: tuple[CodeFile, ...]
    scenes: tuple[str, ...]
    """Titles, in order."""


def examine(task: ReadingTask) -> Evidence:
    """Return the code of a text and of the files beside it that its scenes run."""
    from desktop.rendering.executable import is_run  # noqa: PLC0415 - what the window saves

    reading = read(task)
    beside = {
        asset.name: Path(asset.path)
        for scene in reading.scenes
        for asset in scene.assets
        if is_run(asset.name)
    }
    siblings = [Path(name).stem for name in beside]
    files = [*_of_text(task, siblings)]
    files += [_of_file(name, path, siblings) for name, path in beside.items()]
    return Evidence(tuple(files), tuple(scene.scene.title for scene in reading.scenes))


def exact(text: str) -> str:
    """Return the hash of a text as it stands."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _of_text(task: ReadingTask, siblings: list[str]) -> Iterator[CodeFile]:
    from desktop.rendering import executable, screening  # noqa: PLC0415 - likewise

    pieces = executable.passages(task.kind, task.text)
    if not pieces:
        return
    code = ""
    for piece in pieces:
        code += "\n" * (piece.line - 1 - code.count("\n")) + piece.code
    digest = executable.fingerprint(piece.code for piece in pieces)
    findings = tuple(
        finding
        for piece in pieces
        for finding in screening.screen(piece.code, first_line=piece.line, siblings=siblings)
    )
    names = {name for piece in pieces for name in screening.imports(piece.code)}
    shipped = digest in _shipped()
    yield CodeFile("", code, digest, exact(task.text), tuple(sorted(names)), findings, shipped)


def _of_file(name: str, path: Path, siblings: list[str]) -> CodeFile:
    from desktop.rendering import executable, screening  # noqa: PLC0415 - likewise

    data = path.read_bytes()
    code = data.decode("utf-8", "replace")
    binary = "�" in code or not name.endswith(".py")
    bytes_digest = hashlib.sha256(data).hexdigest()
    return CodeFile(
        name,
        code,
        bytes_digest if binary else executable.fingerprint([code]),
        bytes_digest,
        screening.imports(code),
        screening.screen(code, siblings=siblings),
    )


@functools.cache
def _shipped() -> frozenset[str]:
    """Return the hashes of the code in the samples: their text decides, not their name."""
    from desktop.rendering import executable  # noqa: PLC0415 - likewise

    texts = [
        path.read_text("utf-8")
        for folder in ("samples", "templates")
        for path in (resource_dir() / folder).rglob("*.md")
    ]
    code = (executable.passages(SourceKind.STORYBOARD, text) for text in texts)
    return frozenset(executable.fingerprint(one.code for one in each) for each in code if each)
