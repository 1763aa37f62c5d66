"""All attacks, by what they are aimed at."""

from tests.isolation.attack import Attack, Subject
from tests.isolation.attacks_files import SECRETS, WRITING
from tests.isolation.attacks_kernel import METADATA, SYSCALLS, TRICKS
from tests.isolation.attacks_left import LEFT
from tests.isolation.attacks_messages import NETWORK
from tests.isolation.attacks_processes import EXECUTION, PROCESSES
from tests.isolation.attacks_resources import RESOURCES

ATTACKS: dict[Subject, tuple[Attack, ...]] = {
    Subject.SECRETS: SECRETS,
    Subject.WRITING: WRITING,
    Subject.LEFT: LEFT,
    Subject.PROCESSES: PROCESSES,
    Subject.EXECUTION: EXECUTION,
    Subject.NETWORK: NETWORK,
    Subject.RESOURCES: RESOURCES,
    Subject.TRICKS: TRICKS,
    Subject.SYSCALLS: SYSCALLS,
    Subject.METADATA: METADATA,
}

FEWEST = 85
FEWEST_OLD = 40
"""So many of them concern files and processes, which is what Landlock is about."""

LEAST_CONTROL = 55
"""Attacks that must succeed where nothing protects, or the suite proves nothing."""

LEAKS_OF_B = frozenset({"see how long a file is"})
"""The one leak of tier B: what ``stat`` tells. No version of Landlock covers it."""

GIVEN_TO_LATEX = frozenset(
    {
        "run a shell",
        "run a program",
        "become another program",
        "spawn a program",
        "run a shell from C",
        "run a descriptor by call",
        "run a program through its loader",
        "fork",
        "fork by call",
        "clone by call",
        "work in several processes",
    }
)
"""What scenes that use LaTeX may do, in tier A alone: programs of the system, in the same root."""
