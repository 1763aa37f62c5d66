"""Which scene of an edited text is which scene of before.

A scene keeps its identity through renaming, rewriting and moving, so that its comments, thumbnails
and versions follow it. Identity is never the position in the list: systems that number scenes by
position render scene 2 as "scene 1" once scene 1 is skipped (TheoremExplainAgent).
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol

SIMILAR = 0.6
"""Share of common words from which a rewritten scene still counts as the same one."""

PAIRS = 10_000
"""How many pairs of scenes are compared word by word; in longer videos only neighbours are."""


class KnownScene(Protocol):
    """What is remembered of one scene."""

    @property
    def id(self) -> str:
        """Its stable id."""

    @property
    def title(self) -> str:
        """The title it had."""

    @property
    def text(self) -> str:
        """The exact text it had."""

    @property
    def position(self) -> int | None:
        """Its 0-based place; None when it is no longer in the source."""


class SeenScene(Protocol):
    """One scene of the text at hand."""

    @property
    def title(self) -> str:
        """Its title now."""

    @property
    def text(self) -> str:
        """Its exact text now."""

    @property
    def explicit_id(self) -> str:
        """The id written in the text; empty when there is none."""


def match_scenes(
    known: Sequence[KnownScene], seen: Sequence[SeenScene], new_id: Callable[[], str]
) -> tuple[str, ...]:
    """Return an id for each seen scene: that of the known scene it continues, or a new one.

    In this order: an id written in the text; the same text; the same title; similar text; the
    scene between the same neighbours. No id is given twice.
    """
    matching = _Matching(known, seen)
    matching.by_explicit_id()
    matching.by(lambda old: old.text, lambda new: new.text)
    matching.by(lambda old: old.title.casefold(), lambda new: new.title.casefold())
    matching.by_similarity()
    matching.by_neighbours()
    return tuple(identity or new_id() for identity in matching.ids)


class _Matching:
    """The assignment while it is being made."""

    def __init__(self, known: Sequence[KnownScene], seen: Sequence[SeenScene]) -> None:
        self._known = {scene.id: scene for scene in known}
        self._order = [scene.id for scene in known]
        self._present = [scene.id for scene in known if scene.position is not None]
        self._seen = seen
        self.ids: list[str] = [""] * len(seen)

    def _free(self) -> list[KnownScene]:
        taken = set(self.ids)
        return [self._known[identity] for identity in self._order if identity not in taken]

    def by_explicit_id(self) -> None:
        taken: set[str] = set()
        for index, scene in enumerate(self._seen):
            if scene.explicit_id and scene.explicit_id not in taken:
                self.ids[index] = scene.explicit_id
                taken.add(scene.explicit_id)

    def by(
        self, key_of_known: Callable[[KnownScene], str], key_of_seen: Callable[[SeenScene], str]
    ) -> None:
        """Pair scenes of equal keys, first with first."""
        waiting: dict[str, list[str]] = {}
        for scene in self._free():
            waiting.setdefault(key_of_known(scene), []).append(scene.id)
        for index, seen in enumerate(self._seen):
            candidates = waiting.get(key_of_seen(seen))
            if not self.ids[index] and candidates:
                self.ids[index] = candidates.pop(0)

    def by_similarity(self) -> None:
        """Pair what is left by common words, best pairs first."""
        waiting, free = self._open(), self._free()
        words = [_words(scene.text) for scene in free]
        reach = max(1, PAIRS // max(1, len(waiting)))
        scored = []
        for place, index in enumerate(waiting):
            seen = _words(self._seen[index].text)
            centre = place * len(free) // len(waiting)
            first = max(0, min(centre - reach // 2, len(free) - reach))
            for old in range(first, min(first + reach, len(free))):
                score = _similarity(words[old], seen)
                if score >= SIMILAR:
                    scored.append((score, index, free[old].id))
        taken = set(self.ids)
        for _, index, identity in sorted(scored, key=lambda pair: -pair[0]):
            if not self.ids[index] and identity not in taken:
                self.ids[index] = identity
                taken.add(identity)

    def by_neighbours(self) -> None:
        """A scene rewritten from top to bottom is the one between its old neighbours."""
        ends = [None, *self._present, None]
        between: dict[tuple[str | None, str | None], str] = {}
        for before, identity, after in zip(ends, self._present, ends[2:], strict=False):
            between.setdefault((before, after), identity)
        taken = set(self.ids)
        for index in self._open():
            before = self.ids[index - 1] if index else None
            after = self.ids[index + 1] if index + 1 < len(self.ids) else None
            found = between.get((before, after))
            if found and found not in taken:
                self.ids[index] = found
                taken.add(found)

    def _open(self) -> list[int]:
        return [index for index, identity in enumerate(self.ids) if not identity]


def _words(text: str) -> Counter[tuple[str, ...]]:
    """Count the words of a text and the pairs that stand side by side."""
    words = re.findall(r"\w+", text)
    return Counter([*((word,) for word in words), *pairwise(words)])


def _similarity(old: Counter[tuple[str, ...]], new: Counter[tuple[str, ...]]) -> float:
    total = old.total() + new.total()
    shorter = min(old.total(), new.total())
    if not total or 2 * shorter / total < SIMILAR:
        return 0.0
    return 2 * (old & new).total() / total
