"""What all answers share."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from node.referential import Referential


class Schema(BaseModel):
    """Read from the domain value's attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True, use_attribute_docstrings=True)


def skill_labels(codes: tuple[str, ...] | list[str], referential: "Referential") -> dict[str, str]:
    """Code -> label, in the order given; a code that the tables do not know stands for itself."""
    return {code: referential.skills.label(code) or code for code in codes}
