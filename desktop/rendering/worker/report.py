"""Telling the studio: events as JSON lines, exceptions as problems with a line and a remedy."""

import builtins
import difflib
import errno
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any

PROGRESS_SECONDS = 0.08
"""Shortest time between two progress events."""

LIKENESS = 0.75
"""How alike two names are, from 0 to 1, for one to be a slip of the other."""

SCENE_FILE = "proofreel_scene.py"
"""Name of the scene's module; see ``rendering.workspace``."""


class Reporter:
    """Writes events to the zygote's pipe."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._last = 0.0

    def send(self, event: str, **values: Any) -> None:  # noqa: ANN401  any JSON value
        """Send one event."""
        data = json.dumps({"event": event, **values}).encode() + b"\n"
        while data:
            data = data[os.write(self._pipe, data) :]

    def progress(self, frame: int) -> None:
        """Send how many frames are done, not too often."""
        moment = time.monotonic()
        if moment - self._last >= PROGRESS_SECONDS:
            self._last = moment
            self.send("frame", frame=frame)

    def failure(self, error: BaseException) -> None:
        """Send what went wrong, in words."""
        title, remedy = explain(error)
        self.send(
            "failed",
            type=type(error).__name__,
            message=title,
            remedy=remedy,
            line=scene_line(error),
            disk_full=isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT},
            traceback="".join(traceback.format_exception(error))[-8000:],
        )


def scene_line(error: BaseException) -> int | None:
    """Return the deepest line of the scene's own code that the exception passed through.

    Blocks of the kit know which of their lines is wrong: each has its own line in the call.
    """
    if isinstance(error, SyntaxError) and str(error.filename).endswith(SCENE_FILE):
        return error.lineno
    stack = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in stack if frame.filename.endswith(SCENE_FILE)]
    if not frames:
        return None
    first, last = frames[-1].lineno, frames[-1].end_lineno
    row = getattr(error, "row", None)
    if first is None or last is None or last == first or not isinstance(row, int):
        return first
    return min(first + 1 + row, last)


def explain(error: BaseException) -> tuple[str, str]:
    """Return (what happened, what to do) for an exception of a scene."""
    text = str(error).strip() or type(error).__name__
    for kind, make in _EXPLANATIONS:
        if isinstance(error, kind):
            explained = make(error, text)
            if explained:
                return explained
    return f"{type(error).__name__}: {_short(text)}", ""


def _missing_module(error: BaseException, text: str) -> tuple[str, str] | None:
    name = getattr(error, "name", None)
    if "typst" in text:
        return "Typst is not installed.", "Run packaging/run again; it installs it."
    if not name:
        return None
    if not isinstance(error, ModuleNotFoundError):
        likely = _likely(getattr(error, "name_from", None), dir(sys.modules.get(name)))
        hint = f"Did you mean {likely}?" if likely else "Check the spelling."
        return f"{_short(text.partition(' (')[0])}.", hint
    return (
        f"The module “{name}” is not installed.",
        "Scenes may use manim, numpy, scipy and modules beside the file; remove the import.",
    )


def _missing_file(error: BaseException, text: str) -> tuple[str, str] | None:
    name = str(getattr(error, "filename", "") or text)
    if name in {"latex", "dvisvgm", "xelatex", "pdflatex"}:
        return (
            "LaTeX is not installed, and this scene sets formulas with it.",
            "Use MathTypst instead of MathTex, or install LaTeX and dvisvgm.",
        )
    return f"The file {name} is not there.", "Put it beside the source, or correct its name."


def _system(error: BaseException, _text: str) -> tuple[str, str] | None:
    code = getattr(error, "errno", None)
    if code in {errno.ENOSPC, errno.EDQUOT}:
        return "The disk is full.", "Free some space and render again."
    if code == errno.EFBIG:
        return "The scene writes more than a scene may.", "Simplify it."
    return None


def _bad_name(error: BaseException, text: str) -> tuple[str, str] | None:
    likely = _likely(getattr(error, "name", None), _names_in_reach(error))
    hint = f"Did you mean {likely}?" if likely else "Check the spelling, or define it first."
    return f"{_short(text)}.", hint


def _bad_attribute(error: BaseException, text: str) -> tuple[str, str] | None:
    likely = _likely(getattr(error, "name", None), dir(getattr(error, "obj", None)))
    hint = f"Did you mean {likely}?" if likely else "Check the spelling."
    return f"{_short(text)}.", hint


def _likely(name: str | None, known: Iterable[str]) -> str:
    """Return the known name that ``name`` is probably a slip of; empty when there is none."""
    return next(iter(difflib.get_close_matches(name or "", known, 1, LIKENESS)), "")


def _names_in_reach(error: BaseException) -> set[str]:
    """Return the names that could have been used where an exception was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return set()
    return {*trace.tb_frame.f_locals, *trace.tb_frame.f_globals, *dir(builtins)}


def _plain_lookup(error: BaseException, text: str) -> tuple[str, str] | None:
    """Pass on our own message; the subclasses speak of the scene's lists and dictionaries."""
    return (_short(text), "Check its name.") if type(error) is LookupError else None


Explain = Callable[[BaseException, str], tuple[str, str] | None]

_EXPLANATIONS: tuple[tuple[type[BaseException], Explain], ...] = (
    (ImportError, _missing_module),
    (FileNotFoundError, _missing_file),
    (OSError, _system),
    (NameError, _bad_name),
    (AttributeError, _bad_attribute),
    (
        MemoryError,
        lambda _e, _t: (
            "The scene needs more memory than it may have.",
            "Simplify it, or allow more in Settings > Rendering.",
        ),
    ),
    (
        RecursionError,
        lambda _e, _t: (
            "The scene calls itself without end.",
            "Give the function a condition that ends it.",
        ),
    ),
    (
        SystemExit,
        lambda _e, _t: ("The scene ended the program itself.", "Remove the call of exit."),
    ),
    (
        SyntaxError,
        lambda e, _t: (f"Not valid Python: {getattr(e, 'msg', '')}.", "Correct the line."),
    ),
    (ValueError, lambda _e, text: (_short(text), "")),
    (LookupError, _plain_lookup),
)


def _short(text: str) -> str:
    """Return the last paragraph of a message: libraries put the cause at the end."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    joined = " ".join(lines[-3:]) if len(lines) > 3 else " ".join(lines)
    return joined if len(joined) <= 400 else joined[:397] + "..."
