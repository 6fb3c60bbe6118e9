"""How a mission is reached, as documents print it."""

from dataclasses import dataclass

from node.documents.typesetting import Data


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionContact:
    """A mission's name ("Mission emploi de Drancy") and the ways to it that a document may show; any may be empty."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""

    def as_data(self) -> Data:
        """For a template: the name, and the ways as lines, phone and e-mail on one."""
        direct = [way for way in (self.phone, self.email) if way]
        return {"name": self.name, "lines": [line for line in (direct, [self.address]) if any(line)]}
