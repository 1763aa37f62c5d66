import pytest
from pytestqt.qtbot import QtBot

from desktop.domain import events
from desktop.domain.events import EventBus
from desktop.domain.picture import Quality
from desktop.services.values import Check, CheckState
from desktop.ui.bridge import EventBridge
from desktop.ui.status_bar import StatusBar


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def status(bus: EventBus, qtbot: QtBot) -> StatusBar:
    bridge = EventBridge(bus)
    made = StatusBar(bridge)
    bridge.setParent(made)
    qtbot.addWidget(made)
    return made


async def test_it_is_quiet_when_nothing_renders(status: StatusBar) -> None:
    assert status.progress.isHidden()
    assert status.isolation.isHidden()


@pytest.mark.parametrize("state", list(CheckState))
async def test_what_protects_is_named_with_what_would_be_better(
    status: StatusBar, state: CheckState
) -> None:
    status.show_protection(Check("Isolation", state, "Partial sandbox", "Install bubblewrap."))
    assert not status.isolation.isHidden()
    assert status.isolation.text() == "Partial sandbox"
    assert "Install bubblewrap." in status.isolation.toolTip()


async def test_frames_are_unknown_until_they_are_measured(bus: EventBus, status: StatusBar) -> None:
    bus.publish(events.RenderStarted("v", Quality.DRAFT, 3, 0))
    assert status.progress.figures.text() == "Measuring"
    assert (status.progress.bar.minimum(), status.progress.bar.maximum()) == (0, 0)


async def test_several_renders_are_counted(bus: EventBus, status: StatusBar) -> None:
    for video_id in ("a", "b", "c"):
        bus.publish(events.RenderStarted(video_id, Quality.DRAFT, 3, 0))
    status.name_render("a", "Limits")
    assert status.progress.name.text() == "Rendering Limits and 2 more"
    bus.publish(events.RenderEnded("a", 1))
    assert status.progress.name.text() == "Rendering video and 1 more"


async def test_a_click_opens_what_it_speaks_of(bus: EventBus, status: StatusBar) -> None:
    heard: list[object] = []
    status.video_wanted.connect(heard.append)
    status.cancel_wanted.connect(lambda video_id: heard.append(("cancel", video_id)))
    status.library_wanted.connect(lambda: heard.append("library"))
    status.environment_wanted.connect(lambda: heard.append("environment"))
    bus.publish(events.RenderStarted("v", Quality.DRAFT, 3, 0))
    status.progress.name.click()
    status.progress.cancelled.emit()
    status.videos.click()
    status.isolation.click()
    assert heard == ["v", ("cancel", "v"), "library", "environment"]


async def test_large_libraries_are_readable(status: StatusBar) -> None:
    status.show_video_count(10_482)
    assert status.videos.text() == "10,482 videos"
