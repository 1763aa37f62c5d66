"""Everything that is kept: one SQLite file for what is searched, folders for what is watched.

Reading order: ``database`` (threads and transactions), ``migrations`` (schema by numbered steps),
one module per table family (``projects``, ``videos``, ``sources``, ``scenes``, ``versions``),
``index`` and ``search`` (full text), ``shelf`` and ``manifest`` (version folders), ``rebuild``
(the database again from the folders).

The functions of the table modules take a ``Transaction`` first and are run by
``Database.read`` or ``Database.write``; several in one ``write`` are one transaction.
"""
