"""A file and a service in numbers: what is needed of both to run an upload without bytes.

The file and the object are tuples of blocks, one number each; a checksum is the text of the
blocks, so two checksums are equal exactly when the bytes are.
"""

from dataclasses import dataclass, field

from desktop.domain.faults import FaultKind
from desktop.domain.uploads import ObjectSeen, Part, Source, Stamp
from desktop.transfers.plan import MIB

Blocks = tuple[int, ...]

KEY = "clips/film.mp4"


def text_of(blocks: Blocks) -> str:
    return ".".join(map(str, blocks))


@dataclass
class File:
    blocks: Blocks
    tick: int = 1
    mtime: int = 1
    gone: bool = False
    inode: int = 7
    snapshots: set[Blocks] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.snapshots.add(self.blocks)

    @property
    def stamp(self) -> Stamp:
        return Stamp(len(self.blocks) * MIB, self.mtime, self.tick, 1, self.inode)

    @property
    def source(self) -> Source:
        return Source(self.stamp, len(self.blocks) * MIB, "")

    def write(self, blocks: Blocks, *, restore_mtime: bool = False) -> None:
        self.blocks = blocks
        self.tick += 1
        if not restore_mtime:
            self.mtime = self.tick
        self.snapshots.add(blocks)

    def touch(self) -> None:
        self.tick += 1


@dataclass
class Object:
    blocks: Blocks
    nonce: str

    @property
    def seen(self) -> ObjectSeen:
        words = text_of(self.blocks)
        return ObjectSeen(len(self.blocks) * MIB, "e" + words, f"crc64nvme:{words}", self.nonce)


@dataclass
class Service:
    """What lies in the bucket; it answers what a real one would."""

    name: str
    objects: dict[str, Object] = field(default_factory=dict)
    uploads: dict[str, dict[int, Blocks]] = field(default_factory=dict)
    nonces: dict[str, str] = field(default_factory=dict)
    begun_at: dict[str, float] = field(default_factory=dict)
    made: int = 0

    def create(self, nonce: str, now: float) -> str:
        self.made += 1
        upload_id = f"{self.name}-upload-{self.made}"
        self.uploads[upload_id], self.nonces[upload_id] = {}, nonce
        self.begun_at[upload_id] = now
        return upload_id

    def put_part(self, upload_id: str, number: int, blocks: Blocks) -> Part | FaultKind:
        if upload_id not in self.uploads:
            return FaultKind.NO_UPLOAD
        self.uploads[upload_id][number] = blocks
        return part_of(number, blocks)

    def complete(
        self, upload_id: str, parts: tuple[Part, ...], only_if_new: bool
    ) -> Object | FaultKind:
        if upload_id not in self.uploads:
            return FaultKind.NO_UPLOAD
        held = self.uploads[upload_id]
        if any(part_of(p.number, held.get(p.number, ())) != p for p in parts):
            return FaultKind.INVALID
        if only_if_new and KEY in self.objects:
            return FaultKind.EXISTS
        whole = tuple(block for part in parts for block in held[part.number])
        self.objects[KEY] = Object(whole, self.nonces[upload_id])
        del self.uploads[upload_id]
        return self.objects[KEY]

    def put(self, blocks: Blocks, nonce: str, only_if_new: bool) -> Object | FaultKind:
        if only_if_new and KEY in self.objects:
            return FaultKind.EXISTS
        self.objects[KEY] = Object(blocks, nonce)
        return self.objects[KEY]


def part_of(number: int, blocks: Blocks) -> Part:
    return Part(number, len(blocks) * MIB, "e" + text_of(blocks), text_of(blocks))


def changed(blocks: Blocks, place: int) -> Blocks:
    """Return a file with one block written anew."""
    at = place % len(blocks)
    return (*blocks[:at], max(blocks) + 1, *blocks[at + 1 :])
