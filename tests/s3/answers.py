"""Answers: status, headers and a body, and XML as the service writes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Union
from urllib.parse import quote
from xml.sax.saxutils import escape

from tests.s3.errors import S3Error

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
Node = Union[str, int, bool, "Mapping[str, Node]", "Sequence[Node]", None]
"""What XML is made of: a sequence repeats its element, None leaves it out."""


@dataclass(slots=True)
class Answer:
    """What goes back to the client."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    blocks: Iterator[bytes] | None = None
    """A body that is sent piece by piece instead, ``length`` bytes in all."""
    length: int = 0


def xml(root: str, content: Mapping[str, Node], **headers: str) -> Answer:
    """Return an answer with a document."""
    text = "".join(_elements(name, node) for name, node in content.items())
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{text}</{root}>'
    )
    return Answer(200, {"content-type": "application/xml", **headers}, document.encode())


def error(problem: S3Error, resource: str, request_id: str) -> Answer:
    """Return a refusal."""
    return Answer(
        problem.status,
        {"content-type": "application/xml", **problem.headers},
        error_document(problem, resource, request_id),
    )


def error_document(problem: S3Error, resource: str, request_id: str) -> bytes:
    """Return the XML of a refusal; unlike others it has no namespace."""
    content = {
        "Code": problem.code,
        "Message": problem.message,
        **problem.details,
        "Resource": resource,
        "RequestId": request_id,
        "HostId": "local",
    }
    text = "".join(_elements(name, value) for name, value in content.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{text}</Error>'.encode()


def _elements(name: str, node: Node) -> str:
    if node is None:
        return ""
    if isinstance(node, Mapping):
        inner = "".join(_elements(key, value) for key, value in node.items())
        return f"<{name}>{inner}</{name}>"
    if isinstance(node, bool):
        return f"<{name}>{str(node).lower()}</{name}>"
    if isinstance(node, str | int):
        return f"<{name}>{escape(str(node))}</{name}>"
    return "".join(_elements(name, each) for each in node)


def encoded(text: str, encoding: str) -> str:
    """Return a key as a listing shows it with ``encoding-type``."""
    return quote(text, safe="/") if encoding == "url" else text


def http_date(seconds: float) -> str:
    """Return a time as headers have it."""
    return formatdate(seconds, usegmt=True)
