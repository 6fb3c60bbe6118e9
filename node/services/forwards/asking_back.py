"""A CV that an employer of the town got by a letter, a mail or a link is asked back once the person is withdrawn.

Guarantees: in the transaction that withdraws, so that the link shows the person no more from that moment, and the
request is lost with no process; asked once for each sending. Nobody is asked who never had the CV. Read next:
`node/services/employers/telling.py`, by which a mail asks; letters are on « Aujourd'hui » until somebody sent one.
"""

from dataclasses import replace
from datetime import datetime

from node.mission.employers.sending import SendingWay, holds_cv
from node.mission.forwards.forward import Forward
from node.mission.happened import Event, Happened
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk


def ask_back(uow: MissionUnitOfWork, desk: Desk, forward: Forward, now: datetime) -> None:
    """Have every employer who may hold the person's CV asked to destroy it, in the caller's unit of work."""
    if forward.peer != desk.node_id:
        return
    for sending in uow.sendings.of_forward(forward.id):
        part = sending.part_of(forward.id)
        if part.asked_back is not None:
            continue
        holds = holds_cv(sending, forward)
        uow.sendings.save(sending.with_part(replace(part, asked_back=now, told=None if holds else now)))
        if holds and sending.way is SendingWay.MAIL:
            uow.events.add(Event(Happened.CV_ASKED_BACK, sending.id, now), instead=True)
