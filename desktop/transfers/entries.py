"""What machines write to the ledger, put together: one entry per step, nothing left out."""

from dataclasses import replace

from desktop.domain.uploads import Download, Part, Upload
from desktop.transfers.commands import Asking, Command, Save


def merged(first: Save, second: Save) -> Save:
    """Return one entry that leaves the ledger as both, one after the other, would."""
    if second.forget_parts:
        parts: dict[int, Part] = {}
    else:
        parts = {part.number: part for part in first.parts if part.number not in second.lost}
    parts.update({part.number: part for part in second.parts})
    lost = () if second.forget_parts else first.lost
    return Save(
        second.transfer,
        parts=tuple(parts.values()),
        lost=tuple(n for n in dict.fromkeys(lost + second.lost) if n not in parts),
        forget_parts=first.forget_parts or second.forget_parts,
        orphans=first.orphans + second.orphans,
        moments=first.moments + second.moments,
    )


def sealed(commands: tuple[Command, ...], transfer: Upload | Download) -> tuple[Command, ...]:
    """Return commands with one ``Save`` at most, which knows whether a question hangs on it."""
    entries = [command for command in commands if isinstance(command, Save)]
    if not entries:
        return commands
    whole = entries[0]
    for entry in entries[1:]:
        whole = merged(whole, entry)
    guarding = any(isinstance(command, Asking) for command in commands)
    if whole.transfer is not transfer or whole.guarding != guarding:
        whole = replace(whole, transfer=transfer, guarding=guarding)
    place = commands.index(entries[0])
    rest = tuple(command for command in commands[place:] if not isinstance(command, Save))
    return (*commands[:place], whole, *rest)
