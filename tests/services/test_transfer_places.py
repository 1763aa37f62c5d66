"""Where transfers may go and how fast: kept, told to the engine, never with a secret in a file."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.cloud.credentials import AccessKeys, keys_of
from desktop.config.destinations import DestinationFiles
from desktop.config.keychain import Secret
from desktop.config.paths import Paths
from desktop.domain.errors import Conflict, InvalidInput, Unavailable
from desktop.domain.events import TransferEngineChanged
from desktop.domain.transfers import (
    Destination,
    Encryption,
    Limits,
    RateWindow,
)
from desktop.services.destinations import Destinations
from desktop.services.services import Services
from desktop.services.transfers import TransferService
from tests.services.transfer_desk import KEYS, PLACE, Desk, settle


@pytest.fixture
async def desk(services: Services, paths: Paths) -> AsyncIterator[Desk]:
    made = Desk(services, paths)
    yield made
    await made.service.close()


@pytest.fixture
async def transfers(desk: Desk) -> TransferService:
    await desk.service.save_destination(PLACE, KEYS)
    return desk.service


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"picture" * 100)
    return path


async def test_keys_reach_the_engine_and_no_file(
    transfers: TransferService, desk: Desk, paths: Paths, film: Path
) -> None:
    await transfers.upload_files([film], PLACE.id)
    assert desk.engine.keys == {PLACE.id: KEYS}
    for path in paths.config.rglob("*"):
        if path.is_file():
            assert b"test-secret" not in path.read_bytes()


async def with_environment(
    desk: Desk, paths: Paths, place: Destination, keys: AccessKeys | None = None
) -> tuple[TransferService, Destinations]:
    lent = {"AWS_ACCESS_KEY_ID": "env-key", "AWS_SECRET_ACCESS_KEY": "env-secret-value"}
    secrets = desk.services.secrets
    desk.places = Destinations(DestinationFiles(paths.destinations), secrets, lent)
    await desk.places.save(place, keys)
    return desk.make(), desk.places


async def test_keys_of_the_environment_sign_where_none_are_kept(desk: Desk, paths: Paths) -> None:
    service, places = await with_environment(desk, paths, PLACE)
    await service.check(PLACE.id)
    assert desk.engine.keys == {PLACE.id: AccessKeys("env-key", Secret("env-secret-value"))}
    assert await places.signing() == {PLACE.id: "keys of the environment"}
    await service.close()


async def test_kept_keys_come_before_those_of_the_environment(desk: Desk, paths: Paths) -> None:
    service, places = await with_environment(desk, paths, PLACE, KEYS)
    await service.check(PLACE.id)
    assert desk.engine.keys == {PLACE.id: KEYS}
    assert await places.signing() == {PLACE.id: "keys in memory only"}
    await service.close()


async def test_a_profile_is_never_given_keys_of_the_environment(desk: Desk, paths: Paths) -> None:
    service, places = await with_environment(desk, paths, replace(PLACE, profile="studio"))
    await service.check(PLACE.id)
    assert desk.engine.keys == {}
    assert await places.signing() == {PLACE.id: "profile studio"}
    await service.close()


async def test_an_encryption_key_goes_along_with_keys_of_the_environment(
    desk: Desk, paths: Paths
) -> None:
    own = replace(PLACE, encryption=Encryption.CUSTOMER)
    only = AccessKeys("", Secret(""), customer_key=Secret("own-key-text"))
    service, _places = await with_environment(desk, paths, own, only)
    await service.check(PLACE.id)
    keys = desk.engine.keys[PLACE.id]
    assert (keys.key_id, keys.customer_key) == ("env-key", Secret("own-key-text"))
    await service.close()


def test_half_a_pair_of_keys_in_the_environment_is_none() -> None:
    assert keys_of({"AWS_ACCESS_KEY_ID": "env-key"}) is None
    whole = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}
    assert keys_of(whole) == AccessKeys("k", Secret("s"), Secret("t"))


async def test_keys_that_are_not_given_again_stay(transfers: TransferService, desk: Desk) -> None:
    await transfers.save_destination(replace(PLACE, name="Renamed"), None)
    await transfers.check(PLACE.id)
    assert desk.engine.keys == {PLACE.id: KEYS}
    assert desk.engine.destinations[PLACE.id].name == "Renamed"


async def test_new_keys_replace_old_ones_and_a_token_that_belonged_to_them(
    transfers: TransferService, desk: Desk
) -> None:
    temporary = AccessKeys("temp-key", Secret("temp-secret-value"), Secret("temp-token-value"))
    await transfers.save_destination(PLACE, temporary)
    await transfers.check(PLACE.id)
    assert desk.engine.keys == {PLACE.id: temporary}
    await transfers.save_destination(PLACE, KEYS)
    await transfers.check(PLACE.id)
    assert desk.engine.keys == {PLACE.id: KEYS}


async def test_a_destination_with_a_profile_keeps_no_keys(
    transfers: TransferService, desk: Desk, services: Services
) -> None:
    await transfers.save_destination(replace(PLACE, profile="studio"))
    assert await services.secrets.all() == ()
    await transfers.check(PLACE.id)
    assert desk.engine.keys == {}


async def test_a_key_to_encrypt_with_goes_along_with_a_profile(
    transfers: TransferService, desk: Desk
) -> None:
    own = replace(PLACE, profile="studio", encryption=Encryption.CUSTOMER)
    await transfers.save_destination(own, AccessKeys("", Secret(""), None, Secret("own-key-text")))
    await transfers.check(PLACE.id)
    assert desk.engine.keys[PLACE.id].customer_key == Secret("own-key-text")
    assert not desk.engine.keys[PLACE.id].key_id


async def test_keys_that_cannot_be_read_are_said_where_they_are_needed_and_tried_again(
    transfers: TransferService,
    desk: Desk,
    services: Services,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locked = Unavailable("The keyring is locked")
    read = services.secrets.read

    async def refuse(_name: object) -> None:
        raise locked

    monkeypatch.setattr(services.secrets, "read", refuse)
    with pytest.raises(Unavailable, match="locked"):
        await transfers.upload_files([film], PLACE.id)
    assert (await transfers.page()).total == 0
    monkeypatch.setattr(services.secrets, "read", read)
    await transfers.wait(await transfers.upload_files([film], PLACE.id))


async def test_what_another_window_changed_is_told_before_it_is_used(
    transfers: TransferService, desk: Desk, film: Path
) -> None:
    await transfers.check(PLACE.id)
    other = desk.make()
    await other.save_destination(Destination("01NEW", "New", "films"), KEYS)
    await transfers.upload_files([film], "01NEW")
    assert set(desk.engine.keys) == {PLACE.id, "01NEW"}


async def test_an_engine_is_told_once_while_nothing_changes(
    transfers: TransferService, desk: Desk, film: Path, tmp_path: Path
) -> None:
    for number in range(3):
        await transfers.upload_files([film], PLACE.id, f"{number}/")
        await transfers.page()
    await settle()
    assert desk.engine.uses == 1


async def test_an_engine_that_was_started_again_is_told_what_holds_now(
    transfers: TransferService, desk: Desk, services: Services
) -> None:
    await transfers.check(PLACE.id)
    await desk.make().save_destination(Destination("01NEW", "New", "films"), KEYS)
    desk.engine.keys.clear()
    services.bus.publish(TransferEngineChanged(running=True))
    await settle()
    assert set(desk.engine.keys) == {PLACE.id, "01NEW"}


async def test_a_removed_destination_takes_its_keys_along(
    transfers: TransferService, services: Services, paths: Paths
) -> None:
    await transfers.remove_destination(PLACE.id)
    assert await transfers.destinations() == ()
    assert await services.secrets.all() == ()
    assert list(paths.destinations.iterdir()) == []


async def test_a_destination_is_not_removed_while_something_is_on_its_way_there(
    transfers: TransferService, desk: Desk, film: Path
) -> None:
    desk.engine.hold()
    (one,) = await transfers.upload_files([film], PLACE.id)
    with pytest.raises(Conflict, match=r"on its way.*team/film.mp4"):
        await transfers.remove_destination(PLACE.id)
    await transfers.cancel([one])
    await transfers.remove_destination(PLACE.id)


async def test_a_check_says_what_the_service_cannot_know(
    transfers: TransferService, desk: Desk
) -> None:
    await transfers.save_destination(replace(PLACE, endpoint_url="http://s3.example.org"), KEYS)
    found = await transfers.check(PLACE.id)
    assert found.ok
    assert any("http" in warning for warning in found.warnings)
    assert any("only in memory" in warning for warning in found.warnings)
    await transfers.save_destination(replace(PLACE, endpoint_url="http://127.0.0.1:9000"), KEYS)
    near = await transfers.check(PLACE.id)
    assert not any("http" in warning for warning in near.warnings)


@pytest.mark.parametrize("bucket", ["", " ", "my/bucket", "my bucket"])
async def test_a_bucket_without_a_name_is_refused(transfers: TransferService, bucket: str) -> None:
    with pytest.raises(InvalidInput, match="name of a bucket"):
        await transfers.save_destination(replace(PLACE, bucket=bucket))


@pytest.mark.parametrize(
    "url", ["s3.example.org", "ftp://s3.example.org", "https://", "http://a:b", "https://h/?x=1"]
)
async def test_an_address_that_is_none_is_refused(transfers: TransferService, url: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be used"):
        await transfers.save_destination(replace(PLACE, endpoint_url=url))


async def test_an_address_with_keys_in_it_is_refused_and_not_repeated(
    transfers: TransferService,
) -> None:
    url = "https://someone:hidden-word@s3.example.org"
    with pytest.raises(InvalidInput, match="must not hold keys") as caught:
        await transfers.save_destination(replace(PLACE, endpoint_url=url))
    assert "hidden-word" not in str(caught.value)


async def test_a_destination_is_kept_in_its_usual_form(transfers: TransferService) -> None:
    given = Destination("01X", " ", " films ", endpoint_url="https://h:9000/", prefix="/a/b")
    saved = await transfers.save_destination(given)
    wanted = Destination("01X", "films", "films", endpoint_url="https://h:9000", prefix="a/b/")
    assert saved == wanted
    assert wanted in await transfers.destinations()


# Limits


async def test_limits_are_kept_and_put_in_force(
    transfers: TransferService, desk: Desk, services: Services
) -> None:
    await transfers.check(PLACE.id)
    hours = (RateWindow((0, 1, 2, 3, 4), 9 * 60, 17 * 60, 2_000_000),)
    wanted = Limits(8, 1_500_000, ((PLACE.id, 700_000),), hours)
    await transfers.set_limits(wanted)
    assert await transfers.limits() == wanted
    await settle()
    assert desk.engine.limits == wanted
    again = desk.make()
    assert await again.limits() == wanted
    assert services.settings.current.transfers.timetable == "Mon,Tue,Wed,Thu,Fri 09:00-17:00 2M"


async def test_a_changed_setting_reaches_a_running_engine(
    transfers: TransferService, desk: Desk, services: Services
) -> None:
    await transfers.check(PLACE.id)
    current = services.settings.current
    slower = replace(current.transfers, rate_limit_mb=0.5, connections=2)
    await services.settings.save(replace(current, transfers=slower))
    await settle()
    assert (desk.engine.limits.rate, desk.engine.limits.connections) == (500_000, 2)


async def test_a_timetable_that_nobody_can_read_limits_nothing(
    transfers: TransferService, services: Services
) -> None:
    current = services.settings.current
    wrong = replace(current.transfers, timetable="sometimes slowly", rate_limit_mb=1.0)
    await services.settings.save(replace(current, transfers=wrong))
    limits = await transfers.limits()
    assert (limits.timetable, limits.rate) == ((), 1_000_000)


async def test_hours_that_could_not_be_kept_are_refused_and_nothing_changes(
    transfers: TransferService,
) -> None:
    with pytest.raises(InvalidInput):
        await transfers.set_limits(Limits(5, timetable=(RateWindow((0,), 60, 60, 2_000_000),)))
    assert await transfers.limits() == Limits()


async def test_changes_in_quick_succession_end_with_the_last(
    transfers: TransferService, desk: Desk
) -> None:
    await transfers.check(PLACE.id)
    for rate in range(1, 30):
        await transfers.set_limits(Limits(rate=rate * 1_000_000))
    await settle()
    assert desk.engine.limits.rate == 29_000_000
