"""Only code that runs as it is written counts, whatever surrounds it."""

import pytest

from desktop.domain.library import SourceKind
from desktop.rendering.executable import Passage, fingerprint, is_run, passages

MANIM = "from manim import *\n\n\nclass A(Scene):\n    def construct(self):\n        self.wait()\n"

STORYBOARD = """---
title: Limits
---

## One

> Spoken.

```manim
self.wait(1)
```

## Two

```python
import os
```

```manim
x = 1

self.wait(x)
```
"""


def hashed(kind: SourceKind, text: str) -> str:
    return fingerprint(passage.code for passage in passages(kind, text))


def test_a_manim_file_is_code_from_end_to_end() -> None:
    assert passages(SourceKind.MANIM, MANIM) == (Passage(1, MANIM),)


def test_of_a_storyboard_only_manim_blocks_are_code_with_their_lines() -> None:
    found = passages(SourceKind.STORYBOARD, STORYBOARD)
    assert found == (Passage(10, "self.wait(1)"), Passage(20, "x = 1\n\nself.wait(x)"))
    lines = STORYBOARD.splitlines()
    assert [lines[passage.line - 1] for passage in found] == ["self.wait(1)", "x = 1"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (SourceKind.STORYBOARD, "## One\n\n- manim is nice\n\n```python\nimport os\n```\n"),
        (SourceKind.STORYBOARD, ""),
        (SourceKind.MANIM, " \n"),
        (SourceKind.FOOTAGE, "import os"),
    ],
)
def test_texts_without_code_have_none(kind: SourceKind, text: str) -> None:
    assert passages(kind, text) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("> Spoken.", "> Spoken otherwise, at length."),
        ("self.wait(1)", "self.wait( 1 )  # a second"),
        ("title: Limits", "title: Limits\ntheme: light"),
        ("## Two", "## Second\n\n- a bullet"),
        ("import os", "import subprocess"),
    ],
)
def test_words_spacing_and_comments_make_no_other_code(before: str, after: str) -> None:
    assert before in STORYBOARD
    changed = STORYBOARD.replace(before, after)
    assert hashed(SourceKind.STORYBOARD, changed) == hashed(SourceKind.STORYBOARD, STORYBOARD)


@pytest.mark.parametrize(
    ("before", "after"), [("self.wait(1)", "self.wait(2)"), ("x = 1", "import os; x = 1")]
)
def test_other_code_is_other_code(before: str, after: str) -> None:
    changed = STORYBOARD.replace(before, after)
    assert hashed(SourceKind.STORYBOARD, changed) != hashed(SourceKind.STORYBOARD, STORYBOARD)


def test_code_cannot_be_moved_between_pieces_unseen() -> None:
    assert fingerprint(["a", "b"]) != fingerprint(["a\nb"])
    assert fingerprint(["def ("]) != fingerprint(["def )"])


@pytest.mark.parametrize(
    "name", ["helpers.py", "a.so", "data.npy", "evil.PYC", "folder/x.zip", "x"]
)
def test_files_beside_a_text_are_code_unless_they_are_only_shown(name: str) -> None:
    assert is_run(name)


@pytest.mark.parametrize("name", ["cat.png", "sub/Logo.SVG", "ding.wav"])
def test_pictures_and_sounds_are_not(name: str) -> None:
    assert not is_run(name)
