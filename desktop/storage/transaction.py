"""The type every function of the table modules takes first."""

import sqlite3

Transaction = sqlite3.Connection
"""A connection inside an open transaction; ``Database.read`` and ``Database.write`` supply it."""
