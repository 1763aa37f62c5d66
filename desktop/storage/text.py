"""From what a person types to what the index understands, and back to what is shown. Pure."""

import re

MARK = "\ue000"
"""Begins every facet word. A private-use character: no keyboard types it, texts are freed of it."""

MAX_WORDS = 16
"""More words than this do not narrow a search any further."""

_TERM = re.compile(r'"([^"]*)"|(\S+)')


def indexable(text: str) -> str:
    """Return ``text`` without what SQLite cannot store or what would look like a facet."""
    return text.replace(MARK, " ").replace("\0", " ").encode("utf-8", "ignore").decode()


def terms(text: str) -> tuple[str, ...]:
    """Split what was typed into words and "quoted phrases" that can be found at all."""
    found = [quoted or word.replace('"', " ") for quoted, word in _TERM.findall(indexable(text))]
    return tuple(term.strip() for term in found if any(character.isalnum() for character in term))[
        :MAX_WORDS
    ]


def match_expression(text: str) -> str:
    """Return an FTS5 expression for what was typed: all terms, the last one as a beginning.

    The last word counts as complete once a space or quote follows it. Empty when there is nothing
    to look for. Never a syntax error, whatever was typed.
    """
    parts = [f'"{term}"' for term in terms(text)]
    if parts and text[-1:] not in {" ", '"', "\t", "\n"}:
        parts[-1] += " *"
    return " ".join(parts)


def snippet(text: str, wanted: tuple[str, ...], width: int = 90) -> str:
    """Return about ``width`` characters of ``text`` around the first term, «» around it.

    Empty when no term is in it as written (the index also ignores accents).
    """
    pattern = "|".join(re.escape(term) for term in sorted(wanted, key=len, reverse=True))
    found = re.search(rf"\b(?:{pattern})", text, re.IGNORECASE) if pattern else None
    if found is None:
        return ""
    start, end = found.span()
    left = max(0, start - width // 3)
    right = min(len(text), left + width)
    before = ("…" if left else "") + text[left:start]
    after = text[end : max(right, end)] + ("…" if right < len(text) else "")
    return " ".join(f"{before}«{text[start:end]}»{after}".split())
