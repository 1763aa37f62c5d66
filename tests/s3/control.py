"""The control URL, ``/-/…``: settings and accounts of a server that runs as its own process.

No request for S3 gets here: those are signed, these are not, and no bucket can be called ``-``.
"""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from tests.s3.answers import Answer
from tests.s3.errors import S3Error
from tests.s3.request import Head
from tests.s3.signature import Credential

if TYPE_CHECKING:
    from tests.s3.server import S3Server


def controlled(server: "S3Server", head: Head, body: bytes) -> Answer:
    """Answer ``GET`` of ``/-/state``, ``totals`` and ``object``, and ``POST /-/control``."""
    query = dict(parse_qsl(head.raw_query))
    try:
        content = _routed(server, f"{head.method} {head.raw_path}", query, body)
    except (ValueError, KeyError, TypeError, S3Error) as wrong:
        return _json({"error": str(wrong)}, 400)
    return _json(content) if content is not None else _json({"error": "no such page"}, 404)


def _json(content: Any, status: int = 200) -> Answer:
    return Answer(status, {"content-type": "application/json"}, json.dumps(content).encode())


def _routed(server: "S3Server", asked: str, query: dict[str, str], body: bytes) -> Any:
    match asked:
        case "GET /-/state":
            return _state(server)
        case "GET /-/totals":
            return server.account.totals()
        case "GET /-/object":
            return _object(server, query["bucket"], query["key"])
        case "POST /-/control":
            for name, value in json.loads(body).items():
                _changed(server, name, value)
            return _state(server)
    return None


def _state(server: "S3Server") -> dict[str, Any]:
    buckets = server.store.buckets
    return {
        "faults": server.faults.state(),
        "account": server.account.state(),
        "buckets": {
            name: {
                "region": bucket.region,
                "objects": server.keys_of(name),
                "uploads": [
                    {
                        "id": u.id,
                        "key": u.key,
                        "parts": sorted(u.parts),
                        "held": sum(p.size for p in u.parts.values()),
                    }
                    for u in server.uploads(name)
                ],
            }
            for name, bucket in buckets.items()
        },
    }


def _object(server: "S3Server", bucket: str, key: str) -> dict[str, Any]:
    found = server.object(bucket, key)
    return {
        "size": found.size,
        "etag": found.etag,
        "headers": found.headers,
        "checksums": found.checksums,
        "pieces": [asdict(piece) for piece in found.stored.pieces],
        "crc64nvme": found.crc64nvme,
        "md5": "" if server.store.null else found.md5,
    }


def _changed(server: "S3Server", name: str, value: Any) -> None:
    match name:
        case "faults":
            server.faults.update(value)
        case "rule":
            server.faults.add(**value)
        case "clear_faults":
            server.faults.clear()
        case "clear_account":
            server.account.clear()
        case "bucket":
            server.create_bucket(**value)
        case "credential":
            server.credentials[value["key_id"]] = Credential(**value)
        case "expire":
            server.expire(value)
        case _:
            raise ValueError(f"There is nothing called {name} to change")
