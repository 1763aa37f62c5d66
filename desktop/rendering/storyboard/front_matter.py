"""The YAML at the head of a storyboard: title, look and labels of the whole video."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from desktop.domain.errors import Problem, Severity
from desktop.domain.picture import Aspect
from desktop.domain.storyboard import MathEngine, Theme

KEYS = ("title", "theme", "aspect", "accent", "math", "captions", "description", "tags")
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")
_CHOICES: dict[str, tuple[str, ...]] = {
    "theme": tuple(Theme),
    "aspect": tuple(Aspect),
    "math": tuple(MathEngine),
    "captions": (*_YES, *_NO),
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head says; everything has a default."""

    values: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    end: int = 0
    """How many lines the head takes, fences included; 0 when there is none."""


def read_front_matter(lines: Sequence[str]) -> FrontMatter:
    """Read the head of a text, if it has one."""
    if not lines or lines[0].rstrip() != "---":
        return FrontMatter()
    end = next((n for n in range(1, len(lines)) if lines[n].rstrip() in {"---", "..."}), 0)
    if not end:
        problem = Problem("The front matter is not closed.", 1, "End it with a line of ---.")
        return FrontMatter(problems=(problem,), end=0)
    try:
        # All scalars stay text: to YAML 1.1, the shape 16:9 is a number to base 60.
        node = yaml.compose("\n".join(lines[1:end]), Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        return FrontMatter(problems=(_yaml_problem(error),), end=end + 1)
    if node is None:
        return FrontMatter(end=end + 1)
    if not isinstance(node, yaml.MappingNode):
        problem = Problem("The front matter is no list of settings.", 2, "Write “title: …”.")
        return FrontMatter(problems=(problem,), end=end + 1)
    return _read_mapping(node, end + 1)


def _read_mapping(node: yaml.MappingNode, end: int) -> FrontMatter:
    values: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    problems: list[Problem] = []
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 2
        if key == "tags":
            tags = _tags(value_node)
        elif not isinstance(value_node, yaml.ScalarNode):
            problems.append(Problem(f"“{key}” takes one value.", line, f"Write “{key}: …”."))
        else:
            found = list(_check(key, value_node.value, line))
            problems += found
            if not found:
                values[key] = value_node.value.strip()
    return FrontMatter(values, tags, tuple(problems), end)


def _tags(node: yaml.Node) -> tuple[str, ...]:
    if isinstance(node, yaml.SequenceNode):
        parts = [str(item.value) for item in node.value if isinstance(item, yaml.ScalarNode)]
    else:
        parts = str(node.value).split(",") if isinstance(node, yaml.ScalarNode) else []
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _check(key: str, value: str, line: int) -> Iterator[Problem]:
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, 1)
        remedy = f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(KEYS)}."
        yield Problem(f"The setting “{key}” is not known.", line, remedy, Severity.WARNING)
    elif key in _CHOICES and value.strip() not in _CHOICES[key]:
        yield Problem(f"“{value}” is no {key}.", line, f"Use {' or '.join(_CHOICES[key])}.")
    elif key == "accent" and not re.fullmatch(r"#[0-9a-fA-F]{6}", value.strip()):
        yield Problem(f"“{value}” is no colour.", line, 'Write it as "#3b82f6".')


def is_yes(value: str) -> bool:
    """Tell whether a switch is on."""
    return value.strip().casefold() not in _NO


def _yaml_problem(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 2 if mark is not None else 1
    what = str(getattr(error, "problem", "") or "it cannot be read")
    return Problem(
        f"The front matter is not valid YAML: {what}.",
        line,
        "Write one “key: value” per line; put values with a colon in quotes.",
    )
