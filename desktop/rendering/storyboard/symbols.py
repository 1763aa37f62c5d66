"""LaTeX's names for symbols, functions, accents and fonts, and Typst's."""


def _same(names: str) -> dict[str, str]:
    return {name: name for name in names.split()}


TIGHT = "\0"
"""Beside it, no space: Typst shows the spaces around words and bars, LaTeX does not."""
BAR, NORM = f"{TIGHT}|{TIGHT}", f"{TIGHT}‖{TIGHT}"

SYMBOLS = {
    **_same("alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau"),
    **_same("upsilon chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"),
    **_same("sum in exists times div ast parallel perp approx equiv prop top bot because"),
    **_same("therefore nabla forall subset quad ell bullet without dagger models"),
    "epsilon": "epsilon.alt", "varepsilon": "epsilon", "phi": "phi.alt", "varphi": "phi",
    "vartheta": "theta.alt", "varrho": "rho.alt", "varsigma": "sigma.alt", "varpi": "pi.alt",
    "varkappa": "kappa.alt", "infty": "infinity", "partial": "partial", "hbar": "ℏ",
    "imath": "dotless.i", "jmath": "dotless.j", "aleph": "aleph", "Re": "Re", "Im": "Im",
    # large operators
    "prod": "product", "coprod": "product.co", "int": "integral", "iint": "integral.double",
    "iiint": "integral.triple", "oint": "integral.cont", "bigcup": "union.big",
    "bigcap": "inter.big", "bigoplus": "plus.o.big", "bigotimes": "times.o.big",
    "bigwedge": "and.big", "bigvee": "or.big",
    # operations
    "cdot": "dot.op", "pm": "plus.minus", "mp": "minus.plus", "star": "star.op",
    "circ": "compose", "oplus": "plus.o", "ominus": "minus.o", "otimes": "times.o",
    "odot": "dot.o", "setminus": "without", "cup": "union", "cap": "inter", "land": "and",
    "wedge": "and", "lor": "or", "vee": "or", "neg": "not", "lnot": "not", "bmod": "mod",
    "mod": "quad mod",
    # relations
    "le": "<=", "leq": "<=", "leqslant": "lt.eq.slant", "ge": ">=", "geq": ">=",
    "geqslant": "gt.eq.slant", "ne": "!=", "neq": "!=", "ll": "<<", "gg": ">>", "lt": "<",
    "gt": ">", "sim": "tilde.op", "simeq": "tilde.eq", "cong": "tilde.equiv", "propto": "prop",
    "coloneqq": ":=", "colon": "colon", "prec": "prec", "succ": "succ", "asymp": "≍",
    "doteq": "≐", "ni": "in.rev", "notin": "in.not", "nexists": "exists.not",
    "subseteq": "subset.eq", "subsetneq": "subset.neq", "supset": "supset",
    "supseteq": "supset.eq", "supsetneq": "supset.neq", "mid": "|", "nmid": "divides.not",
    "vdash": "tack.r",
    # arrows
    "to": "->", "rightarrow": "->", "leftarrow": "<-", "gets": "<-", "mapsto": "|->",
    "longmapsto": "⟼", "Rightarrow": "=>", "Longrightarrow": "==>", "implies": "==>",
    "Leftarrow": "arrow.l.double", "impliedby": "<==", "iff": "<==>",
    "Longleftrightarrow": "<==>", "Leftrightarrow": "<=>", "leftrightarrow": "<->",
    "longleftrightarrow": "<-->", "uparrow": "arrow.t", "downarrow": "arrow.b",
    "updownarrow": "arrow.t.b", "nearrow": "arrow.tr", "searrow": "arrow.br",
    "swarrow": "arrow.bl", "nwarrow": "arrow.tl", "longrightarrow": "-->",
    "longleftarrow": "<--", "hookrightarrow": "arrow.r.hook", "rightharpoonup": "harpoon.rt",
    # marks
    "emptyset": "emptyset", "varnothing": "emptyset", "angle": "angle",
    "triangle": "triangle.stroked.t", "square": "square.stroked", "Box": "square.stroked",
    "blacksquare": "square.filled", "diamond": "diamond.stroked", "degree": "degree",
    "prime": "prime", "checkmark": "✓", "dots": "dots", "ldots": "dots", "cdots": "dots.c",
    "vdots": "dots.v", "ddots": "dots.down", "backslash": "backslash",
    # brackets
    "langle": "chevron.l", "rangle": "chevron.r", "lfloor": "floor.l", "rfloor": "floor.r",
    "lceil": "ceil.l", "rceil": "ceil.r", "lvert": BAR, "rvert": BAR, "vert": BAR,
    "Vert": NORM, "lVert": NORM, "rVert": NORM,
    "|": NORM, "{": "\\{", "}": "\\}", "lbrace": "\\{", "rbrace": "\\}",
    # spaces and characters
    ",": "thin", ":": "med", ">": "med", ";": "thick", "!": "", " ": "space", "qquad": "wide",
    "%": "%", "#": "\\#", "$": "\\$", "&": "\\&", "_": "\\_", "\\": "\\ ",
    # how large something is set follows from where it stands
    "displaystyle": "", "textstyle": "", "limits": "", "nolimits": "", "nonumber": "",
    "notag": "", "big": "", "Big": "", "bigg": "", "Bigg": "", "bigl": "", "bigr": "",
    "bigm": "", "Bigl": "", "Bigr": "", "biggl": "", "biggr": "", "Biggl": "", "Biggr": "",
}  # fmt: skip
"""Commands without arguments."""

FUNCTIONS = _same(
    "sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan log ln lg exp lim liminf "
    "limsup max min sup inf det dim ker gcd deg arg hom Pr"
)

ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "overline", "overline": "overline",
    "underline": "underline", "vec": "arrow", "overrightarrow": "arrow", "dot": "dot",
    "ddot": "dot.double", "tilde": "tilde", "widetilde": "tilde", "acute": "acute",
    "grave": "grave", "breve": "breve", "check": "caron", "mathring": "circle",
    "cancel": "cancel",
}  # fmt: skip

BRACES = {"underbrace": "_", "overbrace": "^", "underbracket": "_", "overbracket": "^"}
"""Braces over and under something, and the script that holds their words."""

FONTS = {
    "mathbb": "bb", "mathbf": "bold", "boldsymbol": "bold", "bm": "bold", "mathrm": "upright",
    "mathcal": "cal", "mathscr": "scr", "mathfrak": "frak", "mathsf": "sans",
    "mathit": "italic", "mathtt": "mono",
}  # fmt: skip

DELIMITERS = {
    "(": "paren.l", ")": "paren.r", "[": "bracket.l", "]": "bracket.r", "|": "bar.v", ".": "",
    "/": "slash", "<": "chevron.l", ">": "chevron.r", "\\{": "brace.l", "\\}": "brace.r",
    "\\lbrace": "brace.l", "\\rbrace": "brace.r", "\\|": "bar.v.double",
    "\\langle": "chevron.l", "\\rangle": "chevron.r", "\\lfloor": "floor.l",
    "\\rfloor": "floor.r", "\\lceil": "ceil.l", "\\rceil": "ceil.r", "\\vert": "bar.v",
    "\\lvert": "bar.v", "\\rvert": "bar.v", "\\Vert": "bar.v.double",
    "\\lVert": "bar.v.double", "\\rVert": "bar.v.double", "\\backslash": "backslash",
    "\\uparrow": "arrow.t", "\\downarrow": "arrow.b",
}  # fmt: skip
"""What may follow ``\\left``, ``\\middle`` and ``\\right``.

Named, never typed: Typst pairs brackets that are typed, and half-open intervals are no pairs.
"""

NEGATED = {
    "=": "!=", "<": "lt.not", ">": "gt.not", "\\in": "in.not", "\\equiv": "equiv.not",
    "\\subset": "subset.not", "\\supset": "supset.not", "\\subseteq": "subset.eq.not",
    "\\supseteq": "supset.eq.not", "\\exists": "exists.not", "\\le": "lt.eq.not",
    "\\leq": "lt.eq.not", "\\ge": "gt.eq.not", "\\geq": "gt.eq.not", "\\parallel": "parallel.not",
    "\\approx": "approx.not", "\\sim": "tilde.not", "\\mid": "divides.not",
}  # fmt: skip
"""What ``\\not`` makes of the command after it."""
