"""How this mission is reached, for pages and printed documents: the configuration's [reception]."""

from node.config import Config
from node.documents.contact import MissionContact
from node.kit.phone import shown


def contact_of(config: Config) -> MissionContact:
    """Name, address, telephone and e-mail; whatever is not configured is empty."""
    reception = config.reception
    return MissionContact(
        name=config.node.name, address=reception.address, phone=shown(reception.phone), email=reception.email
    )
