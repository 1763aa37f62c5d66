"""Uploads and downloads that survive crashes, in an engine process of their own.

The rules are pure: no clock, no file, no network, no threads of their own. In short::

    steps             commands and events of the machines; the runner's side of the bargain

    machine.Run(upload, …)                         an upload while it runs; frozen
    machine.open_run(upload) -> Run                from the ledger, or newly queued
    machine.step(run, event, now) -> (Run, commands)
        run.upload / run.transfer                  the row as it stands
        run.busy                                   whether an answer or a part is still to come
    machine.lane(run, now) -> Lane                 what the scheduler needs to know of it
    download_machine                               the same for downloads; ``run.download``

    scheduler.admit(waiting, running, connections) -> ids   whose turn it is: ``Begin`` them
    Scheduler().choose(lanes, connections, now) -> Choice | None
        ask until None whenever a connection is free or a lane changed; tell the machine
        ``PartStarted(choice.number)``; a ``duplicate`` runs beside the slow one, the first wins
    Scheduler().ended(choice, now, *, sent)        once per choice

    concurrency.Connections(start, fixed=0)
        .limit(now) -> int                         connections allowed now
        .moved(size, now) / .throttled(now) / .rate_limited(rate)
    rate.Limiter(limits) .gate(destination, transfer_id).grant(wanted) -> (bytes, seconds)
    retry.decide(fault, attempt, jitter) -> Decision(action, delay)

    storage.ledger.Ledger.open(path)               blocking; call it on one writer thread
        .add(transfers) .save(save) .load(id) .unfinished() .page(…) .history(id) …
"""
