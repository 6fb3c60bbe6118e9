"""What all answers share."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from node.referential import Referential


class Schema(BaseModel):
    """Read from the domain value's attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True, use_attribute_docstrings=True)


def commune_name(insee: str, referential: "Referential") -> str:
    """The commune's name; a code that the tables do not know stands for itself."""
    commune = referential.communes.get(insee)
    return commune.name if commune else insee


def skill_labels(codes: tuple[str, ...] | list[str], referential: "Referential") -> dict[str, str]:
    """Code -> label, in the order given; a code that the tables do not know stands for itself."""
    return {code: referential.skills.label(code) or code for code in codes}
