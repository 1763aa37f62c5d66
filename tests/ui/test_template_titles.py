"""Whatever a video is called, its first text is read without an error and carries the title."""

import ast

import pytest

from desktop.domain.library import SourceKind
from desktop.rendering.source import read_source
from desktop.ui.new_video import TEMPLATES, Template

TITLES = [
    "Limits: a story",
    'What is "half"?',
    "#1 of many",
    "- 5 degrees",
    "[draft] {x}",
    "It's 16:9",
    "50% & more",
    "back\\slash",
    '"""',
    "Größe 中",
]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.file)
def test_any_title_gives_a_source_without_errors(template: Template, title: str) -> None:
    text = template.source(title)
    reading = read_source(template.kind, text)
    assert reading.problems == ()
    assert reading.scenes
    if template.kind is SourceKind.STORYBOARD:
        assert reading.title == title
    else:
        ast.parse(text)
