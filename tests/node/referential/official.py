"""Small official files of our own making, in the official formats: a country of a few trades and towns."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

Rows = Sequence[Sequence[str]]

SHARED = Path(__file__).parents[4] / "shared" / "data"
ROME_V460 = SHARED / "rome-v460"
LA_POSTE = SHARED / "laposte_hexasmal.csv"
COMMUNES_FRANCE = SHARED / "communes-france-2025-483-largest.csv"

ROME: Mapping[str, Rows] = {
    "referentiel_code_rome": [
        ("code_rome", "code_fiche_metier", "code_ogr", "libelle_rome", "emploi_cadre", "code_rome_parent"),
        ("K2204", "1", "11", "Agent / Agente de nettoyage de locaux", "N", "K2204"),
        ("K2205", "2", "12", "Laveur / Laveuse de vitres", "", "K2204"),
        ("N1101", "3", "13", "Cariste", "", "N1101"),
    ],
    "cr_gd_dp": [
        (
            "code_rome",
            "libelle_rome",
            "code_grand_domaine",
            "libelle_grand_domaine",
            "code_domaine_professionel",
            "libelle_domaine_professionel",
        ),
        ("K2204", "…", "K", "Services aux gens", "K22", "Propreté d’ici"),
        ("K2205", "…", "K", "Services aux gens", "K22", "Propreté d’ici"),
        ("N1101", "…", "N", "Transport", "N11", "Magasins et quais"),
    ],
    "referentiel_appellation": [
        (
            "code_ogr",
            "libelle_appellation_long",
            "libelle_appellation_court",
            "code_rome",
            "classification",
            "peu_usite",
        ),
        ("11", "Agent / Agente de nettoyage de locaux", "…", "K2204", "PRINCIPALE", "N"),
        ("12", "Laveur / Laveuse de vitres", "…", "K2205", "PRINCIPALE", "N"),
        ("13", "Cariste", "…", "N1101", "PRINCIPALE", "N"),
        ("14", "Frotteur / Frotteuse de parquets", "…", "K2204", "SYNONYME", "O"),
        ("15", "Agent / Agente d’entretien d’immeuble", "…", "K2204", "SYNONYME", "N"),
        ("16", "Conducteur / Conductrice de chariot", "…", "N1101", "SYNONYME", "N"),
    ],
    "referentiel_competence": [
        ("code_ogr", "nature", "libelle_competence", "definition", "cat_comp", "sous_cat_comp"),
        ("100100", "Compétence", "Nettoyer une surface", "", "Savoir-faire", "Technique"),
        ("100101", "Compétence", "Empiler des palettes", "", "Savoir-faire", "Technique"),
        ("100102", "Compétence", "Faire preuve de rigueur", "", "Savoir-être professionnel", ""),
        ("100103", "Compétence", "Nettoyer une façade", "", "Savoir-faire", "Technique"),
    ],
    "referentiel_savoir": [
        ("code_ogr_savoir", "libelle_savoir", "categorie_savoir", "sous_categorie_savoir"),
        ("120000", "Produits de nettoyage", "Produits, outils et matières", "…"),
        ("120001", "CACES d'essai", "Certifications et habilitations", "…"),
    ],
    "liens_rome_referentiels": [
        ("code_rome", "code_compo_bloc", "code_rubrique", "code_ogr"),
        ("K2204", "1", "", "11"),
        ("K2204", "2", "", "14"),
        ("K2204", "5", "1", "100100"),
        ("K2204", "5", "2", "100102"),
        ("K2204", "5", "3", "120000"),
        ("K2205", "5", "1", "100100"),
        ("K2205", "5", "1", "100103"),
        ("N1101", "5", "1", "100101"),
        ("N1101", "5", "2", "100102"),
        ("N1101", "5", "3", "120001"),
        ("N1101", "6", "", "404040"),
    ],
    "coherence_item": [
        ("code_rome", "code_ogr", "coeur_metier"),
        ("K2204", "100102", ""),
        ("K2204", "120000", "Émergente"),
        ("K2204", "100100", "Principale"),
        ("N1101", "404040", ""),
        ("N1101", "100101", "Principale"),
    ],
    "rubrique_mobilite": [
        ("code_rome", "code_rome_cible", "numero_ordre"),
        ("K2204", "N1101", "10"),
        ("K2204", "K2205", "2"),
        ("N1101", "K2204", "1"),
    ],
}
"""Every file that the import reads, by its name in the archive; the title line first."""

HEXASMAL = """\
Code_commune_INSEE;Nom_commune;Code_postal;Ligne_5;Libellé_d_acheminement;coordonnees_gps
03185;MONTLUCON;03100;;MONTLUCON;46.3408,2.6069
03185;MONTLUCON;03399;FAUBOURG NEUF;MONTLUCON;46.3408,2.6069
51063;BINSON ET ORQUIGNY;51700;;BINSON ET ORQUIGNY;49.0965,3.7900
98799;LES ILES PERDUES;98999;;LES ILES PERDUES;
"""

FRANCE = """\
"","code_insee","nom_standard","code_postal","codes_postaux","epci_code","population","latitude_centre","longitude_centre"
"1","01053","Bourg-en-Bresse",1000,"01003, 01000","200071751",41525,"46.205","5.246"
"2","49353","Trélazé",49800,"49800","244900015",15999,"47.4462","-0.4675"
"""


def changed(kind: str, row: int, column: int, cell: str) -> dict[str, Rows]:
    """The archive with one cell replaced."""
    rows = [list(each) for each in ROME[kind]]
    rows[row][column] = cell
    return {**ROME, kind: rows}


def text_of(rows: Rows) -> str:
    """A file's text, as France Travail writes it."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue()


def archive_folder(folder: Path, tables: Mapping[str, Rows] = ROME, version: str = "460") -> Path:
    """The archive as a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, rows in tables.items():
        (folder / f"unix_{kind}_v{version}_utf8.csv").write_text(text_of(rows), encoding="utf-8", newline="")
    return folder


def archive_zip(path: Path, tables: Mapping[str, Rows] = ROME, version: str = "460", inner: str = "rome/") -> Path:
    """The archive as a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind, rows in tables.items():
            archive.writestr(f"{inner}unix_{kind}_v{version}_utf8.csv", text_of(rows))
        archive.writestr(f"{inner}lisez-moi.txt", "rien")
    return path
