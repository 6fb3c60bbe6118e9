"""`maillon offer edit`: what the form takes, the command takes."""

from datetime import timedelta

from node.kit.errors import ExitCode
from node.mission.offers.offer import Need
from node.services.node import Node
from node.services.offers.finding import one_offer
from node.services.offers.offers import add_offer
from tests.node.cli.test_candidate import Maillon, maillon
from tests.node.conftest import french
from tests.node.mission.samples import DOMERAT
from tests.node.services.offers.test_offers import typed

__all__ = ["maillon"]


def posted(node: Node) -> str:
    closes = node.desk.today() + timedelta(days=30)
    return add_offer(node.desk, typed(closes=closes, reference="V-1", network=False)).id


def test_every_field_of_the_form_is_an_option(node: Node, maillon: Maillon) -> None:
    number, day = posted(node), node.desk.today() + timedelta(days=9)
    done = maillon(
        "offer", "edit", "V-1", "--title", "Boulanger / Boulangère (H/F)", "--employer", "Boulangerie Grand",
        "--reference", "V-2", "--rome", "D1102", "--contract", "CDD", "--months", "6", "--hours", "30h30",
        "--salary", "13 €", "--experience", "S", "--experience-months", "12", "--qualification", "3",
        "--skill", "900016", "--skill", "117474:S", "--language", "en:B2", "--licence", "B",
        "--site", "03185", "--site", f"{DOMERAT}:3:Fournil", "--network-on", f"{day}", "--answer-days", "14",
        "--most-open", "4", "--clause", "--clause-hours", "300",
        "--contact-name", "M. Roux", "--contact-phone", "04 70 11 11 11", "--json",
    )  # fmt: skip
    assert done.code == ExitCode.OK and done.json["revision"] == 2, done.err
    kept = one_offer(node.desk, number)
    assert (kept.title, kept.employer, kept.reference) == ("Boulanger / Boulangère (H/F)", "Boulangerie Grand", "V-2")
    assert (kept.rome, kept.contract, kept.months, kept.hours, kept.salary) == ("D1102", "CDD", 6, 1830, "13 €")
    assert (kept.experience, kept.experience_months, kept.qualification) == ("S", 12, 3)
    assert dict(kept.skills) == {"900016": Need.REQUIRED, "117474": Need.WISHED}
    assert (kept.languages, kept.licences) == ((("en", "B2"),), frozenset({"B"}))
    assert [(one.id, one.posts, one.label) for one in kept.sites] == [("s1", 1, ""), (DOMERAT, 3, "Fournil")]
    assert (kept.network, kept.network_on, kept.answer_days, kept.most_open) == (False, day, 14, 4)
    assert (kept.clause, kept.clause_hours) == (True, 300)
    assert (kept.contact.name, kept.contact.phone, kept.contact.email) == ("M. Roux", "+33470111111", "roux@exemple.fr")


def test_an_empty_option_forgets_and_one_that_is_left_out_leaves(node: Node, maillon: Maillon) -> None:
    number = posted(node)
    full = ("--skill", "900016", "--licence", "B", "--hours", "35", "--network-on", f"{node.desk.today()}")
    assert maillon("offer", "edit", "V-1", *full).code == ExitCode.OK
    bare = ("--skill", "", "--licence", "", "--hours", "", "--network-on", "", "--contact-email", "")
    assert maillon("offer", "edit", "V-1", *bare).code == ExitCode.OK
    kept = one_offer(node.desk, number)
    assert (kept.skills, kept.licences, kept.hours, kept.network_on) == ((), frozenset(), 0, None)
    assert (kept.contact.email, kept.contact.name, kept.title) == ("", "Mme Roux", "Vendeur / Vendeuse (H/F)")


def test_what_cannot_be_read_is_refused_with_what_to_write(node: Node, maillon: Maillon) -> None:
    number = posted(node)
    for wrong, said in (
        (("--hours", "beaucoup"), "35 ou 35h30"),
        (("--skill", "900016:X"), "E (exigée)"),
        (("--site", "03185:trois"), "COMMUNE:POSTES:NOM"),
        (("--network-on", "demain"), "AAAA-MM-JJ"),
        (("--closes", "demain"), "AAAA-MM-JJ"),
        (("--answer-days", "3"), "de 7 à 60"),
        (("--contract", "XXX"), "proposition"),
    ):
        refused = maillon("offer", "edit", "V-1", *wrong)
        assert refused.code != ExitCode.OK and said in french(refused.err), (wrong, refused.err)
    assert one_offer(node.desk, number).revision == 1


def test_the_command_shows_how_long_an_answer_takes(node: Node, maillon: Maillon) -> None:
    posted(node)
    assert maillon("offer", "edit", "V-1", "--answer-days", "17", "--most-open", "42").code == ExitCode.OK
    shown = french(maillon("offer", "show", "V-1").out)
    assert "17" in shown and "42" in shown


def test_an_offer_that_came_twice_is_merged_and_taken_apart(node: Node, maillon: Maillon) -> None:
    kept, closes = posted(node), node.desk.today() + timedelta(days=30)
    add_offer(node.desk, typed(closes=closes, reference="V-2", network=False))
    merged = maillon("offer", "merge", "V-1", "V-2", "--json")
    assert (merged.code, merged.json["id"]) == (ExitCode.OK, kept), merged.err
    gone = maillon("offer", "show", "V-2", "--json").json
    assert (gone["state"], gone["merged_into"]) == ("merged", kept)
    assert "pas réunie" in french(maillon("offer", "unmerge", "V-1").err)
    assert "de nouveau ouverte" in french(maillon("offer", "unmerge", "V-2").out)
