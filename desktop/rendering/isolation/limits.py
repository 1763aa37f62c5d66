"""How much one job may use of the computer; each breach has a message of its own."""

from dataclasses import dataclass

from desktop.domain.picture import RenderProfile

MIB = 1 << 20

LARGE_PICTURE = 4_000_000
"""Pixels from which a picture is 4K, which may fill more of the disk."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use."""

    memory: int
    """Resident bytes."""
    wall_seconds: float
    cpu_seconds: int
    folder_bytes: int = 4 << 30
    """Bytes of the job folder."""
    files: int = 5000
    """Files in the job folder."""
    log_bytes: int = 4 << 20
    open_files: int = 512
    size: str = ""
    """What the pictures are called, such as "1080p"; for messages."""


def limits_for(profile: RenderProfile, *, memory: int, wall_seconds: float) -> Limits:
    """Return the limits of one job; larger pictures may fill more of the disk."""
    large = profile.height * profile.width > LARGE_PICTURE
    return Limits(
        memory=memory,
        wall_seconds=wall_seconds,
        cpu_seconds=round(wall_seconds * 2),
        folder_bytes=(4 << 30) if large else (1 << 30),
        size=f"{min(profile.height, profile.width)}p",
    )
