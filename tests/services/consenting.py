"""What a person who allows the code of a video does, for tests that are about something else."""

from desktop.services.services import Services


async def allow(services: Services, *video_ids: str) -> None:
    """Allow the code of videos, as a person does after looking at it."""
    question = await services.consent.needed(*video_ids)
    assert question is not None, "nothing of these videos has to be allowed"
    await services.consent.give(question)
