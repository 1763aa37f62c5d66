"""What a job tells the studio: whole lines, not too often, and mistakes in plain words."""

import errno
import json
import os
import threading
from collections.abc import Callable
from typing import Any

import pytest

from desktop.rendering.worker.report import SCENE_FILE, Reporter, explain, scene_line


def sent(say: Callable[[Reporter], None]) -> list[dict[str, Any]]:
    """Return the events that ``say`` sends through a pipe."""
    reading, writing = os.pipe()
    lines: list[bytes] = []

    def read() -> None:
        with os.fdopen(reading, "rb") as pipe:
            lines.extend(pipe)

    reader = threading.Thread(target=read)
    reader.start()
    say(Reporter(writing))
    os.close(writing)
    reader.join()
    return [json.loads(line) for line in lines]


def test_events_are_lines_however_long_they_are() -> None:
    text = "ü\n" * 100_000
    assert sent(lambda report: report.send("done", text=text)) == [{"event": "done", "text": text}]


def test_progress_is_told_a_few_times_a_second() -> None:
    def many(report: Reporter) -> None:
        for frame in range(1, 5000):
            report.progress(frame)

    frames = [event["frame"] for event in sent(many)]
    assert frames[0] == 1
    assert len(frames) < 100


def raised(code: str, name: str = SCENE_FILE) -> BaseException:
    """Return what running ``code`` as a scene's file raises."""
    try:
        exec(compile(code, f"/job/{name}", "exec"), {})
    except BaseException as error:  # noqa: BLE001  the point of it
        return error
    raise AssertionError("it raised nothing")


def test_a_failure_carries_words_line_and_trace() -> None:
    error = raised("x = 1\nimport nowhere_at_all")
    (event,) = sent(lambda report: report.failure(error))
    assert event["event"] == "failed"
    assert event["type"] == "ModuleNotFoundError"
    assert event["message"] == "The module “nowhere_at_all” is not installed."
    assert event["remedy"].endswith("remove the import.")
    assert event["line"] == 2
    assert not event["disk_full"]
    assert "line 2" in event["traceback"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_apart(code: int) -> None:
    (event,) = sent(lambda report: report.failure(OSError(code, "no room")))
    assert event["disk_full"]
    assert event["message"] == "The disk is full."


def test_the_deepest_line_of_the_scene_counts() -> None:
    assert scene_line(raised("def f():\n    return 1 / 0\n\nf()")) == 2
    assert scene_line(raised("import json\n\njson.loads('{')")) == 3
    assert scene_line(raised("(1 +\n")) == 1
    assert scene_line(raised("1 / 0", "elsewhere.py")) is None


@pytest.mark.parametrize(
    ("code", "message", "remedy"),
    [
        ("import not_there", "The module “not_there” is not installed.", "remove the import"),
        ("from os import getcdw", "cannot import name 'getcdw' from 'os'.", "Check the spelling."),
        ("open('/no/such/file')", "The file /no/such/file is not there.", "beside the source"),
        ("raise FileNotFoundError(2, '', 'latex')", "LaTeX is not installed", "MathTypst"),
        ("raise ImportError('typst is missing')", "Typst is not installed.", "packaging/run"),
        ("circle = 1\ncirle", "name 'cirle' is not defined.", "Did you mean circle?"),
        ("qqqq", "name 'qqqq' is not defined.", "Check the spelling"),
        ("''.uper()", "'str' object has no attribute 'uper'.", "Did you mean upper?"),
        ("''.zzzz", "has no attribute 'zzzz'.", "Check the spelling."),
        ("raise MemoryError", "more memory than it may have", "Settings > Rendering"),
        ("def f(): f()\nf()", "calls itself without end", "condition that ends it"),
        ("exit()", "ended the program itself", "Remove the call"),
        ("raise ValueError('Too few.')", "Too few.", ""),
        ("raise LookupError('No scene A.')", "No scene A.", "Check its name."),
        ("{}['a']", "KeyError: 'a'", ""),
        ("1 / 0", "ZeroDivisionError: division by zero", ""),
        ("x = (1,", "Not valid Python: '(' was never closed.", "Correct the line."),
        ("import errno\nraise OSError(errno.EFBIG, 'big')", "more than a scene may", "Simplify"),
        ("raise PermissionError(13, 'Denied', '/data')", "PermissionError", ""),
        ("assert False", "AssertionError: AssertionError", ""),
    ],
)
def test_every_mistake_has_its_sentence(code: str, message: str, remedy: str) -> None:
    title, hint = explain(raised(code))
    assert message in title
    assert remedy in hint


def test_of_a_long_message_the_end_is_told() -> None:
    title, _hint = explain(RuntimeError("\n".join(f"line {n}" for n in range(50)) + "x" * 900))
    assert title.startswith("RuntimeError: line 47 line 48")
    assert len(title) < 430
