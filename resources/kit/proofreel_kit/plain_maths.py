"""Formulas in the characters of plain text, for caption files, which know no other."""

import re
import unicodedata

_SIGNS = {
    "times": "×", "dot": "·", "dot.op": "·", "cdot": "·", "plus.minus": "±", "pm": "±",
    "approx": "≈", "equiv": "≡", "infinity": "∞", "oo": "∞", "infty": "∞", "sum": "∑",
    "product": "∏", "prod": "∏", "integral": "∫", "int": "∫", "sqrt": "√", "in": "∈",
    "arrow.r": "→", "to": "→", "dots": "…", "ldots": "…", "dots.h": "…", "partial": "∂",
    "nabla": "∇", "degree": "°", "quad": " ", "left": "", "right": "", "upright": "",
    "lt.eq": "≤", "leq": "≤", "le": "≤", "gt.eq": "≥", "geq": "≥", "ge": "≥",
    "eq.not": "≠", "neq": "≠", "ne": "≠", "diff": "∂",
}  # fmt: skip
_OPERATORS = (("<=", "≤"), (">=", "≥"), ("!=", "≠"), ("->", "→"), ("\\,", " "), ("&", ""))
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_TEXT = re.compile(r'"([^"]*)"|\\(?:text|mathrm|operatorname)\{([^{}]*)\}')
_FRACTION = re.compile(r"frac\(([^(),]+),\s*([^(),]+)\)|\\frac\{([^{}]*)\}\{([^{}]*)\}")
_SCRIPT = re.compile(r"([\^_])(?:\(([^()]*)\)|\{([^{}]*)\}|(\w))")
_WORD = re.compile(r"\\?([A-Za-z]+(?:\.[a-z]+)*)")


def maths_in_words(source: str) -> str:
    """Return a formula of Typst or LaTeX as people write it in a message: x² ≤ π/2."""
    text = _TEXT.sub(lambda match: match[1] or match[2] or "", source)
    text = _FRACTION.sub(_fraction, text)
    text = _SCRIPT.sub(_script, text)
    for written, sign in _OPERATORS:
        text = text.replace(written, sign)
    text = _WORD.sub(_sign, text)
    return " ".join(text.replace("√ (", "√(").replace("{", "").replace("}", "").split())


def _fraction(match: re.Match[str]) -> str:
    top, bottom = (part.strip() for part in match.groups() if part is not None)
    return "/".join(
        part if len(part) == 1 or part.isalnum() else f"({part})" for part in (top, bottom)
    )


def _script(match: re.Match[str]) -> str:
    inner = next(part for part in match.groups()[1:] if part is not None).strip()
    shifted = inner.translate(_RAISED if match[1] == "^" else _LOWERED)
    if all(new != old for new, old in zip(shifted, inner, strict=True)):
        return shifted
    return match[1] + (inner if len(inner) == 1 else f"({inner})")


def _sign(match: re.Match[str]) -> str:
    name = match[1]
    if name in _SIGNS:
        return _SIGNS[name]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name.upper()}")
    except KeyError:
        return name
