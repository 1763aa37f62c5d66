"""What a process takes away from itself before it runs code that nobody vouches for.

Standard library only, Linux only: the render process applies it to every job it forks, after Manim
is loaded and before the scene is read. Nothing of it can be undone by the process.

- ``landlock``  which files it may still read, and the one folder it may write to
- ``seccomp``   which calls of the kernel it may still make: no sockets, no processes, no programs
- ``privileges`` what root could do beyond that
- ``trial``     a process that confines itself and tries what is forbidden
"""
