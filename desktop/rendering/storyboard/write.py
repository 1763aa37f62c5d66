"""Writing a storyboard: the exact text it was read from, or new text for scenes made as values."""

import re
from collections.abc import Iterator

import yaml

from desktop.domain.picture import Aspect
from desktop.domain.storyboard import (
    Block,
    Bullets,
    Equation,
    Fence,
    Image,
    MathEngine,
    Narration,
    Paragraph,
    SceneSpec,
    Storyboard,
    Theme,
)
from desktop.rendering.storyboard.attributes import write_options


def write(storyboard: Storyboard) -> str:
    """Return the text of a storyboard; what was read comes back character for character."""
    if storyboard == Storyboard("", ()):
        return ""
    read = storyboard.preamble or any(scene.source for scene in storyboard.scenes)
    text = storyboard.preamble if read else _head(storyboard)
    for scene in storyboard.scenes:
        if text and not text.endswith(("\n", "\r")):
            text += "\n\n"
        text += scene.source or write_scene(scene)
    return text


def write_scene(scene: SceneSpec) -> str:
    """Return the Markdown of one scene."""
    options = f" {{{write_options(scene.options)}}}" if scene.options else ""
    blocks = []
    previous: Block | None = None
    other = False
    for block in scene.blocks:
        # two lists side by side are told apart by their marks, as in Markdown
        other = isinstance(block, Bullets) and _continues(previous, block) and not other
        blocks.append(f"{_block(block, other=other)}\n")
        previous = block
    return f"## {scene.title}{options}\n\n" + "\n".join(blocks) + "\n"


def _continues(previous: Block | None, block: Bullets) -> bool:
    return isinstance(previous, Bullets) and previous.ordered == block.ordered


def _head(storyboard: Storyboard) -> str:
    values: dict[str, object] = {"title": storyboard.title, "theme": storyboard.theme.value}
    values["aspect"] = storyboard.aspect.value
    defaults = Storyboard("", (), Theme.DARK, Aspect.WIDE, MathEngine.AUTO)
    if storyboard.accent:
        values["accent"] = storyboard.accent
    if storyboard.maths is not defaults.maths:
        values["math"] = storyboard.maths.value
    if not storyboard.captions:
        values["captions"] = "false"
    if storyboard.description:
        values["description"] = storyboard.description
    if storyboard.tags:
        values["tags"] = list(storyboard.tags)
    text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=10**6)
    return f"---\n{text}---\n\n"


def _block(block: Block, *, other: bool) -> str:
    match block:
        case Narration(text):
            return f"> {text}"
        case Paragraph(text):
            return text
        case Bullets():
            return "\n".join(_bullets(block, other=other))
        case Equation(rows):
            return "$$\n" + " \\\\\n".join(rows) + "\n$$"
        case Image(path, caption, options):
            return f"![{caption}]({path})" + (f"{{{write_options(options)}}}" if options else "")
        case Fence(kind, body, options):
            mark = _mark(body)
            head = f"{mark}{kind} {write_options(options)}".rstrip()
            return f"{head}\n{body}\n{mark}"


def _mark(body: str) -> str:
    """Return a fence that is longer than any inside the body."""
    return "`" * max([3, *(len(run) + 1 for run in re.findall("`{3,}", body))])


def _bullets(block: Bullets, *, other: bool) -> Iterator[str]:
    levels = block.levels or (0,) * len(block.items)
    for number, (item, level) in enumerate(zip(block.items, levels, strict=True), 1):
        ordered, plain = f"{number}{')' if other else '.'}", "*" if other else "-"
        yield f"{'   ' * level}{ordered if block.ordered else plain} {item}"
