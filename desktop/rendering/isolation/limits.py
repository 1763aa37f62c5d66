"""How much one job may use of the computer; each breach has a message of its own.

Larger pictures may take more, and longer scenes more time; what a person has chosen in the
settings replaces both. The figures were measured on ordinary scenes with room to spare.
"""

from dataclasses import dataclass, replace

from desktop.domain.picture import RenderProfile

MIB = 1 << 20
GIB = 1 << 30

LARGE_PICTURE = 4_000_000
"""Pixels from which a picture is 4K, which may fill more of the disk."""

WALL_TO_CPU = 3
"""How many times longer than it computes a scene may take: others render at the same time."""

USUAL_LENGTH = 10.0
"""Seconds of video for which the usual time is meant; longer scenes get more in proportion."""

LONGEST_CPU_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use."""

    memory: int
    """Resident bytes."""
    wall_seconds: float
    cpu_seconds: int
    folder_bytes: int = 4 * GIB
    """Bytes of the job folder."""
    files: int = 5000
    """Files in the job folder."""
    log_bytes: int = 4 * MIB
    open_files: int = 512
    processes: int = 64
    """Processes at the same time, where a scene may start any."""
    size: str = ""
    """What the pictures are called, such as "1080p"; for messages."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What scenes of one size may use when nobody has chosen otherwise."""

    pixels: int
    """Up to how many."""
    memory: int
    cpu_seconds: int


USUAL = (
    Usual(1_000_000, 1536 * MIB, 60),
    Usual(LARGE_PICTURE, 2 * GIB, 300),
)
LARGEST = Usual(0, 4 * GIB, LONGEST_CPU_SECONDS)
"""For everything larger."""


def limits_for(profile: RenderProfile, *, memory: int = 0, wall_seconds: float = 0.0) -> Limits:
    """Return the limits of one job; 0 stands for what is usual at the size of the picture."""
    pixels = profile.height * profile.width
    usual = next((one for one in USUAL if pixels <= one.pixels), LARGEST)
    return Limits(
        memory=memory or usual.memory,
        wall_seconds=wall_seconds or float(WALL_TO_CPU * usual.cpu_seconds),
        cpu_seconds=round(wall_seconds * 2) or usual.cpu_seconds,
        folder_bytes=(4 if pixels > LARGE_PICTURE else 1) * GIB,
        size=f"{min(profile.height, profile.width)}p",
    )


def lengthened(limits: Limits, seconds: float) -> Limits:
    """Return the limits of a scene that lasts ``seconds``, from those of one of usual length."""
    more = max(1.0, seconds / USUAL_LENGTH)
    cpu = max(limits.cpu_seconds, min(LONGEST_CPU_SECONDS, round(limits.cpu_seconds * more)))
    wall = max(limits.wall_seconds, float(WALL_TO_CPU * cpu))
    return replace(limits, cpu_seconds=cpu, wall_seconds=wall)
