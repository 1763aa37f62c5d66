import pytest

from desktop.ui.fuzzy import match


def best(query: str, texts: list[str]) -> str:
    hits = [(hit.score, text) for text in texts if (hit := match(query, text)) is not None]
    return max(hits)[1]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("rd", "Render draft"),
        ("draft", "Render draft"),
        ("new", "New video"),
        ("kshort", "Keyboard shortcuts"),
        ("SETTINGS", "Settings"),
    ],
)
def test_the_expected_action_comes_first(query: str, wanted: str) -> None:
    texts = ["Render draft", "Render final", "New video", "Keyboard shortcuts", "Settings", "Redo"]
    assert best(query, texts) == wanted


def test_letters_must_all_be_there_in_order() -> None:
    assert match("zz", "Zoom") is None
    assert match("mooz", "Zoom") is None


def test_the_places_are_the_letters_that_matched() -> None:
    hit = match("rd", "Render draft")
    assert hit is not None
    assert hit.places == (0, 7)


def test_preferring_words_never_loses_a_match() -> None:
    assert match("bat", "a bat, the") is not None
    assert match("ata", "bata the") is not None


def test_an_empty_query_matches_everything() -> None:
    assert match("", "Anything") is not None
