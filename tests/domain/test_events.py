"""The bus delivers each event to whoever asked for its class, in order, and once."""

import logging
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest

from desktop.domain.events import Event, EventBus, LibraryChanged, SettingsChanged, VersionAdded


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


def test_an_event_reaches_those_of_its_class_only(bus: EventBus) -> None:
    heard: list[Event] = []
    bus.subscribe(LibraryChanged, heard.append)
    bus.publish(SettingsChanged())
    bus.publish(LibraryChanged(("a",)))
    assert heard == [LibraryChanged(("a",))]


def test_a_base_class_does_not_stand_for_its_kinds(bus: EventBus) -> None:
    heard: list[Event] = []
    bus.subscribe(Event, heard.append)
    bus.publish(LibraryChanged())
    assert heard == []


def test_subscribers_hear_in_the_order_they_came(bus: EventBus) -> None:
    heard: list[int] = []
    for number in range(3):
        bus.subscribe(SettingsChanged, lambda _event, n=number: heard.append(n))  # type: ignore[misc]
    bus.publish(SettingsChanged())
    assert heard == [0, 1, 2]


def test_whoever_leaves_hears_no_more_and_may_leave_twice(bus: EventBus) -> None:
    heard: list[Event] = []
    leave = bus.subscribe(SettingsChanged, heard.append)
    leave()
    leave()
    bus.publish(SettingsChanged())
    assert heard == []


def test_leaving_takes_nobody_else_along(bus: EventBus) -> None:
    heard: list[str] = []
    leave = bus.subscribe(SettingsChanged, lambda _: heard.append("first"))
    bus.subscribe(SettingsChanged, lambda _: heard.append("second"))
    leave()
    bus.publish(SettingsChanged())
    assert heard == ["second"]


def test_whoever_leaves_while_an_event_is_delivered_does_not_get_it(bus: EventBus) -> None:
    heard: list[Event] = []
    leaves: list[Callable[[], None]] = []
    bus.subscribe(SettingsChanged, lambda _: leaves[0]())
    leaves.append(bus.subscribe(SettingsChanged, heard.append))
    bus.publish(SettingsChanged())
    assert heard == []


def test_whoever_comes_while_an_event_is_delivered_hears_the_next(bus: EventBus) -> None:
    heard: list[Event] = []
    leaves: list[Callable[[], None]] = []
    bus.subscribe(VersionAdded, lambda _: leaves.append(bus.subscribe(VersionAdded, heard.append)))
    bus.publish(VersionAdded("a", 1))
    assert heard == []
    bus.publish(VersionAdded("a", 2))
    assert heard == [VersionAdded("a", 2)]


def test_events_published_by_a_subscriber_are_delivered_too(bus: EventBus) -> None:
    heard: list[Event] = []
    bus.subscribe(VersionAdded, lambda event: bus.publish(LibraryChanged((event.video_id,))))
    bus.subscribe(LibraryChanged, heard.append)
    bus.publish(VersionAdded("a", 1))
    assert heard == [LibraryChanged(("a",))]


def test_one_that_fails_is_logged_and_keeps_nobody_from_hearing(
    bus: EventBus, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Event] = []

    def fail(_event: SettingsChanged) -> None:
        raise RuntimeError("no")

    bus.subscribe(SettingsChanged, fail)
    bus.subscribe(SettingsChanged, heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(SettingsChanged())
    assert heard == [SettingsChanged()]
    [record] = caplog.records
    assert "SettingsChanged" in record.getMessage()
    assert record.exc_info is not None


def test_events_cannot_be_changed_on_their_way() -> None:
    with pytest.raises(FrozenInstanceError):
        VersionAdded("a", 1).number = 2  # type: ignore[misc]
