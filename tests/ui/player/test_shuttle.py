from desktop.ui.player.shuttle import Shuttle


def test_each_press_is_faster_up_to_a_limit() -> None:
    shuttle = Shuttle()
    assert shuttle.press(1, playing=False) == 1
    assert [shuttle.press(1, playing=True) for _ in range(3)] == [2, 2, 2]


def test_the_other_key_turns_round_at_once() -> None:
    shuttle = Shuttle()
    shuttle.press(1, playing=True)
    assert shuttle.press(-1, playing=True) == -1
    assert shuttle.press(-1, playing=True) == -2


def test_playing_again_uses_the_chosen_speed() -> None:
    shuttle = Shuttle()
    shuttle.choose(0.5)
    shuttle.press(-1, playing=True)
    assert shuttle.rest() == 0.5
