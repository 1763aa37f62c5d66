"""The render process: the only code that imports Manim.

Started as ``python -m desktop.rendering.worker``. A *zygote* imports Manim once and forks a process
for each job, so that a scene costs milliseconds instead of seconds to start, and no scene ever
shares its interpreter with another (Manim's configuration is global to the process).

- ``zygote``   requests in, events out; forks, forwards, kills
- ``confine``  what a job's process gives up before it reads the scene
- ``scene``    loads the scene's module, runs it as a probe or a render
- ``writer``   encodes the frames as one stream and counts them
- ``inspection`` looks into finished files, as the first to do so
- ``layout``   the geometric check over time; ``things`` says what is on screen, ``geometry`` and
  ``strikes`` when it is in each other's way
- ``report``   exceptions as problems with lines
- ``family``   processes that a scene starts, and their end
- ``pillow``   what Manim expects of an older Pillow
- ``formulas`` what Manim asks LaTeX for, set with Typst where there is no LaTeX
"""
