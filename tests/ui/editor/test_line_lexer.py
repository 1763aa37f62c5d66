import pytest

from desktop.ui.editor.colors import Role
from desktop.ui.editor.line_lexer import DEEPEST, ROOT, line_lexer, role_of


def words(text: str, language: str = "python") -> list[list[tuple[str, Role]]]:
    lexer = line_lexer(language)
    assert lexer is not None
    stack, found = ROOT, []
    for line in text.split("\n"):
        read, stack = lexer.read(line, stack)
        found.append([(line[w.start : w.start + w.length], w.role) for w in read])
    return found


def test_words_of_a_line_have_roles() -> None:
    (line,) = words("def f(x=1):  # why")
    assert ("def", Role.KEYWORD) in line
    assert ("f", Role.NAME) in line
    assert ("1", Role.NUMBER) in line
    assert ("# why", Role.COMMENT) in line


def test_a_string_over_several_lines_is_one_in_each_of_them() -> None:
    first, middle, last = words('a = """one\nclass two\nthree""" + 1')
    assert first[-1] == ("one", Role.STRING)
    assert middle == [("class two", Role.STRING)]
    assert ("1", Role.NUMBER) in last


def test_an_unclosed_string_ends_with_its_line() -> None:
    assert words("a = 'one\nreturn")[1] == [("return", Role.KEYWORD)]


def test_nested_braces_of_an_f_string_come_back_to_the_string() -> None:
    (line,) = words('f"{a[1]:{width}} end" # c')
    assert (" end", Role.STRING) in line
    assert ("# c", Role.COMMENT) in line


def test_other_languages_go_on_from_line_to_line_too() -> None:
    found = words("/* one\nfn */ return 1;", "rust")
    assert all(role is Role.COMMENT for _, role in found[0])
    assert ("fn ", Role.COMMENT) in found[1]
    assert ("return", Role.KEYWORD) in found[1]


@pytest.mark.parametrize("language", ["", "no-such-language", "plot", "chart", "array", "table"])
def test_what_is_no_language_has_no_lexer(language: str) -> None:
    assert line_lexer(language) is None


@pytest.mark.parametrize("language", ["rust", "c", "bash", "json", "html", "sql", "yaml", "tex"])
def test_common_languages_read_anything_without_failing(language: str) -> None:
    lexer = line_lexer(language)
    if lexer is None:
        return  # it cannot go on from a line; its text stays plain
    stack = ROOT
    for line in ["<a b='", "{[(\"`'", "", "\\", "/* <!-- -- #", "]})", "é😀\t"] * 3:
        read, stack = lexer.read(line, stack)
        assert all(
            0 <= w.start < len(line) and w.length > 0 and w.start + w.length <= len(line)
            for w in read
        )


def test_the_depth_of_states_is_bounded() -> None:
    lexer = line_lexer("javascript")
    assert lexer is not None
    _, stack = lexer.read("`${" * 200)
    assert 1 <= len(stack) <= DEEPEST


def test_a_role_is_inherited_from_the_kind_above() -> None:
    from pygments.token import Token

    assert role_of(Token.Literal.Number.Integer.Long) is Role.NUMBER
    assert role_of(Token.Text.Whitespace) is Role.PLAIN
