"""Uploads and downloads that survive crashes, in an engine process of their own.

The rules are pure: no file, no network, no threads; time is passed in. From the values up::

    steps             commands and events of the machines; the runner's side of the bargain
    plan              how a file is cut: arithmetic
    retry             what is done about each kind of fault, and how long is waited
    pieces, entries   parts on their way; what goes to the ledger in one go
    uploading         the transitions of an upload
    machine           the table of them: ``open_run``, ``step``, ``lane``, ``arranged``
    fetching          the transitions of a download
    download_machine  the table of them, likewise
    orphans           uploads that nobody will complete
    scheduler         whose turn it is (``admit``), which part goes next (``Scheduler.choose``)
    concurrency       how many connections serve a line: ``Connections``
    rate              limits and the timetable: ``Limiter``, and its ``gate`` for each file

``engine`` carries the commands out: a process that the window starts, outlives and is outlived by;
``client`` talks to it. What must survive a crash is in ``storage.ledger``.
"""
