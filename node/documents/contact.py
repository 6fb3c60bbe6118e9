"""How a mission is reached, as documents print it."""

from dataclasses import dataclass

from node.config import Config
from node.documents.lettering import one_line, shortened
from node.documents.typesetting import Data
from node.kit.phone import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionContact:
    """A mission's name ("Mission emploi de Drancy") and the ways to it that a document may show; any may be empty. What
    is longer than a line is shortened."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""

    def as_data(self) -> Data:
        """For a template: the name, and the ways as lines, phone and e-mail on one."""
        direct = [shortened(way, 60) for way in map(one_line, (self.phone, self.email)) if way]
        address = shortened(one_line(self.address), 100)
        lines = [line for line in (direct, [address]) if any(line)]
        return {"name": shortened(one_line(self.name), 80), "lines": lines}


def contact_of(config: Config) -> MissionContact:
    """This mission's, from the configuration's [reception]; whatever is not configured is empty."""
    reception = config.reception
    return MissionContact(
        name=config.node.name, address=reception.address, phone=shown(reception.phone), email=reception.email
    )
