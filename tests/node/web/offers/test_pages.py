"""The pages of offers, as a counsellor uses them."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from node.documents.lists import csv_list, xlsx_list
from node.imports.working_hours import BOUNDS, read_weekly_minutes
from node.mission.accounts.roles import Role
from node.mission.offers.hours import hours_text
from node.mission.offers.offer import Need, Offer, OfferContact, OfferState
from node.services.offers.finding import one_offer
from node.services.offers.offers import add_offer
from tests.node.mission import samples
from tests.node.mission.samples import DOMERAT, MONTLUCON
from tests.node.web.conftest import Town, words


def post(town: Town, **changes: Any) -> Offer:
    """One of the town's own offers."""
    desk = town.node.desk
    fields: dict[str, Any] = {
        "title": "Vendeur / Vendeuse (H/F)",
        "employer": "Boulangerie Petit",
        "rome": "D1106",
        "description": "Accueillir, vendre, encaisser, du mardi au samedi, de 7 h à 14 h.",
        "contract": "CDD",
        "months": 6,
        "hours": 35 * 60 + 30,
        "salary": "12,50 € de l'heure",
        "sites": (samples.site(), samples.site(DOMERAT, 2, "s2")),
        "closes": desk.today() + timedelta(days=3),
        "contact": OfferContact(name="Mme Roux", phone="+33470000000"),
    }
    return add_offer(desk, fields | changes, town.account(Role.COUNSELLOR).id)


def form(town: Town, **changes: object) -> dict[str, Any]:
    """What a counsellor typed."""
    fields: dict[str, Any] = {
        "title": "Boulanger / Boulangère (H/F)",
        "employer": "Boulangerie Petit",
        "rome": "D1102",
        "description": "Pétrir, façonner, cuire, de 3 h à 10 h.",
        "contract": "CDI",
        "hours": "35h30",
        "experience": "D",
        "sites": ["03185"],
        "commune_03185": MONTLUCON,
        "posts_03185": "2",
        "closes": f"{town.node.desk.today() + timedelta(days=30)}",
        "network": "1",
    }
    return fields | changes


def test_the_list_is_filtered_by_its_address(town: Town) -> None:
    post(town)
    post(town, title="Cariste (H/F)", employer="Entrepôts", rome="N1101", contract="CDI", months=0)
    visitor = town.signed_in(Role.COUNSELLOR)
    page = words(visitor.get("/offres"))
    assert "2 offres" in page and "Vendeur / Vendeuse" in page and "Bientôt" in page and "0 / 15" in page
    for query in (
        "texte=VENDEUSE",
        "metier=D11",
        "contrat=CDD",
        "employeur=boulangerie+petit",
        "zone=ville&texte=pain",
    ):
        shown = words(visitor.get(f"/offres?{query}"))
        assert "Cariste" not in shown
    assert "Aucune offre ne convient" in words(visitor.get("/offres?texte=pâtissier"))
    assert "Plus d'offres" in words(visitor.get("/offres?page=7"))


def test_nonsense_in_an_address_is_read_as_nothing(town: Town) -> None:
    post(town)
    visitor = town.signed_in(Role.COUNSELLOR)
    for query in ("zone=lune", "km=-3&zone=km", "avant=x", "page=0", "q_metier=%00", "km=99999999999&zone=km"):
        assert visitor.get(f"/offres?{query}").status_code == 200


def test_an_occupation_is_looked_up_without_a_script(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    assert 'value="metier:N1101"' in visitor.get("/offres?q_metier=cariste&chercher=metier").text
    led = visitor.get("/offres?texte=nuit&ajouter=metier:N1101", follow_redirects=False)
    assert led.status_code == 303 and led.headers["location"] == "/offres?texte=nuit&metier=N1101"


def test_one_offer_says_all_of_itself(town: Town) -> None:
    skills = town.node.desk.referential().skills.for_occupation("D1106")
    offer = post(town, skills=((skills[0], Need.REQUIRED), (skills[1], Need.WISHED)), languages=(("en", "B1"),))
    page = words(town.signed_in(Role.COUNSELLOR).get(f"/offres/{offer.key}"))
    for said in ("35 h 30", "12,50 €", "6 mois", "Domérat", "Anglais B1", "Mme Roux", "04 70 00 00 00", "Camille"):
        assert said in page, said
    assert f"/offres/{offer.key}/personnes" in page and "Compétences exigées" in page


def test_of_another_towns_offer_nobody_is_named_and_nothing_is_changed(town: Town) -> None:
    theirs = samples.offer(node="drancy.emploi.example", closes=town.node.desk.today() + timedelta(days=9))
    with town.node.database.write() as uow:
        uow.offers.add(theirs)
    visitor = town.signed_in(Role.COUNSELLOR)
    page = words(visitor.get(f"/offres/{theirs.key}"))
    assert "Contact" not in page and "/modifier" not in page and "/fermer" not in page
    for act in ("modifier", "fermer"):
        led = visitor.get(f"/offres/{theirs.key}/{act}", follow_redirects=False)
        assert led.status_code == 303 and led.headers["location"] == f"/offres/{theirs.key}"
    assert visitor.get("/offres/drancy.emploi.example/nothing").status_code == 404


def test_an_offer_is_typed_and_its_page_asks_who_fits(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    answer = visitor.send_form("/offres/nouvelle", **form(town, enregistrer="1"))
    assert "Qui convient" in words(answer)
    made = one_offer(town.node.desk, answer.url.path.removeprefix("/offres/"))
    assert (made.hours, made.posts, made.sites[0].commune, made.network) == (2130, 2, MONTLUCON, True)


def test_how_long_an_answer_takes_and_how_many_people_are_typed_shown_and_typed_again(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    typed = form(town, answer_days="14", most_open="10", enregistrer="1")
    answer = visitor.send_form("/offres/nouvelle", **typed)
    page = words(answer)
    assert "0 sur 10" in page and "Réponse attendue sous 14 jours" in page
    made = one_offer(town.node.desk, answer.url.path.removeprefix("/offres/"))
    again = visitor.get(f"/offres/{made.key}/modifier").text
    assert 'name="answer_days" value="14"' in again and 'name="most_open" value="10"' in again
    typed |= {"answer_days": "", "most_open": "", "revision": str(made.revision)}
    assert "0 sur 10" in words(visitor.send_form(f"/offres/{made.key}/modifier", **typed))
    kept = one_offer(town.node.desk, made.key)
    assert (kept.answer_days, kept.most_open, kept.cap) == (30, 0, 10)


def test_checking_says_what_is_missing_and_keeps_nothing(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    typed = form(town, title="Boulanger", description="Pétrir. Cherche jeune motivé.", verifier="1")
    page = words(visitor.send_form("/offres/nouvelle", **typed))
    assert "Boulanger / Boulangère (H/F)" in page and "salaire n'est pas dit" in page and "L5321-2" in page
    assert "Pétrir. Cherche jeune motivé." in page
    with town.node.database.read() as uow:
        assert not uow.offers.of_node(town.node.desk.node_id)
    shown = words(visitor.send_form("/offres/nouvelle", **typed | {"verifier": "", "enregistrer": "1"}))
    assert "aucune offre n'en a le droit" in shown and "Pétrir. Cherche jeune motivé." in shown


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sites": []}, "Dites où se trouve le travail"),
        ({"posts_03185": "10000"}, "de 1 à 999"),
        ({"commune_03185": "99999"}, "n'est pas connue"),
        ({"closes": "2020-01-01"}, "Ce jour est passé"),
        ({"closes": "demain"}, "23/11/2026"),
        ({"salary": "-1500 €"}, "Un salaire n'est pas négatif"),
        ({"hours": "beaucoup"}, "par exemple 35 ou 35h30"),
        ({"skills": [f"{number:06}" for number in range(300)]}, "300 compétences, c'est trop"),
        ({"sites": [f"s{number}" for number in range(61)]}, "60 lieux au plus"),
        ({"q_sites": "montlu"}, "Choisissez une des propositions"),
        ({"q_skills": "zzzzzz"}, "Rien de tel"),
        ({"title": "", "employer": ""}, "Remplissez ce champ"),
        ({"answer_days": "3"}, "de 7 à 60"),
        ({"most_open": "beaucoup"}, "de 0 à"),
    ],
)
def test_bad_input_is_said_in_a_sentence_and_nothing_is_lost(
    town: Town, changes: dict[str, object], sentence: str
) -> None:
    answer = town.signed_in(Role.COUNSELLOR).send_form("/offres/nouvelle", **form(town, **changes, enregistrer="1"))
    assert answer.status_code == 422
    assert sentence in words(answer) and "Pétrir, façonner, cuire" in words(answer)


def test_a_commune_that_was_merged_is_replaced_and_said(town: Town) -> None:
    communes = town.node.desk.referential().communes
    former, heir = next(iter(communes._former.by_code.items()))
    answer = town.signed_in(Role.COUNSELLOR).send_form(
        "/offres/nouvelle", **form(town, commune_03185=former, enregistrer="1")
    )
    assert communes.name(heir) in words(answer) and f'name="commune_03185" value="{heir}"' in answer.text


def test_the_buttons_of_the_form_add_and_take_away(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)

    def press(**button: str) -> str:
        return visitor.send_form("/offres/nouvelle", **form(town, **button)).text

    assert 'value="03185-2"' in press(ajouter="sites:03185")
    assert 'name="sites"' not in press(retirer="sites:03185")
    assert 'name="rome" value="N1101"' in press(ajouter="rome:N1101")
    assert 'name="need_900016"' in press(ajouter="skills:900016")
    assert 'name="language_0_code"' in press(ligne="language")
    assert 'value="Autre titre"' in press(titre="Autre titre")
    assert "proposals" in press(q_sites="domer", chercher="sites")


def test_an_offer_like_another_is_kept_when_somebody_says_so(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    visitor.send_form("/offres/nouvelle", **form(town, enregistrer="1"))
    again = form(town, description="Pétrir façonner cuire, de 3 h à 10 h", enregistrer="1")
    answer = visitor.send_form("/offres/nouvelle", **again)
    assert answer.status_code == 422 and "ressemble à une autre" in words(answer)
    assert visitor.send_form("/offres/nouvelle", **again, quand_meme="1").url.path.startswith("/offres/montlucon")


def test_an_offer_is_changed_copied_and_closed(town: Town) -> None:
    offer, visitor = post(town), town.signed_in(Role.COUNSELLOR)
    path = f"/offres/{offer.key}"
    shown = visitor.get(f"{path}/modifier").text
    assert 'value="35 h 30"' in shown and 'name="revision" value="1"' in shown
    fields = form(town, sites=["s1"], commune_s1=MONTLUCON, posts_s1="3", revision="1", enregistrer="1")
    assert "L'offre est modifiée" in words(visitor.send_form(f"{path}/modifier", **fields))
    after = one_offer(town.node.desk, offer.key)
    assert (after.revision, after.title, after.posts) == (2, "Boulanger / Boulangère (H/F)", 3)
    late = fields | {"title": "Pâtissier / Pâtissière (H/F)"}
    assert "entre-temps" in words(visitor.send_form(f"{path}/modifier", **late))
    assert "Boulanger / Boulangère (H/F)" in words(visitor.get(f"/offres/nouvelle?copie={offer.id}"))
    assert visitor.send_form(f"{path}/fermer").status_code == 422
    assert "L'offre est fermée" in words(visitor.send_form(f"{path}/fermer", reason="filled"))
    assert one_offer(town.node.desk, offer.key).state is OfferState.CLOSED
    assert "postes pourvus" in words(visitor.get(path))


def test_the_list_is_downloaded_and_no_cell_is_a_formula(town: Town) -> None:
    post(town, title="=HYPERLINK(1)", employer="+33", salary="@SOMME(A1)", answer_days=14, most_open=7)
    visitor = town.signed_in(Role.COUNSELLOR)
    rows = list(
        csv.DictReader(io.StringIO(visitor.get("/offres/export.csv").content.decode("utf-8-sig")), delimiter=";")
    )
    assert (rows[0]["intitule"], rows[0]["employeur"], rows[0]["salaire"]) == ("'=HYPERLINK(1)", "'+33", "'@SOMME(A1)")
    assert rows[0]["communes"] == "Montluçon, Domérat" and rows[0]["heures"] == "35 h 30"
    assert (rows[0]["reponse_jours"], rows[0]["candidatures_max"]) == ("14", "7")
    sheet = load_workbook(io.BytesIO(visitor.get("/offres/export.xlsx").content)).worksheets[0]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=HYPERLINK(1)", "s")
    assert visitor.get("/offres/export.csv?texte=rien").content.decode("utf-8-sig").count("\n") == 1


def test_lists_hold_what_they_are_given() -> None:
    rows = [["-1", "a;b\nc"], ["", "é"]]
    assert csv_list(["x", "y"], rows).decode("utf-8-sig") == 'x;y\r\n\'-1;"a;b\nc"\r\n;é\r\n'
    sheet = load_workbook(io.BytesIO(xlsx_list("Liste", ["x", "y"], rows))).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["-1", "a;b\nc"]


def test_a_job_posting_has_the_public_part_alone(town: Town) -> None:
    offer = post(town, licences=frozenset({"B"}), skills=(("900016", Need.REQUIRED),), experience_months=12)
    answer = town.signed_in(Role.COUNSELLOR).get(f"/offres/{offer.key}/jobposting.json")
    made = json.loads(answer.text)
    assert made["@type"] == "JobPosting" and made["title"] == offer.title and made["totalJobOpenings"] == 3
    assert made["jobLocation"][1]["address"]["addressLocality"] == "Domérat"
    assert made["employmentType"] == ["FULL_TIME", "TEMPORARY"] and made["validThrough"] == f"{offer.closes}"
    assert "Roux" not in answer.text and "0470" not in answer.text


def test_hours_are_read_as_they_are_written() -> None:
    assert all(read_weekly_minutes(hours_text(minutes)) == minutes for minutes in BOUNDS)
    assert hours_text(0) == ""


def test_an_offer_with_too_many_places_for_a_form_is_changed_by_its_file(town: Town) -> None:
    many = samples.offer(
        node=town.node.desk.node_id,
        sites=tuple(samples.site(identifier=f"s{number}") for number in range(61)),
        closes=town.node.desk.today() + timedelta(days=9),
    )
    with town.node.database.write() as uow:
        uow.offers.add(many)
    visitor = town.signed_in(Role.COUNSELLOR)
    assert "par son fichier" in words(visitor.get(f"/offres/{many.key}/modifier"))
    assert "51 autres lieux" in words(visitor.get(f"/offres/{many.key}"))


def test_an_offer_waits_for_its_day_in_the_network(town: Town) -> None:
    visitor, day = town.signed_in(Role.COUNSELLOR), town.node.desk.today() + timedelta(days=7)
    missing = visitor.send_form("/offres/nouvelle", **form(town, network="2", enregistrer="1"))
    assert missing.status_code == 422 and "Remplissez ce champ" in words(missing)
    answer = visitor.send_form("/offres/nouvelle", **form(town, network="2", network_on=f"{day}", enregistrer="1"))
    assert "Dans le réseau à partir du 30 nov. 2026" in words(answer)


def test_an_offer_that_came_twice_is_one_at_a_click_and_two_again(town: Town) -> None:
    one, other = post(town), post(town, title="Vendeur, vendeuse (h/f)", reference="193KXYZ")
    there = samples.offer(
        node="drancy.emploi.example", employer="Boulangerie Petit", rome="D1106",
        closes=town.node.desk.today() + timedelta(days=9), published=town.node.now(),
    )  # fmt: skip
    with town.node.database.write() as uow:
        uow.offers.add(there)
    visitor = town.signed_in(Role.COUNSELLOR)
    page = f"/offres/{one.key}"
    shown = words(visitor.get(page))
    assert "Peut-être la même offre" in shown and "Référence 193KXYZ" in shown and "mêmes mots" in shown
    assert "D'une autre ville : les deux restent." in shown
    assert "1 paire est peut-être une seule offre" in words(visitor.get("/offres/doublons"))
    told = words(visitor.send_form(f"{page}/reunir", page, autre=other.id))
    assert "n'en font plus qu'une" in told and "La même offre, venue deux fois" in told
    assert "Référence 193KXYZ" in told and "2 offres" in words(visitor.get("/offres"))
    gone = words(visitor.get(f"/offres/{other.key}"))
    assert "La même offre qu'une autre" in gone and "Fusionnée" in gone and "Modifier" not in gone
    back = words(visitor.send_form(f"/offres/{other.key}/separer", page))
    assert "de nouveau deux" in back and "Peut-être la même" in back  # the other town's
    assert "Aucune offre n'est venue deux fois" in words(visitor.get("/offres/doublons"))
    refused = visitor.send_form(f"{page}/reunir", page, autre=one.id)
    assert "C'est déjà une seule offre." in words(refused)


def test_a_need_is_noted_asked_again_and_made_an_offer(town: Town) -> None:
    visitor, today = town.signed_in(Role.COUNSELLOR), town.node.desk.today()
    new = "/offres/besoins/nouveau"
    wrong = visitor.send_form(new, enregistrer="1", employer="Bâtir SARL", when="au printemps")
    assert wrong.status_code == 422 and "Dites de quel poste" in words(wrong) and "au printemps" in wrong.text
    typed: dict[str, Any] = {"employer": "Bâtir SARL", "title": "Deux maçons", "when": "au printemps", "rome": "F1703"}
    place: dict[str, Any] = {"sites": ["s1"], "commune_s1": MONTLUCON, "posts_s1": "2"}
    shown = visitor.send_form(new, enregistrer="1", ask_again=f"{today}", contact_name="M. Roux", **typed, **place)
    page = words(shown)
    assert "Le besoin est noté" in page and "Qui convient" in page and "2 postes" in page and "M. Roux" in page
    with town.node.database.read() as uow:
        (need,) = uow.offers.aside(town.node.desk.node_id, OfferState.NEED)
    assert "Bâtir SARL" in words(visitor.get("/aujourdhui")) and "1 besoin" in words(visitor.get("/offres?besoins=1"))
    assert "maçons" not in words(visitor.get("/offres?fermees=1"))
    for path in (f"/offres/{need.key}/jobposting.json", "/offres/export.csv?besoins=1"):
        assert visitor.get(path, follow_redirects=False).status_code == 303
    own = f"/offres/besoins/{need.id}"
    assert "à partir d'aujourd'hui" in words(visitor.send_form(f"{own}/redemander", own, ask_again="2099-01-01"))
    assert "sera rappelé" in words(visitor.send_form(f"{own}/redemander", own, ask_again=f"{today + timedelta(9)}"))
    assert "Trois maçons" in words(visitor.send_form(f"{own}/modifier", **typed | {"title": "Trois maçons"}, **place))
    asked = visitor.get(f"/offres/nouvelle?besoin={need.id}")
    assert "Ce besoin devient une offre" in words(asked) and "Trois maçons" in asked.text
    revision = one_offer(town.node.desk, need.key).revision
    sent = form(town, **typed, **place, besoin=need.id, revision=str(revision), enregistrer="1")
    sent |= {"clause": "1", "clause_hours": "300"}
    made = words(visitor.send_form("/offres/nouvelle", **sent))
    assert "Deux maçons" in made and "300 heures" in made and "Publiée" in made and "Noté" in made
    assert visitor.get(own, follow_redirects=False).status_code == 303
    assert "1 offre" in words(visitor.get("/offres?clause=1"))
    table = list(csv.DictReader(io.StringIO(visitor.get("/offres/export.csv?clause=1").text), delimiter=";"))
    assert [(row["clause"], row["clause_heures"]) for row in table] == [("oui", "300")]


def test_a_need_is_over_when_somebody_says_so(town: Town) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    visitor.send_form("/offres/besoins/nouveau", enregistrer="1", employer="Bâtir SARL", rome="F1703", sites=["s1"],
                      commune_s1=MONTLUCON, posts_s1="1")  # fmt: skip
    with town.node.database.read() as uow:
        (need,) = uow.offers.aside(town.node.desk.node_id, OfferState.NEED)
    page = f"/offres/{need.key}/fermer"
    assert "Ce besoin est-il terminé" in words(visitor.get(page))
    assert "Terminé" in words(visitor.send_form(page, reason="cancelled"))
    assert "Aucun besoin n'est noté" in words(visitor.get("/offres?besoins=1"))
    assert visitor.get(page, follow_redirects=False).status_code == 303
