"""Who was given what, and what became of each order to erase: the disclosure ledger, and its certificates."""

from collections.abc import Sequence

from federation.erasure.certificates import NoCertificate
from federation.erasure.certificates import certificate as make_certificate
from federation.erasure.ports import Disclosure
from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.services.desk import Desk, Refused


def ledger(desk: Desk) -> Sequence[Disclosure]:
    """Every dossier that left this node, oldest first; identifiers alone, also of people who were erased."""
    with desk.federation.database.read() as uow:
        return uow.disclosures.all()


def certificate(desk: Desk, order: str) -> bytes:
    """The exact bytes of an erasure's certificate (federation/erasure/certificates.py), verifiable by whoever has the
    directory. Asks the holder for a proof. Raises NotFound, Refused `not_attested`, and what reading a peer raises."""
    with desk.federation.database.read() as uow:
        disclosure = uow.disclosures.by_order(order)
        if disclosure is None:
            raise NotFound(_("No order to erase has that number."))
        on_paper = disclosure.holder == desk.node_id and bool(uow.sendings.of_forward(disclosure.forward))
    statement = _(
        "This certificate proves that the home mission demanded the erasure, and that the holder attested it, each at "
        "the moment stated. It does not prove that no copy exists."
    )
    if on_paper:
        statement += " " + _(
            "Paper: an employer of the town was sent the CV by letter, mail or link, and was asked to destroy it; what "
            "was printed or downloaded there, nobody can attest."
        )
    try:
        return make_certificate(desk.federation, order, statement)
    except NoCertificate as error:
        raise Refused("not_attested", _("The holder has not attested this erasure yet: try again later.")) from error
