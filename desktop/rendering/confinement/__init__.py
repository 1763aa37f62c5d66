"""What a process takes away from itself before it runs code that nobody vouches for.

Standard library only: the render process applies it to every job it forks, after Manim
is loaded and before the scene is read. Nothing of it can be undone by the process.

- ``landlock``  which files it may still read, and the one folder it may write to
- ``seccomp``   which calls of the kernel it may still make: no sockets, no processes, no programs
- ``seatbelt``  the same on macOS, in the words of its own sandbox
- ``privileges`` what root could do beyond that
- ``trial``     a process that confines itself and tries what is forbidden
"""
