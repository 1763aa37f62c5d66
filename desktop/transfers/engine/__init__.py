"""The process that moves the bytes: one per library, started by whoever needs it first.

It outlives the window that started it, ends by itself when it has nothing to do and nobody is
there, and may be killed at any moment: the ledger knows what was acknowledged. In short::

    place          folder, lock and record by which clients find the engine (no AWS library)
    __main__       the process: takes the lock, leaves its parent, runs the loop
    life           listens, serves and ends: idle, told to, or beaten by a newer version
    server         one client: greeting, questions, news at its own pace
    desk           answers questions: what a person may do with transfers
    floor          all transfers that run: whose turn it is, who gets a connection
    run            one transfer that runs: events in, commands carried out in order
    errands        what machines ask of the cloud and of files, on threads
    stores, files  clients by destination; source and unfinished files, held open
"""
