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
    begin = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not lines or lines[begin].rstrip() != "---":
        return FrontMatter()
    end = _end(lines, begin)
    if not end:
        problem = Problem(
            "The front matter is not closed.", begin + 1, "End it with a line of ---."
        )
        return FrontMatter(problems=(problem,), end=0)
    node, wrong = _compose(lines[begin:end], begin)
    if wrong is not None:
        return FrontMatter(problems=(wrong,), end=end + 1)
    if not isinstance(node, yaml.MappingNode):
        return FrontMatter(end=end + 1)
    return _read_mapping(node, begin, end + 1)


def _compose(head: Sequence[str], begin: int) -> tuple[yaml.Node | None, Problem | None]:
    try:
        # All scalars stay text: to YAML 1.1, the shape 16:9 is a number to base 60.
        node = yaml.compose("\n".join(head[1:]), Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        return None, _yaml_problem(error, head, begin)
    except RecursionError:
        return None, Problem("The front matter is nested too deeply.", begin + 1, "Write it flat.")
    if node is None or isinstance(node, yaml.MappingNode):
        return node, None
    problem = Problem("The front matter is no list of settings.", begin + 2, "Write “title: …”.")
    return None, problem


def _end(lines: Sequence[str], begin: int) -> int:
    """Return the line that closes the head; 0 when a scene begins before it."""
    for number in range(begin + 1, len(lines)):
        if lines[number].rstrip() in {"---", "..."}:
            return number
        if lines[number].startswith("## "):
            break
    return 0


def _read_mapping(node: yaml.MappingNode, begin: int, end: int) -> FrontMatter:
    values: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    problems: list[Problem] = []
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + begin + 2
        if key in seen:
            problems.append(Problem(f"“{key}” is set twice.", line, "Remove one of them."))
        seen.add(key)
        if key == "tags":
            tags = _tags(value_node)
        elif not isinstance(value_node, yaml.ScalarNode):
            problems.append(Problem(f"“{key}” takes one value.", line, f"Write “{key}: …”."))
        else:
            value = _plain(key, value_node.value)
            found = list(_check(key, value, line))
            problems += found
            if not found:
                values[key] = value
    return FrontMatter(values, tags, tuple(problems), end)


def _plain(key: str, value: str) -> str:
    """Return a value without what does not count: case of choices, breaks in a title."""
    if key in _CHOICES:
        return value.strip().casefold()
    return " ".join(value.split()) if key == "title" else value.strip()


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
    elif key in _CHOICES and value not in _CHOICES[key]:
        yield Problem(
            f"“{key}” cannot be “{value}”." if value else f"“{key}” has no value.",
            line,
            f"Use {' or '.join(_CHOICES[key])}.",
        )
    elif key == "accent" and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        yield Problem(
            f"“{value}” is no colour." if value else "“accent” has no value.",
            line,
            'Write it with its quotes, as in "#3b82f6".',
        )


def is_yes(value: str) -> bool:
    """Tell whether a switch is on."""
    return value.strip().casefold() not in _NO


def _yaml_problem(error: yaml.YAMLError, head: Sequence[str], begin: int) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        line = begin + 2 + "\n".join(head[1:])[: error.position].count("\n")
        return Problem("The front matter has a character that YAML forbids.", line, "Remove it.")
    mark = getattr(error, "problem_mark", None)
    line = min(mark.line + 2, len(head)) + begin if mark is not None else begin + 1
    what = str(getattr(error, "problem", "") or "it cannot be read")
    return Problem(
        f"The front matter is not valid YAML: {what}.",
        line,
        "Write one “key: value” per line; put values with a colon in quotes.",
    )
