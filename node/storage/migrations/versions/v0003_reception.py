"""Reception: the whole file of a candidate, deposits, documents, workshops, contacts, partners, history."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FILLED: Mapping[str, Any] = {
    "cv_state": sa.String(),
    "owner": sa.String(),
    "hours": sa.String(),
    "vehicle": sa.Boolean(),
    "public_transport": sa.Boolean(),
    "photo": sa.String(),
    "source": sa.String(),
    "detail": sa.LargeBinary(),
    "search": sa.String(),
}
"""New columns of a candidate that are never empty."""


def upgrade() -> None:
    op.create_table(
        "deposit_tally",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("discarded", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "source", "channel", name=op.f("pk_deposit_tally")),
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("helps", sa.JSON(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    op.create_table(
        "sequence",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sequence")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("opened", sa.Date(), nullable=False),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_table(
        "workshop",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
    )
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_starts"), ["starts"], unique=False)

    op.create_table(
        "candidate_local",
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidate.id"], name=op.f("fk_candidate_local_candidate"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("candidate", name=op.f("pk_candidate_local")),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["candidate"], ["candidate.id"], name=op.f("fk_change_candidate"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_candidate"), ["candidate"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("written", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_owner", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["candidate"], ["candidate.id"], name=op.f("fk_contact_candidate"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_candidate_on"), ["candidate", "on"], unique=False)
        batch_op.create_index(
            "ix_contact_step_due",
            ["next_on", "next_owner"],
            unique=False,
            sqlite_where=sa.text("done_on IS NULL AND next_on IS NOT NULL"),
            postgresql_where=sa.text("done_on IS NULL AND next_on IS NOT NULL"),
        )

    op.create_table(
        "deposit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("call_back", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("keep_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keep_how", sa.String(), nullable=False),
        sa.Column("network_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("network_how", sa.String(), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["candidate"], ["candidate.id"], name=op.f("fk_deposit_candidate"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
    )
    with op.batch_alter_table("deposit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deposit_candidate"), ["candidate"], unique=False)
        batch_op.create_index(batch_op.f("ix_deposit_state_received"), ["state", "received"], unique=False)

    op.create_table(
        "merge",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kept", sa.String(), nullable=False),
        sa.Column("gone_reference", sa.String(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["kept"], ["candidate.id"], name=op.f("fk_merge_kept"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_merge")),
        sa.UniqueConstraint("id", name=op.f("uq_merge_id")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_gone_reference"), ["gone_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_kept"), ["kept"], unique=False)

    op.create_table(
        "referral",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("help", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidate.id"], name=op.f("fk_referral_candidate"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["partner"], ["partner.id"], name=op.f("fk_referral_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_candidate"), ["candidate"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_state_follow_up_on"), ["state", "follow_up_on"], unique=False)

    op.create_table(
        "workshop_place",
        sa.Column("workshop", sa.String(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attendance", sa.String(), nullable=False),
        sa.Column("invited", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cv_before", sa.String(), nullable=False),
        sa.Column("cv_after", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidate.id"], name=op.f("fk_workshop_place_candidate"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workshop"], ["workshop.id"], name=op.f("fk_workshop_place_workshop"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workshop", "candidate", name=op.f("pk_workshop_place")),
    )
    with op.batch_alter_table("workshop_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_place_candidate"), ["candidate"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("candidate", sa.String(), nullable=True),
        sa.Column("deposit", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate"], ["candidate.id"], name=op.f("fk_document_candidate"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["deposit"], ["deposit.id"], name=op.f("fk_document_deposit"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_candidate"), ["candidate"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_deposit"), ["deposit"], unique=False)

    op.create_table(
        "document_content",
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_document_content_document"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_document_content")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        for name, kind in FILLED.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        for name in ("birth_date", "registered", "first_ready", "last_seen", "notice_on", "ready_until", "active_on"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
    _fill()
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        for name, kind in FILLED.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_index(batch_op.f("ix_candidate_active_on"), ["active_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_ready_until"), ["ready_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_search"), ["search"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_candidate_state_owner_last_contact"), ["state", "owner", "last_contact"], unique=False
        )
        batch_op.create_index(
            "ix_candidate_notice_on",
            ["notice_on"],
            unique=False,
            sqlite_where=sa.text("notice_on IS NOT NULL"),
            postgresql_where=sa.text("notice_on IS NOT NULL"),
        )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_until"), ["until"], unique=False)


def _fill() -> None:
    """Whoever is in the register already: nothing is known of what is new, the rest follows from what is there."""
    connection = op.get_bind()
    candidate = sa.table(
        "candidate",
        *(sa.column(name, kind) for name, kind in FILLED.items()),
        *(sa.column(name, sa.String()) for name in ("id", "reference", "first_name", "last_name", "email", "phone")),
        *(sa.column(name, sa.Date()) for name in ("ready_on", "ready_met_on", "last_contact", "first_ready")),
        *(sa.column(name, sa.Date()) for name in ("ready_until", "active_on")),
    )
    consent = sa.table("consent", sa.column("candidate", sa.String()), sa.column("given_on", sa.Date()))
    given = dict(
        connection.execute(
            sa.select(consent.c.candidate, sa.func.max(consent.c.given_on)).group_by(consent.c.candidate)
        ).all()
    )
    people = sa.select(
        *(candidate.c[name] for name in ("id", "reference", "first_name", "last_name", "email", "phone")),
        *(candidate.c[name] for name in ("ready_on", "ready_met_on", "last_contact")),
    )
    for key, reference, first, last, email, phone, ready_on, met_on, contact in connection.execute(people).all():
        days = [day for day in (contact, met_on, given.get(key)) if day is not None]
        words = (_folded(f"{last} {first}"), _folded(reference), email.casefold(), _digits(phone))
        connection.execute(
            sa.update(candidate)
            .where(candidate.c.id == key)
            .values(
                cv_state="ready" if ready_on else "received",
                owner="",
                hours="",
                vehicle=False,
                public_transport=False,
                photo="",
                source="",
                detail=b"{}",
                search=" ".join(words)[:500],
                first_ready=ready_on,
                ready_until=max(ready_on, contact or ready_on) + timedelta(days=183) if ready_on else None,
                active_on=max(days, default=None),
            )
        )


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", " ", "".join(c for c in decomposed if not unicodedata.combining(c))).strip()


def _digits(text: str) -> str:
    digits = re.sub(r"[\s.\-()/]", "", text)
    for prefix in ("+33", "0033"):
        if digits.startswith(prefix):
            return "0" + digits[len(prefix) :].lstrip("0")
    return digits
