"""A form of a person's fields under way, as its templates ask about it: what is chosen, what a document says, what is
certain and folds into one line.

Read next: fields.py, which reads such a form; parts.html, the templates; proposals.py, which says what is certain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.terms import Language
from node.referential import Hit, Referential
from node.web.frame.forms import Form
from node.web.people.fields import APPELLATION, code_label
from node.web.people.rows import row_count

_SUGGESTED: Final = 8


@dataclass(slots=True)
class Fill:
    """What a template needs of a form under way. `quotes` are lines of a document by field, `to_check` the groups whose
    proposals wait for the counsellor's tick, `sure` what was read with certainty (see proposals.ProposedForm)."""

    form: Form
    referential: Referential
    quotes: Mapping[str, str] = field(default_factory=dict)
    to_check: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()
    found: dict[str, Sequence[Hit]] = field(default_factory=dict)

    def chosen(self, name: str) -> list[tuple[str, str]]:
        """The codes of a looked-up field, with their labels; an occupation under the appellation that was chosen."""
        return [(code, self._called(name, code)) for code in self.form.all(name) if code]

    def occupation(self, code: str) -> str:
        """What the occupation of a chosen appellation is; empty where its own label was chosen."""
        return code_label(self.referential, "occupations", code) if self.form.raw(f"{APPELLATION}{code}") else ""

    def _called(self, name: str, code: str) -> str:
        chosen = self.form.raw(f"{APPELLATION}{code}") if name == "occupations" else ""
        return chosen or code_label(self.referential, name, code)

    def folds(self, name: str) -> bool:
        """Whether a field or row is folded into a line of text: it is certain, and nothing about it is under way."""
        pressed = {self.form.raw(button).partition(":")[0] for button in ("ajouter", "retirer", "chercher")}
        pressed |= {"occupations"} if self.form.raw("premier") else set()
        if name not in self.sure or name in self.found or name in pressed or self.form.raw(f"q_{name}"):
            return False
        is_row = name.rpartition("_")[2].isdigit()
        return not any(one == name or (is_row and one.startswith(f"{name}_")) for one in self.form.errors)

    def certain(self, name: str, *, wanted: bool = True) -> list[tuple[str, str]]:
        """Of the codes of a field those that are certain, or with `wanted` false the others, with their labels."""
        return [(code, text) for code, text in self.chosen(name) if (f"{name}:{code}" in self.sure) is wanted]

    def told_row(self, kind: str, row: int) -> str:
        """A row in one line of text, as it was typed; empty when nothing was."""
        form, name = self.form, f"{kind}_{row}_"
        match kind:
            case "job":
                end = _("today") if form.flag(name + "current") else form.raw(name + "end")
                said = [", ".join(filter(None, (form.raw(name + "title"), form.raw(name + "employer"))))]
                said += [" – ".join(filter(None, (form.raw(name + "start"), end)))]
            case "diploma":
                said = [form.raw(name + "label"), form.raw(name + "year")]
            case _:
                known = Language.read(form.raw(name + "code"))
                spoken = form.raw(name + "other") if known is None else known.label
                return " ".join(filter(None, (spoken, form.raw(name + "level"))))
        left_out = [] if form.flag(name + "keep") else [_("left out")]
        return " · ".join(filter(None, (*said, *left_out)))

    def rows(self, kind: str) -> range:
        """The numbers of the rows of jobs, diplomas or languages."""
        return range(row_count(self.form, kind))

    def suggestions(self) -> list[tuple[str, str]]:
        """Usual skills of the occupations, not chosen yet."""
        skills, chosen = self.referential.skills, set(self.form.all("skills"))
        codes = (code for rome in self.form.all("occupations")[:2] for code in skills.for_occupation(rome))
        wanted = [code for code in dict.fromkeys(codes) if code not in chosen]
        return [(code, skills.label(code) or code) for code in wanted[:_SUGGESTED]]

    def quote(self, name: str) -> str:
        """A hint that says what the document has, empty when nothing was read."""
        line = self.quotes.get(name, "")
        return _("In the document: “{line}”").format(line=line[:120]) if line else ""
