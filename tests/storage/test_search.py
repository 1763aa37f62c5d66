"""Finding videos by words, by properties, in the order asked for, a page at a time."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.library import SearchPage, SearchQuery, SourceKind, VideoStatus
from desktop.domain.picture import Aspect
from desktop.storage import projects, search, sources, videos
from desktop.storage.transaction import Transaction
from tests.storage.builders import START, a_project, a_video, later

CODE = "class ChainRule(Scene):\n    def construct(self):\n        self.play(FadeIn(my_axes))\n"


def add(tx: Transaction, identity: str, text: str = "", **given: Any) -> None:
    videos.insert(tx, a_video(identity, **given))
    if text:
        sources.save(tx, identity, text, 0, videos.get(tx, identity).updated_at)


def ask(tx: Transaction, text: str = "", **given: Any) -> SearchPage:
    return search.search(tx, SearchQuery(text=text, **given))


def ids(tx: Transaction, text: str = "", **given: Any) -> list[str]:
    return [video.id for video in ask(tx, text, **given).videos]


@pytest.mark.parametrize(
    "text",
    ["derivative", "DERIVATIVE", "deriv", "d", "derivative ", '"derivative"', "-derivative!"],
)
def test_a_word_is_found_whatever_its_case_and_from_its_beginning(
    tx: Transaction, text: str
) -> None:
    add(tx, "v1", title="The Derivative")
    add(tx, "v2", title="Integrals")
    assert ids(tx, text) == ["v1"]


def test_only_the_last_word_is_a_beginning(tx: Transaction) -> None:
    add(tx, "v1", title="Chain rule")
    assert ids(tx, "chain ru") == ["v1"]
    assert ids(tx, "cha rule") == []
    assert ids(tx, "ru ") == []


def test_all_words_are_needed_wherever_they_are(tx: Transaction) -> None:
    add(tx, "v1", title="Chain", description="of command", text="the rule", tags=("calculus",))
    assert ids(tx, "calculus rule command chain") == ["v1"]
    assert ids(tx, "calculus rule command chain more") == []


def test_quoted_words_must_follow_each_other(tx: Transaction) -> None:
    add(tx, "v1", title="The chain rule")
    add(tx, "v2", title="The rule of the chain")
    assert ids(tx, '"chain rule"') == ["v1"]
    assert set(ids(tx, "chain rule")) == {"v1", "v2"}


@pytest.mark.parametrize("text", ["Ägypten", "agypten", "ÄGYPTEN", "ägy"])
def test_accents_do_not_matter(tx: Transaction, text: str) -> None:
    add(tx, "v1", title="Mathe in Ägypten")
    assert ids(tx, text) == ["v1"]


@pytest.mark.parametrize(
    "text",
    [
        "FadeIn",
        "my_axes",
        "my_a",
        "self.play(FadeIn",
        "ChainRule(Scene)",
        "class ChainRule",
        "fadein",
    ],
)
def test_code_is_found_by_its_identifiers(tx: Transaction, text: str) -> None:
    add(tx, "v1", CODE, kind=SourceKind.MANIM)
    add(tx, "v2", "axes fade", kind=SourceKind.STORYBOARD)
    assert ids(tx, text) == ["v1"]


HOSTILE = [
    '"', '""', '"""', "*", "a*", "**", "(", ")", "NEAR(", "NEAR(a b, 3)", "AND", "OR", "NOT",
    "a AND", "NOT a", "{title} : a", "title:a", "^a", "a + b", "-a", "%", "_", "100%", "\\", "'",
    "';--", "\0", "a\0b", "\ud800", "\ue000trashed", "🎬", "\u202e", "\n", "$$x^2$$",
    "a" * 5_000, "a " * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("order", ["relevance", "updated", "title"])
def test_any_text_is_only_a_text(tx: Transaction, text: str, order: str) -> None:
    add(tx, "v1", "a plain text", title="a title")
    page = ask(tx, text, order=order)
    assert page.total == len(page.videos)


@pytest.mark.parametrize("text", ["100%", "a_b", "%", "_"])
def test_percent_and_underscore_are_no_wildcards(tx: Transaction, text: str) -> None:
    add(tx, "v1", title="100 zebras", description="axb")
    add(tx, "v2", title="1000 lions", description="a b")
    wanted = {"100%": {"v1", "v2"}, "a_b": {"v2"}}.get(text, {"v1", "v2"})
    assert set(ids(tx, text)) == wanted


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(max_size=40))
def test_searching_never_fails(tx: Transaction, text: str) -> None:
    assert ask(tx, text).total == 0


def library_of_kinds(tx: Transaction) -> None:
    projects.insert(tx, a_project("p2"))
    add(tx, "a", title="Whale", tags=("Sea", "big"), status=VideoStatus.RENDERED)
    add(tx, "b", title="Whale", project_id="p2", kind=SourceKind.MANIM, tags=("sea",))
    add(tx, "c", title="Wren", tags=("big",), aspect=Aspect.TALL, status=VideoStatus.RENDERED)
    add(tx, "gone", title="Whale", tags=("Sea",), status=VideoStatus.RENDERED)
    videos.trash(tx, ["gone"], START)


@pytest.mark.parametrize("text", ["", "wh"])
@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({}, "abc"),
        ({"project_id": "p2"}, "b"),
        ({"project_id": "nowhere"}, ""),
        ({"status": VideoStatus.RENDERED}, "ac"),
        ({"kind": SourceKind.MANIM}, "b"),
        ({"tag": "Sea"}, "a"),
        ({"tag": "sea"}, "b"),
        ({"tag": "se"}, ""),
        ({"tag": 'no" OR "such'}, ""),
        ({"aspect": Aspect.TALL}, "c"),
        ({"tag": "big", "status": VideoStatus.RENDERED, "aspect": Aspect.WIDE}, "a"),
        ({"trashed": True}, ["gone"]),
        ({"trashed": True, "tag": "Sea"}, ["gone"]),
        ({"trashed": True, "kind": SourceKind.MANIM}, ""),
    ],
)
def test_properties_narrow_with_and_without_words(
    tx: Transaction, text: str, narrowed: dict[str, Any], expected: list[str]
) -> None:
    library_of_kinds(tx)
    wanted = {identity for identity in expected if not text or identity != "c"}
    assert set(ids(tx, text, **narrowed)) == wanted
    assert ask(tx, text, **narrowed).total == len(wanted)


ORDERS = {
    "updated": ["c", "b", "a"],
    "created": ["b", "c", "a"],
    "title": ["b", "a", "c"],
    "duration": ["a", "c", "b"],
    "unknown": ["c", "b", "a"],
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("narrowed", [{}, {"text": "word"}, {"project_id": "p1"}])
@pytest.mark.parametrize("few", [0, 100], ids=["many hits", "few hits"])
def test_videos_come_in_the_order_asked_for(
    tx: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    order: str,
    narrowed: dict[str, Any],
    few: int,
) -> None:
    monkeypatch.setattr(search, "SORTED_HITS", few)
    for identity, title, created, duration in (
        ("a", "beta", 1, 30.0),
        ("b", "Alpha", 3, 10.0),
        ("c", "gamma", 2, 20.0),
    ):
        given: dict[str, Any] = {"title": title, "created_at": later(created), "duration": duration}
        add(tx, identity, description="word", **given)
    add(tx, "gone", description="word")
    videos.trash(tx, ["gone"], START)
    assert ids(tx, order=order, **narrowed) == ORDERS[order]


@pytest.mark.parametrize("order", ["relevance", "updated", "created", "title", "duration"])
@pytest.mark.parametrize("narrowed", [{}, {"text": "word"}, {"kind": SourceKind.STORYBOARD}])
@pytest.mark.parametrize("few", [0, 100], ids=["many hits", "few hits"])
def test_pages_follow_each_other_without_gap_or_repetition(
    tx: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    order: str,
    narrowed: dict[str, Any],
    few: int,
) -> None:
    monkeypatch.setattr(search, "SORTED_HITS", few)
    monkeypatch.setattr(search, "RANKED", few)
    for number in range(23):
        title = "word" if number % 3 else "other"
        add(tx, f"v{number:02d}", title=title, description="word", duration=number % 4)
    whole = ids(tx, order=order, **narrowed)
    pages = [ask(tx, order=order, limit=5, offset=at, **narrowed) for at in range(0, 30, 5)]
    assert len(set(whole)) == 23
    assert [video.id for page in pages for video in page.videos] == whole
    assert {page.total for page in pages} == {23}


@pytest.mark.parametrize("few", [0, 100], ids=["many hits", "few hits"])
def test_a_hit_in_the_title_is_more_relevant(
    tx: Transaction, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "RANKED", few)
    add(tx, "in-title", title="Fourier series")
    add(tx, "in-text", "fourier " * 3)
    add(tx, "neither")
    assert ids(tx, "fourier", order="relevance") == ["in-title", "in-text"]


def test_relevance_without_words_is_newest_first(tx: Transaction) -> None:
    add(tx, "a")
    add(tx, "b")
    assert ids(tx, order="relevance") == ["b", "a"]


def test_a_page_says_where_the_words_are(tx: Transaction) -> None:
    add(tx, "v1", "## Scene\n> How the chain rule works.\n")
    add(tx, "v2", title="Chain rule")
    assert ask(tx, "chain").snippets == {"v1": "## Scene > How the «chain» rule works."}
    assert ask(tx).snippets == {}


def test_a_scene_removed_from_the_text_is_not_found_any_more(tx: Transaction) -> None:
    add(tx, "v1", "about whales")
    sources.save(tx, "v1", "about wrens", 1, later(1))
    assert ids(tx, "whales") == []
    assert ids(tx, "wrens") == ["v1"]


def test_the_index_agrees_with_its_documents_after_many_changes(tx: Transaction) -> None:
    library_of_kinds(tx)
    for minute in range(5):
        for identity in "abc":
            videos.touch(tx, identity, later(minute))
    projects.trash(tx, "p1", START)
    projects.restore(tx, "p1")
    videos.purge(tx, ["gone"])
    tx.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    assert ids(tx, "whale") == ["b", "a"]
