"""Writing a storyboard: the exact text it was read from, or new text for scenes made as values."""

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
    if storyboard.preamble or any(scene.source for scene in storyboard.scenes):
        return storyboard.preamble + "".join(
            scene.source or write_scene(scene) for scene in storyboard.scenes
        )
    return _head(storyboard) + "".join(write_scene(scene) for scene in storyboard.scenes)


def write_scene(scene: SceneSpec) -> str:
    """Return the Markdown of one scene."""
    options = f" {{{write_options(scene.options)}}}" if scene.options else ""
    blocks = "\n".join(f"{_block(block)}\n" for block in scene.blocks)
    return f"## {scene.title}{options}\n\n{blocks}\n"


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


def _block(block: Block) -> str:
    match block:
        case Narration(text):
            return f"> {text}"
        case Paragraph(text):
            return text
        case Bullets():
            return "\n".join(_bullets(block))
        case Equation(rows):
            return "$$\n" + " \\\\\n".join(rows) + "\n$$"
        case Image(path, caption, options):
            return f"![{caption}]({path})" + (f"{{{write_options(options)}}}" if options else "")
        case Fence(kind, body, options):
            mark = "````" if "```" in body else "```"
            head = f"{mark}{kind} {write_options(options)}".rstrip()
            return f"{head}\n{body}\n{mark}"


def _bullets(block: Bullets) -> Iterator[str]:
    levels = block.levels or (0,) * len(block.items)
    for number, (item, level) in enumerate(zip(block.items, levels, strict=True), 1):
        yield f"{'  ' * level}{f'{number}.' if block.ordered else '-'} {item}"
