import asyncio
from dataclasses import replace

import pytest

from desktop.domain import events
from desktop.domain.events import Event, EventBus, VideoEvent
from desktop.domain.picture import Quality
from desktop.domain.transfers import Totals, TransferState
from desktop.ui.bridge import EventBridge
from tests.ui.fake_transfers import rows_of

ROW = rows_of(1)[0]


def every_event() -> list[Event]:
    return [
        events.LibraryChanged(("v",)),
        events.SourceSaved("v", 2),
        events.RenderStarted("v", Quality.DRAFT, 3, 1),
        events.SceneProgressed("v", "s", 1, 10),
        events.SceneFinished("v", "s", "key", reused=False),
        events.SceneFailed("v", "s", "Title", ()),
        events.RenderProgressed("v", 1, 10, None),
        events.RenderEnded("v", 1),
        events.VersionAdded("v", 1),
        events.SettingsChanged(),
        events.TransfersChanged(),
        events.TransferChanged(ROW),
        events.TransfersProgressed((ROW,), Totals(active=1)),
        events.TransferBatchEnded("b", 2, 1, 5),
        events.TransferEngineChanged(running=False, message="It is started again."),
        events.AdministratorNotice("Access was denied.", "AccessDenied", (("bucket", "films"),)),
    ]


def signal_name(event: Event) -> str:
    name = type(event).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def test_the_list_above_is_complete() -> None:
    known = {type(event).__name__ for event in every_event()}
    kinds = (*Event.__subclasses__(), *VideoEvent.__subclasses__())
    assert known == {kind.__name__ for kind in kinds} - {"VideoEvent"}


@pytest.mark.parametrize("event", every_event(), ids=signal_name)
def test_every_event_becomes_a_signal(event: Event) -> None:
    bus, seen = EventBus(), list[object]()
    bridge = EventBridge(bus)
    getattr(bridge, signal_name(event)).connect(seen.append)
    bus.publish(event)
    bridge.close()
    assert seen == [event]


async def test_progress_is_throttled_and_the_last_value_arrives() -> None:
    bus, seen = EventBus(), list[int]()
    bridge = EventBridge(bus)
    bridge.render_progressed.connect(lambda event: seen.append(event.frames_done))
    for done in range(1000):
        bus.publish(events.RenderProgressed("v", done, 1000, None))
    assert seen == [0]
    await asyncio.sleep(0.25)
    assert seen == [0, 999]
    bridge.close()


async def test_scenes_are_throttled_one_by_one() -> None:
    bus, seen = EventBus(), list[str]()
    bridge = EventBridge(bus)
    bridge.scene_progressed.connect(lambda event: seen.append(event.scene_id))
    for scene in ("a", "b", "c"):
        bus.publish(events.SceneProgressed("v", scene, 1, 10))
    assert seen == ["a", "b", "c"]
    bridge.close()


async def test_transfers_are_throttled_together_and_no_row_is_lost() -> None:
    bus, seen = EventBus(), list[events.TransfersProgressed]()
    bridge = EventBridge(bus)
    bridge.transfers_progressed.connect(seen.append)
    rows = rows_of(3)
    for confirmed in range(200):
        moved = replace(rows[confirmed % 3], confirmed=confirmed)
        bus.publish(events.TransfersProgressed((moved,), Totals(speed=float(confirmed))))
    assert len(seen) == 1
    await asyncio.sleep(0.25)
    assert len(seen) == 2
    assert {row.id: row.confirmed for row in seen[1].transfers} == {
        rows[0].id: 198,
        rows[1].id: 199,
        rows[2].id: 197,
    }
    assert seen[1].totals.speed == 199
    bridge.close()


async def test_a_transfer_moves_before_it_ends() -> None:
    bus, seen = EventBus(), list[object]()
    bridge = EventBridge(bus)
    bridge.transfers_progressed.connect(seen.append)
    bridge.transfer_changed.connect(seen.append)
    published = [
        events.TransfersProgressed((ROW,), Totals()),
        events.TransfersProgressed((replace(ROW, confirmed=7),), Totals()),
        events.TransferChanged(replace(ROW, state=TransferState.DONE)),
    ]
    for event in published:
        bus.publish(event)
    assert seen == published
    bridge.close()


async def test_progress_arrives_before_the_end_it_leads_to() -> None:
    bus, seen = EventBus(), list[object]()
    bridge = EventBridge(bus)
    bridge.render_progressed.connect(seen.append)
    bridge.render_ended.connect(seen.append)
    published = [
        events.RenderProgressed("v", 1, 10, None),
        events.RenderProgressed("v", 10, 10, 0.0),
        events.RenderEnded("v", 1),
    ]
    for event in published:
        bus.publish(event)
    assert seen == published
    bridge.close()


async def test_the_timer_rests_when_nothing_renders() -> None:
    bus = EventBus()
    bridge = EventBridge(bus)
    bus.publish(events.RenderProgressed("v", 1, 10, None))
    await asyncio.sleep(0.35)
    assert not bridge._timer.isActive()


def test_a_closed_bridge_is_silent() -> None:
    bus, seen = EventBus(), list[object]()
    bridge = EventBridge(bus)
    bridge.version_added.connect(seen.append)
    bridge.close()
    bus.publish(events.VersionAdded("v", 1))
    assert not seen
