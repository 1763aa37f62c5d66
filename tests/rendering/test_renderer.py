"""A scene becomes the video it describes, once."""

import asyncio
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from desktop.domain.picture import Quality, RenderProfile
from tests.rendering.conftest import Studio
from tests.rendering.scenes import SHORT, asset, job, module, nothing, pictures

pytestmark = [pytest.mark.manim, pytest.mark.asyncio(loop_scope="module")]


async def test_a_scene_becomes_a_video_of_its_length_size_and_rate(studio: Studio) -> None:
    take = await studio.renderer.render(job(SHORT), nothing)
    assert (take.frames, take.width, take.height, take.fps) == (30, 256, 144, 15)
    with av.open(take.video) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (256, 144, 15)
        assert stream.pix_fmt == "yuv420p"
        assert stream.frames == 30
        assert stream.duration is not None
        assert stream.time_base is not None
        assert stream.duration * stream.time_base == Fraction(2)
        assert not container.streams.audio
    assert len(pictures(take.video)) == 30


async def test_colours_are_tagged_and_right(studio: Studio) -> None:
    take = await studio.renderer.render(
        job('self.camera.background_color = "#c04020"\nself.wait(0.2)'), nothing
    )
    with av.open(take.video) as container:
        context = container.streams.video[0].codec_context
        tags = (context.color_primaries, context.color_trc, context.colorspace)
        assert tags == (1, 1, 1)  # bt.709
        frame = next(container.decode(video=0)).reformat(format="rgb24", src_colorspace="ITU709")
    pixel = frame.to_ndarray()[72, 128].astype(int)
    assert np.abs(pixel - (0xC0, 0x40, 0x20)).max() <= 6


async def test_key_frames_are_never_further_apart_than_the_profile_says(studio: Studio) -> None:
    profile = RenderProfile(Quality.FINAL, 128, 72, 30, 18, "medium", gop=30)
    body = "dot = Dot()\nself.play(dot.animate.shift(RIGHT), run_time=4)"
    take = await studio.renderer.render(job(body, profile=profile), nothing)
    with av.open(take.video) as container:
        packets = sorted(
            (packet.pts, packet.is_keyframe)
            for packet in container.demux(video=0)
            if packet.pts is not None
        )
    keys = [number for number, (_pts, key) in enumerate(packets) if key]
    assert len(packets) == 120
    assert keys[0] == 0
    assert max(np.diff([*keys, 120])) <= 30


async def test_the_poster_shows_the_scene(studio: Studio) -> None:
    body = "self.add(Square(6, fill_opacity=1, color=WHITE))\nself.wait(1)"
    take = await studio.renderer.render(job(body), nothing)
    with Image.open(take.poster) as poster:
        assert poster.size == (640, 360)
        assert min(poster.getpixel((320, 180))) > 200  # type: ignore[type-var, arg-type]  # RGB


async def test_progress_rises_to_the_total(studio: Studio) -> None:
    seen: list[tuple[int, int]] = []
    body = "dot = Dot()\nfor _ in range(4):\n    self.play(dot.animate.shift(UP), run_time=1)"
    take = await studio.renderer.render(job(body), lambda *step: seen.append(step))
    assert seen[0] == (0, 60)
    assert seen[-1] == (60, 60) == (take.frames, take.frames)
    assert [done for done, _total in seen] == sorted(done for done, _total in seen)
    assert all(done <= total for done, total in seen)


async def test_the_same_scene_is_not_drawn_again(studio: Studio) -> None:
    given = job(SHORT + "\nself.wait(0.4)")
    first = await studio.renderer.render(given, nothing)
    seen: list[int] = []
    jobs = studio.jobs()
    again = await studio.renderer.render(given, lambda done, _total: seen.append(done))
    assert again == first
    assert not seen
    assert studio.jobs() == jobs


async def test_a_scene_asked_for_twice_at_once_is_drawn_once(studio: Studio) -> None:
    given = job(SHORT + "\nself.wait(0.6)")
    starts: list[int] = []

    def on_progress(done: int, _total: int) -> None:
        if done == 0:
            starts.append(done)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(studio.renderer.render(given, on_progress)) for _ in range(3)]
    assert len({task.result().video for task in tasks}) == 1
    assert len(starts) == 1


async def test_no_more_scenes_at_once_than_workers(studio: Studio) -> None:
    most = 0
    body = "self.play(Create(Circle()), run_time=1)\nself.wait({0})"
    jobs = [job(body.format(1 + number / 15)) for number in range(5)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(studio.renderer.render(each, nothing)) for each in jobs]
        while not all(task.done() for task in tasks):
            most = max(most, sum("take" not in name for name in studio.job_folders()))
            await asyncio.sleep(0.01)
    assert [task.result().frames for task in tasks] == [30, 31, 32, 33, 34]
    assert most == 2


async def test_a_scene_that_plays_nothing_is_shown_for_three_seconds(studio: Studio) -> None:
    take = await studio.renderer.render(job("self.add(Square())"), nothing)
    assert take.frames == 45
    assert [finding.message for finding in take.findings] == [
        "Nothing moves: the picture is shown for 3 seconds."
    ]
    first, *_rest, last = pictures(take.video)
    assert first.max() > 100
    assert np.abs(first.astype(int) - last.astype(int)).max() < 12


async def test_a_wait_is_exactly_as_long_as_it_says(studio: Studio) -> None:
    take = await studio.renderer.render(job("self.add(Dot())\nself.wait(2)"), nothing)
    assert take.frames == 30


async def test_sound_plays_as_long_as_the_picture(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22_050)
        tone = np.sin(np.arange(22_050 * 4) * 440 * 2 * np.pi / 22_050) * 12_000
        file.writeframes(tone.astype(np.int16).tobytes())
    body = 'self.add_sound("tone.wav", time_offset=0.5)\nself.add(Dot())\nself.wait(2)'
    take = await studio.renderer.render(job(body, assets=(asset(path, "tone.wav"),)), nothing)
    assert take.has_audio
    assert take.frames == 30
    with av.open(take.video) as container:
        samples = np.concatenate(
            [np.abs(frame.to_ndarray()[0]) for frame in container.decode(audio=0)]
        )
        assert abs(len(samples) / 48_000 - 2) < 0.05
    assert samples[: 48_000 // 3].max() < 0.01
    assert samples[48_000:90_000].max() > 0.2
    assert len(pictures(take.video)) == 30


async def test_captions_come_with_the_take(studio: Studio) -> None:
    body = 'self.wait(1)\nself.add_subcaption("Now", duration=1.5)\nself.wait(2)'
    take = await studio.renderer.render(job(body), nothing)
    assert [(cue.start, cue.end, cue.text) for cue in take.cues] == [(1.0, 2.5, "Now")]


async def test_a_scene_reads_the_files_it_is_given(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    Image.new("RGB", (40, 30), (255, 0, 0)).save(path)
    helper = tmp_path / "helper.py"
    helper.write_text("WIDTH = 6\n")
    body = (
        "from helper import WIDTH\n"
        'self.add(ImageMobject("pictures/red.png").set(width=WIDTH))\nself.wait(0.2)'
    )
    assets = (asset(path, "pictures/red.png"), asset(helper, "helper.py"))
    take = await studio.renderer.render(job(body, assets=assets), nothing)
    red, green, blue = pictures(take.video)[0][72, 128]
    assert red > 180
    assert max(green, blue) < 80


@pytest.mark.parametrize("name", ["poster.jpg", "scene.mp4", "job.json", "scene.py", "log.txt"])
async def test_files_of_a_scene_may_have_any_name(
    studio: Studio, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"not what it seems")
    given = job("self.add(Dot())\nself.wait(0.2)", assets=(asset(path, name),))
    take = await studio.renderer.render(given, nothing)
    assert len(pictures(take.video)) == 3
    with Image.open(take.poster) as poster:
        assert poster.size == (640, 360)


async def test_random_numbers_are_the_same_in_every_render(studio: Studio) -> None:
    body = (
        "import random\n"
        "dots = [Dot([random.uniform(-6, 6), np.random.uniform(-3, 3), 0]) for _ in range(20)]\n"
        "self.play(*[FadeIn(dot) for dot in random.sample(dots, 12)], run_time=1)"
    )
    takes = [
        await studio.renderer.render(job(body + f"\nself.name = {number}"), nothing)
        for number in (1, 2)
    ]
    one, two = (np.stack(pictures(take.video)) for take in takes)
    assert takes[0].video != takes[1].video
    assert np.array_equal(one, two)
    assert one.max() > 200


async def test_portrait_and_square_pictures_are_eight_units_wide(studio: Studio) -> None:
    body = "self.add(Line(LEFT * 4, RIGHT * 4, stroke_width=20))\nself.wait(0.2)"
    for width, height in ((144, 256), (144, 144)):
        profile = RenderProfile(Quality.DRAFT, width, height, 15, 20, "ultrafast")
        take = await studio.renderer.render(job(body, profile=profile), nothing)
        picture = pictures(take.video)[0]
        assert picture.shape == (height, width, 3)
        assert picture[height // 2, 3].min() > 150
        assert picture[height // 2, width - 4].min() > 150


async def test_moving_and_three_dimensional_cameras_work(studio: Studio) -> None:
    moving = job("self.play(self.camera.frame.animate.scale(0.5), run_time=1)")
    moving = module(moving.code.replace("(Scene)", "(MovingCameraScene)"), "Shown")
    solid = job("self.set_camera_orientation(phi=1)\nself.add(Cube())\nself.wait(0.4)")
    solid = module(solid.code.replace("(Scene)", "(ThreeDScene)"), "Shown")
    assert (await studio.renderer.render(moving, nothing)).frames == 15
    take = await studio.renderer.render(solid, nothing)
    assert take.frames == 6
    assert pictures(take.video)[0].max() > 60


async def test_a_probe_says_how_long_a_scene_is_without_drawing_it(studio: Studio) -> None:
    probe = await studio.renderer.probe(job(SHORT + "\nself.wait(1)"))
    assert (probe.frames, probe.seconds, probe.plays, probe.findings) == (45, 3.0, 3, ())


async def test_a_probe_finds_texts_that_overlap(studio: Studio) -> None:
    body = (
        'one, two = Text("First words"), Text("Second words").shift(UP * 0.2)\n'
        "self.play(FadeIn(one), run_time=2.2)\nself.add(two)\nself.wait(2)"
    )
    probe = await studio.renderer.probe(job(body))
    assert [finding.message for finding in probe.findings] == [
        "“First words” and “Second words” overlap at 2.2 s"
    ]
    take = await studio.renderer.render(job(body), nothing)
    assert take.findings == probe.findings
