from desktop.domain.errors import NotFound
from desktop.services.undo import Undo
from desktop.ui.undo import DEPTH, UndoHistory
from tests.ui.conftest import settle


class Acts:
    def __init__(self) -> None:
        self.reverted: list[str] = []

    def act(self, label: str) -> Undo:
        async def revert() -> None:
            self.reverted.append(label)

        return Undo(label, revert)


async def test_the_newest_act_is_taken_back_first() -> None:
    history, acts = UndoHistory(), Acts()
    for label in ("first", "second"):
        history.push(acts.act(label))
    history.undo_latest()
    history.undo_latest()
    history.undo_latest()
    await settle()
    assert acts.reverted == ["second", "first"]
    assert history.latest is None


async def test_an_act_is_taken_back_once() -> None:
    history, acts = UndoHistory(), Acts()
    act = acts.act("trash")
    history.push(act)
    history.undo(act)
    history.undo(act)
    await settle()
    assert acts.reverted == ["trash"]


async def test_whoever_listens_hears_what_was_undone() -> None:
    history, acts, heard = UndoHistory(), Acts(), list[str]()
    history.undone.connect(lambda act: heard.append(act.label))
    history.push(acts.act("trash"))
    history.undo_latest()
    await settle()
    assert heard == ["trash"]


async def test_an_undo_that_fails_is_told_to_the_person() -> None:
    from tests.ui.test_tasks import Presenter

    async def revert() -> None:
        raise NotFound("The video was deleted for good")

    window = Presenter()
    history = UndoHistory(window)
    history.push(Undo("trash", revert))
    history.undo_latest()
    await settle()
    assert [str(error) for error in window.seen] == ["The video was deleted for good"]


async def test_the_history_does_not_grow_for_ever() -> None:
    history, acts = UndoHistory(), Acts()
    for number in range(DEPTH + 10):
        history.push(acts.act(str(number)))
    assert len(history._acts) == DEPTH
