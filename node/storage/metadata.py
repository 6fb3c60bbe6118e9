"""What all tables share. Each stands in the module of its repository; `schema.py` has them together.

What commands read and what arrives in thousands are tables of SQLAlchemy, made in milliseconds, while a class of
SQLModel takes twenty times as long: only what is edited on pages alone is one (`rows.py`). The journal and what peers
told are written in their column order (see transaction.py), so that order is part of their contract. Keys are integers
or the names that the network uses; nothing in a replica is keyed at random, which would touch the whole index for every
page taken in. A change of a table needs a migration (see `migrate.py`); a test fails when there is none.
"""

import sqlalchemy as sa

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def only_row() -> tuple[sa.Column[int], sa.CheckConstraint]:
    """A table of exactly one row."""
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), sa.CheckConstraint(
        "id = 1", name="one_row"
    )
