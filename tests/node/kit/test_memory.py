"""How much memory files may take at once."""

from concurrent.futures import ThreadPoolExecutor

from node.kit.memory import Room


def test_there_is_room_for_so_much() -> None:
    room = Room(10, patience=0.01)
    with room.take(6) as first, room.take(4) as second, room.take(1) as third, room.take(0) as nothing:
        assert (first, second, third, nothing) == (True, True, False, True)
    with room.take(10) as again:
        assert again


def test_whoever_needs_more_than_there_is_comes_alone() -> None:
    room = Room(10, patience=0.01)
    with room.take(80) as alone, room.take(1) as beside:
        assert (alone, beside) == (True, False)
    with room.take(1), room.take(80) as together:
        assert not together


def test_whoever_finds_no_room_waits_for_others_to_leave() -> None:
    room = Room(10, patience=20)
    with ThreadPoolExecutor(1) as pool:
        with room.take(10):
            waits = pool.submit(lambda: room.take(1).__enter__())
        assert waits.result(20)
