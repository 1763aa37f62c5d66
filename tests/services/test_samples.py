from desktop.domain.errors import Severity
from desktop.services.samples import shipped_samples
from desktop.services.services import Services


async def test_the_samples_are_installed_once(services: Services) -> None:
    first = await services.samples.install()
    again = await services.samples.install()
    assert first == again
    assert len(await services.samples.videos()) == len(shipped_samples()) >= 5


async def test_every_sample_reads_without_a_problem(services: Services) -> None:
    for video in await services.samples.videos():
        document = await services.authoring.open(video.id)
        outline = await services.authoring.outline(video.id, document.text)
        errors = [found for found in outline.problems if found.severity is Severity.ERROR]
        assert not errors, (video.title, errors)
        assert len(outline.scenes) >= 3
        assert video.title == outline.title


async def test_the_text_of_a_sample_can_be_read_by_name(services: Services) -> None:
    name = shipped_samples()[0].name
    assert "## " in await services.samples.text(name)
