"""Buckets, objects, uploads and parts: an index in memory, bytes and their description in files.

A part is a file; completing an upload moves none of its bytes. Descriptions are written before an
answer goes out and replaced in one step, so a server that was killed starts again where it was.
"""

import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.s3 import digests
from tests.s3.errors import S3Error

BLOCK = 1 << 20


@dataclass(slots=True)
class Piece:
    """Bytes that came in with one request."""

    size: int
    md5: str
    """Hexadecimal; of a server that computes none: something unique."""
    checksums: dict[str, str] = field(default_factory=dict)
    """What the client said and the service verified, by kind."""
    crc64nvme: str = ""
    """As the service computed it itself; empty when it does not."""
    file: str = ""
    """Name below the folder of bytes; empty when bytes are thrown away."""
    modified: float = 0.0


@dataclass(slots=True)
class Kept:
    """What is kept with an object or an upload besides bytes."""

    headers: dict[str, str] = field(default_factory=dict)
    """Content type, encoding, metadata and the like, as they are given back."""
    encryption: dict[str, str] = field(default_factory=dict)
    customer_key_md5: str = ""


@dataclass(slots=True)
class StoredObject:
    """One version of an object."""

    bucket: str
    key: str
    etag: str
    pieces: list[Piece]
    kept: Kept
    modified: float
    version: str = "null"
    checksums: dict[str, str] = field(default_factory=dict)
    checksum_type: str = ""
    multipart: bool = False
    deleted: bool = False
    """Whether this is a delete marker."""
    upload_id: str = ""

    @property
    def size(self) -> int:
        return sum(piece.size for piece in self.pieces)


@dataclass(slots=True)
class Upload:
    """A multipart upload that has neither been completed nor aborted."""

    id: str
    bucket: str
    key: str
    initiated: float
    kept: Kept
    algorithm: str = ""
    checksum_type: str = ""
    parts: dict[int, Piece] = field(default_factory=dict)


@dataclass(slots=True)
class Completion:
    """A completion that happened, for one that asks again."""

    key: str
    parts: list[tuple[int, str]]
    at: float
    version: str


@dataclass(slots=True)
class Bucket:
    """A bucket and its rules."""

    name: str
    region: str
    created: float
    lifecycle: str = ""
    """XML as it was put."""
    versioning: str = ""
    objects: dict[str, list[StoredObject]] = field(default_factory=dict)
    """Versions by key, newest last."""
    uploads: dict[str, Upload] = field(default_factory=dict)
    completed: dict[str, Completion] = field(default_factory=dict)


def _piece(values: dict[str, Any]) -> Piece:
    return Piece(**values)


class Store:
    """Everything the server keeps; ``lock`` makes several steps one."""

    def __init__(self, folder: Path, *, null: bool = False) -> None:
        """Take up what lies in ``folder``; ``null`` keeps descriptions and throws bytes away."""
        self.folder = folder
        self.null = null
        self.lock = threading.RLock()
        self.buckets: dict[str, Bucket] = {}
        self._bytes = folder / "bytes"
        self._bytes.mkdir(parents=True, exist_ok=True)
        (folder / "buckets").mkdir(exist_ok=True)
        for file in sorted((folder / "buckets").glob("*/bucket.json")):
            self._load(file)
        self._sweep()

    # buckets

    def bucket(self, name: str) -> Bucket:
        """Return a bucket; raises S3Error."""
        found = self.buckets.get(name)
        if found is None:
            raise S3Error("NoSuchBucket", details={"BucketName": name})
        return found

    def create_bucket(self, name: str, region: str, created: float) -> Bucket:
        """Make a bucket; one that is there already is left alone."""
        with self.lock:
            if name not in self.buckets:
                self.buckets[name] = Bucket(name, region, created)
                self.save_bucket(self.buckets[name])
            return self.buckets[name]

    def save_bucket(self, bucket: Bucket) -> None:
        """Write down what a bucket is, without its objects."""
        plain = {
            name: getattr(bucket, name)
            for name in ("name", "region", "created", "lifecycle", "versioning")
        }
        _write(self.folder / "buckets" / bucket.name / "bucket.json", plain)

    def delete_bucket(self, name: str) -> None:
        """Remove an empty bucket."""
        with self.lock:
            if self.bucket(name).objects:
                raise S3Error("BucketNotEmpty", details={"BucketName": name})
            for upload in [*self.bucket(name).uploads.values()]:
                self.remove_upload(upload)
            del self.buckets[name]
            shutil.rmtree(self.folder / "buckets" / name)

    # objects

    def current(self, bucket: str, key: str) -> StoredObject | None:
        """Return the newest version of an object; None when there is none or it was deleted."""
        versions = self.bucket(bucket).objects.get(key)
        return None if not versions or versions[-1].deleted else versions[-1]

    def put(self, stored: StoredObject) -> None:
        """Keep an object: as another version, or instead of the one before."""
        with self.lock:
            bucket = self.bucket(stored.bucket)
            versions = bucket.objects.setdefault(stored.key, [])
            if bucket.versioning == "Enabled":
                stored.version = uuid.uuid4().hex
            replaced = [each for each in versions if each.version == stored.version]
            versions[:] = [each for each in versions if each not in replaced]
            versions.append(stored)
            _write(self._object_file(stored), asdict(stored))
            for old in replaced:
                self._remove_bytes(old.pieces, keep=stored.pieces)

    def remove(self, stored: StoredObject) -> None:
        """Remove one version for good."""
        with self.lock:
            objects = self.bucket(stored.bucket).objects
            objects[stored.key].remove(stored)
            if not objects[stored.key]:
                del objects[stored.key]
            self._object_file(stored).unlink(missing_ok=True)
            self._remove_bytes(stored.pieces)

    def _object_file(self, stored: StoredObject) -> Path:
        folder = self.folder / "buckets" / stored.bucket / "objects"
        return folder / f"{uuid.uuid5(uuid.NAMESPACE_URL, stored.key).hex}-{stored.version}.json"

    # uploads

    def save_upload(self, upload: Upload) -> None:
        """Keep an upload that has begun."""
        with self.lock:
            self.bucket(upload.bucket).uploads[upload.id] = upload
            plain = {k: v for k, v in asdict(upload).items() if k != "parts"}
            _write(self._upload_folder(upload) / "upload.json", plain)

    def save_part(self, upload: Upload, number: int, piece: Piece) -> None:
        """Keep a part instead of one with the same number."""
        with self.lock:
            if self.bucket(upload.bucket).uploads.get(upload.id) is not upload:
                self._remove_bytes([piece])
                raise S3Error("NoSuchUpload", details={"UploadId": upload.id})
            before = upload.parts.get(number)
            upload.parts[number] = piece
            _write(self._upload_folder(upload) / f"{number:05}.json", asdict(piece))
            if before:
                self._remove_bytes([before])

    def remove_upload(self, upload: Upload, keep: Sequence[Piece] = ()) -> None:
        """Forget an upload and the bytes of its parts, but for those an object keeps."""
        with self.lock:
            self.bucket(upload.bucket).uploads.pop(upload.id, None)
            shutil.rmtree(self._upload_folder(upload), ignore_errors=True)
            self._remove_bytes(list(upload.parts.values()), keep=keep)

    def _upload_folder(self, upload: Upload) -> Path:
        return self.folder / "buckets" / upload.bucket / "uploads" / upload.id

    # bytes

    def create_file(self) -> tuple[str, int]:
        """Return the name and the descriptor of a new file for bytes."""
        name = uuid.uuid4().hex
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR
        return name, os.open(self._bytes / name, flags, 0o600)

    def open_file(self, piece: Piece) -> int:
        """Return a descriptor of the bytes of a piece."""
        return os.open(self._bytes / piece.file, os.O_RDONLY)

    def discard(self, name: str) -> None:
        """Remove bytes that are not to be kept."""
        (self._bytes / name).unlink(missing_ok=True)

    def damage(self, piece: Piece, at: int = 0) -> None:
        """Change one byte of what is kept."""
        with (self._bytes / piece.file).open("r+b") as file:
            file.seek(at)
            byte = file.read(1)
            file.seek(at)
            file.write(bytes([byte[0] ^ 0xFF]))

    def blocks(self, stored: StoredObject) -> Iterator[bytes]:
        """Yield the bytes of an object as they lie on the disk."""
        if self.null:
            raise S3Error("NotImplemented", "This server throws bytes away")
        for piece in stored.pieces:
            with (self._bytes / piece.file).open("rb", buffering=0) as file:
                while block := file.read(BLOCK):
                    yield block

    def digest(self, stored: StoredObject, kind: str) -> bytes:
        """Return a checksum of an object, computed from the bytes on the disk."""
        running = digests.start(kind)
        for block in self.blocks(stored):
            running.update(memoryview(block))
        return running.digest()

    def _remove_bytes(self, pieces: Sequence[Piece], keep: Sequence[Piece] = ()) -> None:
        kept = {piece.file for piece in keep}
        for piece in pieces:
            if piece.file and piece.file not in kept:
                self.discard(piece.file)

    # starting again

    def _load(self, file: Path) -> None:
        bucket = Bucket(**json.loads(file.read_text()))
        self.buckets[bucket.name] = bucket
        found = [_object(json.loads(each.read_text())) for each in file.parent.glob("objects/*")]
        for stored in sorted(found, key=lambda each: each.modified):
            bucket.objects.setdefault(stored.key, []).append(stored)
        for folder in file.parent.glob("uploads/*"):
            self._load_upload(bucket, folder)

    def _load_upload(self, bucket: Bucket, folder: Path) -> None:
        values = json.loads((folder / "upload.json").read_text())
        upload = Upload(**{**values, "kept": Kept(**values["kept"])})
        for file in sorted(folder.glob("[0-9]*.json")):
            upload.parts[int(file.stem)] = _piece(json.loads(file.read_text()))
        finished = any(s.upload_id == upload.id for s in bucket.objects.get(upload.key, []))
        if finished:  # killed between the object and the end of its upload
            shutil.rmtree(folder)
        else:
            bucket.uploads[upload.id] = upload

    def _sweep(self) -> None:
        """Remove bytes nothing refers to: those of requests that were under way."""
        used = {
            piece.file
            for bucket in self.buckets.values()
            for pieces in (
                *(s.pieces for versions in bucket.objects.values() for s in versions),
                *(u.parts.values() for u in bucket.uploads.values()),
            )
            for piece in pieces
        }
        for file in self._bytes.iterdir():
            if file.name not in used:
                file.unlink()


def _object(values: dict[str, Any]) -> StoredObject:
    pieces = [_piece(each) for each in values["pieces"]]
    return StoredObject(**{**values, "pieces": pieces, "kept": Kept(**values["kept"])})


def _write(file: Path, values: dict[str, Any]) -> None:
    """Replace a file in one step, so that there is always a whole one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{uuid.uuid4().hex}.new")
    fresh.write_text(json.dumps(values))
    fresh.replace(file)
