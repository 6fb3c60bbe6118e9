"""An employer answers the mail of a sending: what it wrote waits on the people's applications, to be noted.

Guarantees: a reply is known by the code in its subject, whoever of the employer's house sends it; the same mail twice
is one reply; its words are kept with the sending, cleaned and cut, and in no log. A reply moves nothing by itself: a
colleague reads it, and notes the answer. Read next: `node/services/deposits/mailbox.py`, which finds it.
"""

from hashlib import sha256

from node.kit.clean_text import is_text
from node.mission.employers.codes import codes_in
from node.mission.employers.sending import LONGEST_WORD, EmployerWord, Sending, WordWay
from node.services.desk import Desk


def sending_named(desk: Desk, subject: str) -> Sending | None:
    """The sending whose code stands in a mail's subject; None for any other mail."""
    codes = codes_in(subject)
    if not codes:
        return None
    with desk.federation.database.read() as uow:
        return next((found for code in codes if (found := uow.sendings.by_code(code)) is not None), None)


def take_reply(desk: Desk, sending: Sending, message: bytes, text: str) -> bool:
    """Keep the words of that mail with the sending; False when they are there already."""
    word = EmployerWord(
        id=sha256(message).hexdigest()[:32],
        sending=sending.id,
        way=WordWay.MAIL,
        at=desk.now(),
        text=own_words(text),
    )
    with desk.federation.database.write() as uow:
        return uow.sendings.add_word(word)


def own_words(text: str) -> str:
    """What somebody wrote themselves: without the lines that quote the mail before, clean, and cut to `LONGEST_WORD`.
    A mail of quotations alone is kept as it came."""
    clean = "".join(sign if is_text(sign) else " " for sign in text)
    lines = [line.rstrip() for line in clean.splitlines()]
    own = [line for line in lines if not line.lstrip().startswith(">")]
    said = "\n".join(own).strip() or "\n".join(lines).strip()
    return said if len(said) <= LONGEST_WORD else said[: LONGEST_WORD - 1].rstrip() + "…"
