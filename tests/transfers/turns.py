"""Ways to bring a simulated upload to where a test begins."""

from itertools import count

from desktop.storage.ledger import Ledger
from desktop.transfers.machine import Phase
from tests.transfers.world import World

numbers = count()


def a_world(ledger: Ledger, size: int = 33, *, replaces: bool = False) -> World:
    return World(ledger, f"M{next(numbers):05}", tuple(range(1, size + 1)), replaces=replaces)


def until(world: World, phase: Phase) -> World:
    """Go on until this answer is waited for."""
    for _ in range(100):
        if world.run.phase is phase:
            return world
        assert world.one_step()
    raise AssertionError(f"never {phase}")


def acknowledged(world: World, parts: int) -> World:
    """Go on until so many parts are acknowledged."""
    until(world, Phase.SENDING)
    while world.run.transfer.parts_done < parts:
        world.start_part(0)
        world.end_part(0, None, True)
    return world
