"""``key=value`` options of headings, pictures and fences."""

import re

_VALUE = r"""("[^"]*"|'[^']*'|[^\s{}"']+)"""
_PAIR = re.compile(rf"""(?<![^\s,;])([A-Za-z_][\w-]*)\s*=\s*{_VALUE}""")
_TRAILING = re.compile(r"""^(?P<text>.*?)\s*\{(?P<body>(?:"[^"]*"|'[^']*'|[^{}"'])*)\}\s*$""")


def read_options(text: str) -> tuple[dict[str, str], str]:
    """Return the options in ``text`` and whatever is left over, which is not understood."""
    options = {key: _unquoted(value) for key, value in _PAIR.findall(text)}
    return options, _PAIR.sub("", text).strip()


def split_attributes(line: str) -> tuple[str, dict[str, str], str]:
    """Split ``Title {layout=split}`` into text, options and what of them is not understood.

    Braces that hold no ``key=value``, such as those of a formula, belong to the text.
    """
    match = _TRAILING.match(line)
    if match is None:
        return line.strip(), {}, ""
    options, left = read_options(match["body"])
    if not options:
        return line.strip(), {}, ""
    return match["text"].strip(), options, left


def write_options(options: dict[str, str]) -> str:
    """Return options as text that ``read_options`` reads back."""
    return " ".join(f"{key}={_quoted(value)}" for key, value in options.items())


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0] else value


def _quoted(value: str) -> str:
    """Quote a value where it must be; one with both kinds of quotes loses the double ones."""
    if value and not re.search(r"""[\s{}='"]""", value):
        return value
    if '"' in value and "'" not in value:
        return f"'{value}'"
    return '"{}"'.format(value.replace('"', "”"))
