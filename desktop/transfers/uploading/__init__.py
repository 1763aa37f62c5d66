"""The transitions of an upload, by what it is doing; ``transfers.machine`` puts them in a table.

::

    run         an upload while it runs, and how commands are put together
    stopping    pause, cancel, a changed file: how it comes to stand, and what it leaves behind
    faults      what a fault comes to: a wait, something to mend, an end
    finishing   putting parts together, and making sure of the object
    sending     parts on their way
    taking_up   begin, and go on from whatever the ledger says
"""
