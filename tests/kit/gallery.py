"""One good example of every block, and one that has far too much to say."""

from collections.abc import Callable
from typing import Any

Show = Callable[[Any], None]

WORDS = (  # noqa: SIM905  a sentence reads better than a list
    "Gradient descent repeats one small correction until the error stops falling "
    "and then reports where it stands"
).split()


def words(count: int) -> str:
    """Return running text of a number of words."""
    return " ".join(WORDS[index % len(WORDS)] for index in range(count))


def rows(count: int, line: Callable[[int], str]) -> list[str]:
    """Return numbered lines."""
    return [line(index) for index in range(count)]


BLOCKS: dict[str, Show] = {
    "title card": lambda s: s.title_card("Why the series diverges", "Slower than one can count"),
    "paragraph": lambda s: s.paragraph(
        "Text with **weight**, `code` and $frac(1, k)$ in its line."
    ),
    "bullets": lambda s: s.bullets("First", "A detail", "Second", levels=[0, 1, 0]),
    "ordered list": lambda s: s.bullets("Take", "Compare", "Swap", ordered=True),
    "equation": lambda s: s.equation("integral_0^oo e^(-x^2) d x = sqrt(pi) / 2"),
    "derivation": lambda s: s.derivation("(a+b)^2 & = (a+b)(a+b)", "& = a^2 + 2 a b + b^2"),
    "code": lambda s: s.code("while low <= high:", "    low += 1  # up", hl="1;2"),
    "plot": lambda s: s.plot(
        "f(x) = x^2/2 : error",
        "g(x) = x + 1 : line",
        "point -2, 2 : start",
        "tangent f 1",
        "area f 0:2",
        "vline 1 : here",
        "move f -2:0",
        x="-3:3",
        y="-1:5",
    ),
    "bars": lambda s: s.chart("Apples: 12", "Pears: 45", "highlight Pears", kind="bar", unit="kg"),
    "columns": lambda s: s.chart("10: 11.7", "20: 41.1", kind="column", unit="%", max="100"),
    "line": lambda s: s.chart("2019: 12", "2020: 9", "2021: 15", kind="line"),
    "pie": lambda s: s.chart("Wind: 45", "Solar: 25", "Water: 30", kind="pie", unit="%"),
    "table": lambda s: s.table("Step | Error", "0 | -3.63", "1 | 1.28", "highlight row 2"),
    "array": lambda s: s.array(
        "5 2 4", "compare 0 1", "swap 0 1", "mark 2", "unmark 2", "set 1 9", "note Sorted"
    ),
    "tree": lambda s: s.tree("8", "  3", "    1", "    6", "  10", "highlight 6"),
    "graph": lambda s: s.graph("A -- B : 4", "A -- C : 2", "B -- C : 1", "highlight A -> C -> B"),
    "pipeline": lambda s: s.graph("Source -> Parser", "Parser -> Code", "Source -> Code : direct"),
    "timeline": lambda s: s.timeline("1637: A note", "1994: A proof", "highlight 1994"),
    "comparison": lambda s: s.compare("Bubble | Merge", "Simple | Fast", "highlight Merge"),
    "steps": lambda s: s.steps("Read", "Compare", "Write"),
    "quote": lambda s: s.quote("Insight, not numbers.", "-- Richard Hamming"),
    "outro": lambda s: s.outro("Count pairs, not people", "Then bet on thirty guests"),
}

LONG: dict[str, Show] = {
    "title card": lambda s: s.title_card(words(22), words(25)),
    "paragraph": lambda s: s.paragraph(words(120)),
    "bullets": lambda s: s.bullets(*rows(12, lambda i: words(12 + i)), levels=[0, 1, 1] * 4),
    "ordered list": lambda s: s.bullets(*rows(14, lambda _: words(8)), ordered=True),
    "equation": lambda s: s.equation(" + ".join(rows(22, lambda i: f"x^{i}/{i + 1}"))),
    "derivation": lambda s: s.derivation(
        *rows(9, lambda i: f"a_{i} & = sum_(k=0)^{i} k^2 + {i}/7")
    ),
    "code": lambda s: s.code(*rows(24, lambda i: f"value_{i} = f({i})  # {words(9)}")),
    "plot": lambda s: s.plot(
        f"f(x) = sin(x/1000) : {words(6)}",
        f"g(x) = cos(x/1000) : {words(5)}",
        f"vline 5000 : {words(4)}",
        f"point 0, 0 : {words(5)}",
        x="-10000:10000",
    ),
    "bars": lambda s: s.chart(*rows(14, lambda i: f"{words(4)} {i}: {i * 1234.5}"), unit="km"),
    "columns": lambda s: s.chart(*rows(14, lambda i: f"{words(2)} {i}: {i * 99}"), kind="column"),
    "line": lambda s: s.chart(*rows(14, lambda i: f"Year {i}: {i * 7919 % 1000}"), kind="line"),
    "pie": lambda s: s.chart(*rows(12, lambda i: f"{words(4)} {i}: {i + 1}"), kind="pie"),
    "table": lambda s: s.table(
        "A | B | C", *rows(10, lambda i: f"{words(3)} {i} | {words(9)} | 5")
    ),
    "array": lambda s: s.array(" ".join(rows(20, lambda i: str(i * 37))), f"note {words(18)}"),
    "tree": lambda s: s.tree("Root", *rows(7, lambda i: "  " * (i % 3 + 1) + f"{words(4)} {i}")),
    "graph": lambda s: s.graph(*rows(9, lambda i: f"Node number {i} -> Node number {i + 1} : w")),
    "timeline": lambda s: s.timeline(*rows(12, lambda i: f"{1800 + i}: {words(8)}")),
    "comparison": lambda s: s.compare(
        f"{words(4)} | {words(3)}", *rows(6, lambda _: f"{words(9)} | {words(12)}")
    ),
    "steps": lambda s: s.steps(*rows(11, lambda i: words(4 + i % 4))),
    "quote": lambda s: s.quote(words(70), f"-- {words(6)}"),
    "outro": lambda s: s.outro(words(20), words(14), words(14)),
}
