"""The transitions of a download; ``transfers.download_machine`` puts them in a table.

::

    run         a download while it runs, and how commands are put together
    standing    pause, cancel, faults: how it comes to stand, and what it waits for
    moving      from looking at the object to a file that has its name
"""
