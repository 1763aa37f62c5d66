"""What a person can do: one class per noun, the only things windows and the command line call.

Every coroutine runs on the event loop and never blocks it: SQLite has its own threads, parsing and
rendering their own processes, file work runs in worker threads.
"""
