"""The command line: everything the window can do that makes sense without one.

Importing it is cheap: services, and what they bring along, are imported when a command runs, so
that ``proofreel --help`` answers at once.
"""

from desktop.cli.commands import build

__all__ = ["build"]
