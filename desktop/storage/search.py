"""Finding videos: by words in the full-text index, by properties, in the order asked for.

Every path is bounded, so that a common word in a large library costs as little as a rare one:
counting and walking in order of change only follow the index's word lists; the ranking formula,
which must look at each hit, is used when there are few enough for it to tell anything; and when
many hits are to be sorted, the sorted index is walked until the page is full.
"""

import json
from collections.abc import Sequence

from desktop.domain.library import SearchPage, SearchQuery, Video
from desktop.storage import text, videos
from desktop.storage.index import TRASHED, facet
from desktop.storage.transaction import Transaction

RANKED = 1_500
"""Up to so many hits are ranked by bm25; beyond, hits in the title come first, newest first."""

SORTED_HITS = 2_000
"""Up to so many hits are sorted; beyond, the index of the order is walked to find them."""

SNIPPETS = 100
"""How many hits of a page get a snippet."""

_SORTED = {
    "created": "videos.created_at DESC, videos.id DESC",
    "title": "videos.title COLLATE NOCASE, videos.id",
    "duration": "videos.duration DESC, videos.id DESC",
}


def search(tx: Transaction, query: SearchQuery) -> SearchPage:
    """Return one page of the videos that match, how many match in all, and where words were found.

    Any text is allowed. Words are found as written or, the last one, as a beginning; case and
    accents do not matter; "quoted words" must follow each other.
    """
    words = text.match_expression(query.text)
    facets = _facets(query)
    if not words and not facets:
        return _all(tx, query)
    expression = _expression(words, facets, trashed=query.trashed)
    total = _count(tx, expression)
    numbers = _page(tx, query, words, expression, total) if total else []
    found = _videos(tx, numbers)
    snippets = _snippets(tx, numbers[:SNIPPETS], text.terms(query.text)) if words else {}
    return SearchPage(found, total, snippets)


def tags(tx: Transaction) -> tuple[tuple[str, int], ...]:
    """Return every tag of live videos and how many have it, most used first."""
    rows = tx.execute(
        "SELECT tag, count(*) FROM video_tags JOIN videos ON id = video_id"
        " WHERE trashed_at IS NULL GROUP BY tag ORDER BY count(*) DESC, tag COLLATE NOCASE"
    )
    return tuple(rows.fetchall())


def _all(tx: Transaction, query: SearchQuery) -> SearchPage:
    where = "trashed_at IS NOT NULL" if query.trashed else "trashed_at IS NULL"
    order = _SORTED.get(query.order, "search_id DESC")
    # The ids come from an index alone, so that pages far down do not read the rows above them.
    rows = tx.execute(
        f"SELECT {videos.COLUMNS} FROM videos WHERE id IN"
        f" (SELECT id FROM videos WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?)"
        f" ORDER BY {order}",
        (query.limit, query.offset),
    )
    found = tuple(videos.from_row(row) for row in rows)
    return SearchPage(found, _count_all(tx, trashed=query.trashed))


def _count_all(tx: Transaction, *, trashed: bool) -> int:
    # Counting what is in the trash is quick, counting what is not takes a walk over everything.
    in_trash = tx.execute("SELECT count(*) FROM videos WHERE trashed_at IS NOT NULL").fetchone()[0]
    if trashed:
        return int(in_trash)
    return int(tx.execute("SELECT count(*) FROM videos").fetchone()[0]) - int(in_trash)


def _facets(query: SearchQuery) -> list[str]:
    wanted = {
        "project": query.project_id,
        "status": query.status,
        "kind": query.kind,
        "tag": query.tag,
        "aspect": query.aspect,
    }
    return [facet(kind, str(value)) for kind, value in wanted.items() if value is not None]


def _expression(words: str, facets: Sequence[str], *, trashed: bool) -> str:
    parts = [f"({words})"] if words else []
    parts += [f'"{word}"' for word in facets]
    if trashed:
        return " AND ".join([*parts, f'"{TRASHED}"'])
    return f'({" AND ".join(parts)}) NOT "{TRASHED}"'


def _count(tx: Transaction, expression: str) -> int:
    row = tx.execute("SELECT count(*) FROM search WHERE search MATCH ?", (expression,)).fetchone()
    return int(row[0])


def _page(
    tx: Transaction, query: SearchQuery, words: str, expression: str, total: int
) -> list[int]:
    """Return the document numbers of the page, in order."""
    span = (query.limit, query.offset)
    if query.order in _SORTED:
        walk = total > SORTED_HITS and not query.trashed
        return (_walked if walk else _sorted)(tx, expression, _SORTED[query.order], span)
    if query.order == "relevance" and words:
        if total <= RANKED:
            return _numbers(
                tx,
                "SELECT rowid FROM search WHERE search MATCH ?"
                " ORDER BY rank, rowid DESC LIMIT ? OFFSET ?",
                (expression, *span),
            )
        return _titles_first(tx, words, expression, span)
    return _newest(tx, expression, span)


def _sorted(tx: Transaction, expression: str, order: str, span: tuple[int, int]) -> list[int]:
    return _numbers(
        tx,
        "SELECT search.rowid FROM search JOIN videos ON search_id = search.rowid"
        f" WHERE search MATCH ? ORDER BY {order} LIMIT ? OFFSET ?",
        (expression, *span),
    )


def _walked(tx: Transaction, expression: str, order: str, span: tuple[int, int]) -> list[int]:
    # The plus sign keeps SQLite from looking up each hit instead of walking.
    return _numbers(
        tx,
        "SELECT search_id FROM videos WHERE trashed_at IS NULL"
        " AND +search_id IN (SELECT rowid FROM search WHERE search MATCH ?)"
        f" ORDER BY {order} LIMIT ? OFFSET ?",
        (expression, *span),
    )


def _newest(tx: Transaction, expression: str, span: tuple[int, int]) -> list[int]:
    return _numbers(
        tx,
        "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ? OFFSET ?",
        (expression, *span),
    )


def _titles_first(tx: Transaction, words: str, expression: str, span: tuple[int, int]) -> list[int]:
    limit, offset = span
    in_title = f"{{title}} : ({words})"
    titled = f"({expression}) AND ({in_title})"
    found = _newest(tx, titled, span)
    missing = limit - len(found)
    if missing:
        # The others begin where those with the words in the title end, on this page or before.
        skipped = 0 if found or not offset else offset - _count(tx, titled)
        found += _newest(tx, f"({expression}) NOT ({in_title})", (missing, skipped))
    return found


def _numbers(tx: Transaction, sql: str, values: tuple[object, ...]) -> list[int]:
    return [row[0] for row in tx.execute(sql, values)]


def _videos(tx: Transaction, numbers: Sequence[int]) -> tuple[Video, ...]:
    rows = tx.execute(
        f"SELECT search_id, {videos.COLUMNS} FROM videos"
        " WHERE search_id IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )
    by_number = {row[0]: videos.from_row(row[1:]) for row in rows}
    return tuple(by_number[number] for number in numbers)


def _snippets(tx: Transaction, numbers: Sequence[int], wanted: tuple[str, ...]) -> dict[str, str]:
    """Return, per video id, the first place the words are in below the title."""
    rows = tx.execute(
        "SELECT videos.id, search.description, search.scenes, search.code"
        " FROM search JOIN videos ON search_id = search.rowid"
        " WHERE search.rowid IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )
    found = {
        row[0]: next(filter(None, (text.snippet(part, wanted) for part in row[1:])), "")
        for row in rows
    }
    return {video_id: part for video_id, part in found.items() if part}
