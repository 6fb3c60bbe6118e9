"""A process that tells of things and hears of them until it dies: `python -m tests.node.hearing CONFIG FILE SEED STEP`.

Death is SIGKILL at that step, counted from 1: before a statement, before or after a commit, or while a listener writes;
at 0 it hears what is left, and ends. Each line of FILE is something heard, written through before its listener is done.
"""

import os
import random
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event as sql_event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from node.app import open_node
from node.config import load
from node.kit.errors import Unavailable
from node.mission.happened import Event, Happened
from node.services import listening
from node.services.node import Listener, Node

SUBJECTS = "abcd"


class Mortal:
    """It dies at that step."""

    def __init__(self, dies_at: int) -> None:
        self.left = dies_at

    def step(self, *_given: object) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(config: Path, file: Path, seed: int, dies_at: int) -> None:
    chance = random.Random(seed)
    # Whoever comes next takes over at once, and tries again at once.
    listening.HOLD, listening.PAUSES = timedelta(0), (timedelta(0),)  # type: ignore[misc]
    mortal = Mortal(dies_at)

    def hear(_node: Node, event: Event) -> None:
        if dies_at and chance.random() < 0.2:
            raise Unavailable("not now")
        mortal.step()
        with file.open("a") as heard:
            heard.write(f"{event.subject} {event.number}\n")
            heard.flush()
            os.fsync(heard.fileno())
        mortal.step()

    listeners = [Listener("workshop_mail", hear, timedelta(days=9))]
    node = replace(open_node(load(config)), listeners=lambda: listeners)
    if not dies_at:
        for subject in SUBJECTS:
            listening.deliver(node, subject)
        return
    for target, name in ((Engine, "before_cursor_execute"), (Engine, "commit"), (Pool, "checkin")):
        sql_event.listen(target, name, mortal.step)
    while True:
        with node.database.write() as uow:
            for _event in range(chance.randrange(4)):
                # With a moment or without: within the head start only whoever names the subject hears.
                uow.events.add(
                    Event(Happened.WORKSHOP_UNTOLD, chance.choice(SUBJECTS), chance.choice([None, node.now()]))
                )
        listening.deliver(node, chance.choice(["", *SUBJECTS]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
