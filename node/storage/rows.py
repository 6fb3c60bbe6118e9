"""What the rows share that pages edit one at a time: SQLModel classes, which commands hardly ever need."""

from sqlmodel import SQLModel

from node.storage.metadata import METADATA


class Row(SQLModel):
    """What these rows share. Validation is the domain's affair: these are storage shapes."""

    metadata = METADATA
