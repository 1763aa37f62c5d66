from desktop.domain.events import EventBus, RenderProgressed
from desktop.services.progress import RenderProgress


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def followed(*scene_ids: str) -> tuple[RenderProgress, Clock, list[RenderProgressed]]:
    bus, clock = EventBus(), Clock()
    heard: list[RenderProgressed] = []
    bus.subscribe(RenderProgressed, heard.append)
    return RenderProgress("video", scene_ids, bus, clock), clock, heard


def test_scenes_that_were_not_probed_yet_count_as_the_average_of_the_others() -> None:
    progress, _clock, heard = followed("a", "b", "c")
    progress.scene("a", 10, 100)
    assert heard[-1].frames_total == 300
    progress.scene("b", 0, 200)
    assert heard[-1].frames_total == 450


def test_time_left_follows_from_what_was_drawn_so_far() -> None:
    progress, clock, heard = followed("a")
    clock.now = 6.0
    progress.scene("a", 1, 121)
    clock.now = 10.0
    progress.scene("a", 41, 121)
    assert heard[-1].seconds_left == 8.0, "what passed before the first frame does not count"


def test_no_time_is_promised_before_the_rate_has_settled() -> None:
    progress, clock, heard = followed("a")
    progress.scene("a", 1, 120)
    clock.now = 0.5
    progress.scene("a", 40, 120)
    assert heard[-1].seconds_left is None
    clock.now = 9.0
    progress, clock, heard = followed("a")
    progress.scene("a", 1, 1200)
    clock.now = 9.0
    progress.scene("a", 2, 1200)
    assert heard[-1].seconds_left is None, "one frame is no rate"


def test_reused_scenes_do_not_make_the_rest_look_fast() -> None:
    progress, clock, heard = followed("a", "b")
    progress.finished("a", 1000, reused=True)
    progress.scene("b", 1, 61)
    clock.now = 2.0
    progress.scene("b", 21, 61)
    assert heard[-1].seconds_left == 4.0
    assert heard[-1].frames_done == 1021


def test_the_end_is_reached_exactly() -> None:
    progress, _clock, heard = followed("a", "b")
    progress.finished("a", 30, reused=False)
    progress.finished("b", 31, reused=False)
    assert (heard[-1].frames_done, heard[-1].frames_total) == (61, 61)
