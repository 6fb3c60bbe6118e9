"""What a node is given that it must refuse, or take with care: the answer, and what it cost in memory.

    python -m bench.bad_input [--json FILE]

A fresh town is served by `maillon serve` and asked over HTTP, as browsers ask, in French. Each figure is the greatest
resident memory of the serving process during one item, or of a reader that it started, whichever is more; beside it
stand the status, the sentence that the person reads, and whether all that they typed came back (where the form is shown
again) or was kept.
"""

import contextlib
import io
import os
import re
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx
from PIL import Image
from pypdf import PdfReader, PdfWriter

from bench.node import free_port, serving
from bench.pages import wait_until_ready
from bench.report import Figure, parser, publish
from node.app import open_node
from node.config import load
from node.mission.accounts.roles import Role
from node.mission.deposits.deposit import DepositState
from node.services.accounts import accounts, sessions
from node.services.deposits import deposits
from node.services.network.founding import Wish, create_node
from node.services.node import Node
from tests.node.reading import files

MEMORY_AIM = 300.0
"""Megabytes, of the serving process and of each reader."""
FORM = "/deposer"
TYPED = {"first_name": "Zoé", "last_name": "N'Diaye d'Œuvre", "phone": "06 12 34 56 78", "keep": "1", "network": "1"}
CV = files.pdf([files.pdf_text(["Zoé N'Diaye", "06 12 34 56 78", "2019-2023 Vendeuse"])])

_FAULT = re.compile(r'id="[\w-]+-fault"[^>]*>(.*?)</', re.DOTALL)
_NOTICE = re.compile(r'<div class="notice[^"]*"[^>]*>(.*?)</div>', re.DOTALL)
_MAIN = re.compile(r"<main[^>]*>(.*?)</main>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an item ended: a status and what the person read; `right` whether it is what it should be."""

    status: str
    said: str
    right: bool


class Bench:
    """A town being served, a passer-by and a counsellor, and a look at its memory."""

    def __init__(self, node: Node, url: str, cookie: dict[str, str], pid: int) -> None:
        speaks = {"Accept-Language": "fr", "Sec-Fetch-Site": "same-origin"}
        self.node = node
        self.passer_by = httpx.Client(base_url=url, headers=speaks, trust_env=False, timeout=120)
        self.counsellor = httpx.Client(base_url=url, headers=speaks, trust_env=False, timeout=120, cookies=cookie)
        self._pid = pid

    def watch(self, work: Callable[[], Outcome]) -> tuple[Outcome, float]:
        """Do it; and the peak in megabytes of the server and its readers meanwhile."""
        Path(f"/proc/{self._pid}/clear_refs").write_text("5")
        done, peak = threading.Event(), [0]

        def look() -> None:
            while not done.wait(0.002):
                peak[0] = max(peak[0], *map(_peak, _family(self._pid)))

        looking = threading.Thread(target=look)
        looking.start()
        try:
            outcome = work()
        finally:
            done.set()
            looking.join()
        return outcome, max(peak[0], _peak(self._pid)) / 1024

    def hand_in(self, *uploads: tuple[str, bytes], **typed: str) -> httpx.Response:
        """« Déposer mon CV », as long after opening it as a person takes."""
        began = str(int(datetime.now(UTC).timestamp()) - 60)
        sent = [("fichier", (name, content, "application/octet-stream")) for name, content in uploads]
        return self.passer_by.post(FORM, data={"debut": began, **TYPED, **typed}, files=sent)

    def at_the_desk(self, path: str, typed: Mapping[str, str], file: tuple[str, bytes] | None = None) -> httpx.Response:
        """A counsellor's form, by its page's token."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.counsellor.get(path).text)
        data = {"csrf": found[1] if found else "", **typed}
        sent = {"document": (*file, "application/octet-stream")} if file else None
        return self.counsellor.post(path, data=data, files=sent)

    def waiting(self) -> int:
        """How many deposits wait."""
        return deposits.waiting_deposits(self.node.desk).count


def main() -> int:
    """Serve, ask, print, write."""
    options = parser("bad_input", (__doc__ or "").splitlines()[0])
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillon-bench-") as name, _served(Path(name) / "town") as bench:
        figures = [_figure(bench, title, item) for title, item in ITEMS.items()]
    return publish("bad_input", figures, arguments.json)


def _figure(bench: Bench, title: str, item: Callable[[Bench], Outcome]) -> Figure:
    outcome, peak = bench.watch(lambda: item(bench))
    right = outcome.right and peak < MEMORY_AIM
    return Figure(title, peak, "MB", f"{outcome.status}: {outcome.said}", right)


@contextlib.contextmanager
def _served(directory: Path) -> Iterator[Bench]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    wish = Wish(id="montlucon.emploi.example", name="Montluçon", role="town", base_url=url, commune="03185", port=port)
    node = open_node(load(create_node(directory, wish, os.urandom, datetime.now(UTC)).config))
    with contextlib.closing(node), serving(directory) as server:
        account = accounts.open_account(node.desk, name="Anne", email="anne@example.fr", roles=[Role.COUNSELLOR])
        with node.database.write() as uow:
            token = sessions.open_session(uow, node.desk, account=account.id).token
        bench = Bench(node, url, {f"maillon-{port}": token}, server.pid)
        wait_until_ready(bench.passer_by, directory / "serve.log")
        yield bench


def _family(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            yield from map(int, (thread / "children").read_text().split())


def _peak(pid: int) -> int:
    """Kilobytes; 0 for a process that has ended, or has not begun its own program yet."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
    return 0


def _said(answer: httpx.Response) -> str:
    """The sentence for the person: the faults, else the notice, else the page's beginning."""
    found = _FAULT.findall(answer.text) or _NOTICE.findall(answer.text) or _MAIN.findall(answer.text)
    return " ".join(unescape(_TAG.sub(" ", " ".join(dict.fromkeys(found)))).split())[:240]


def _typed_again(answer: httpx.Response) -> bool:
    shown = unescape(answer.text)
    boxes = len(re.findall(r'name="(?:keep|network)"[^>]*checked', answer.text))
    return f'value="{TYPED["last_name"]}"' in shown and f'value="{TYPED["phone"]}"' in shown and boxes == 2


# The items. A refused file: the form again, with a fault at its field and all that was typed.


def _refused(name: str, content: bytes) -> Callable[[Bench], Outcome]:
    def item(bench: Bench) -> Outcome:
        before = bench.waiting()
        answer = bench.hand_in((name, content))
        right = answer.status_code == 422 and _typed_again(answer) and bench.waiting() == before
        return Outcome(str(answer.status_code), _said(answer), right and 'id="fichier-fault"' in answer.text)

    return item


def _named(first: str, last: str) -> Callable[[Bench], Outcome]:
    def item(bench: Bench) -> Outcome:
        answer = bench.hand_in(first_name=first, last_name=last, call_back="1")
        kept = {(one.first_name, one.last_name) for one in deposits.waiting_deposits(bench.node.desk).rows}
        wanted = unicodedata.normalize("NFC", first), unicodedata.normalize("NFC", last)
        return Outcome(_way(answer), " ".join(wanted), wanted in kept)

    return item


def _way(answer: httpx.Response) -> str:
    return " > ".join(str(one.status_code) for one in (*answer.history, answer))


def _photograph(bench: Bench) -> Outcome:
    picture = files.photograph_with_position(["Zoé N'Diaye", "Vendeuse depuis 2019", "06 12 34 56 78"])
    answer = bench.hand_in(("photo.jpg", picture))
    with bench.node.database.read() as uow:
        waiting = [uow.deposits.get(one.id) for one in uow.deposits.identities()]
        photographs = [uow.documents.content(one.document) for one in waiting if one is not None and one.document]
    content = photographs[0] or b""
    tags = dict(Image.open(io.BytesIO(content)).getexif())
    return Outcome(_way(answer), f"{len(tags)} EXIF", not tags and b"GPS" not in content)


def _twice(bench: Bench) -> Outcome:
    before = bench.waiting()
    answers = [bench.hand_in(("cv.pdf", CV), message="Deux fois") for _press in range(2)]
    return Outcome(_way(answers[-1]), f"{bench.waiting() - before} dépôt", bench.waiting() == before + 1)


def _thirty(bench: Bench) -> Outcome:
    answers = [bench.hand_in(last_name=f"Foule {number}", call_back="1") for number in range(30)]
    last = bench.hand_in(("cv.pdf", CV), message="Encore")
    waits = sum(answer.status_code == 429 for answer in answers)
    right = waits >= 10 and last.status_code == 429 and _typed_again(last) and 'name="piece"' in last.text
    return Outcome(f"{30 - waits} × 200, {waits} × 429", _said(last), right)


# The items of a counsellor.


def _mail(bench: Bench) -> Outcome:
    docx = files.docx(files.paragraph("Zoé N'Diaye") + files.paragraph("2019-2023 Vendeuse"))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    inner = files.message("b@example.org", "CV", "Voir le CV", [("../../cv.docx", kind, docx)])
    mail = files.message("Zoé <zoe@example.org>", "Tr: CV", "Ci-joint", [("x.exe", "application/pdf", b"MZ\0")], inner)
    answer = bench.at_the_desk("/depots/nouveau", {}, ("message.eml", mail))
    with bench.node.database.read() as uow:
        names = [one.name for one in uow.documents.of_deposit(answer.headers["location"].rpartition("/")[2])]
    return Outcome(_way(answer), ", ".join(names), len(names) == 1 and names[0].endswith("cv.docx"))


def _treated(field: str, **typed: str) -> Callable[[Bench], Outcome]:
    def item(bench: Bench) -> Outcome:
        row = next(one for one in deposits.waiting_deposits(bench.node.desk).rows if not one.document)
        answer = bench.at_the_desk(f"/depots/{row.id}", {"first_name": "Zoé", "last_name": "N'Diaye", **typed})
        waits = deposits.one_deposit(bench.node.desk, row.id).state is DepositState.WAITING
        shown = unescape(answer.text)
        lost = [value for value in ("N'Diaye", *typed.values()) if f'value="{value}"' not in shown]
        right = answer.status_code == 422 and waits and not lost and f'id="{field}-fault"' in shown
        return Outcome(str(answer.status_code), _said(answer), right)

    return item


def _latin(bench: Bench) -> Outcome:
    table = "reference;nom;prenom;commune;metiers\nM-1;Lefèvre;Zoé;03185;N1103:24\nM-2;Noël;Luc;00999;N1103\n"
    answer = bench.at_the_desk("/depots/importer", {}, ("candidats.csv", table.encode("cp1252")))
    with bench.node.database.read() as uow:
        names = [one.last_name for one in uow.candidates.all()]
    return Outcome(str(answer.status_code), _said(answer), answer.status_code == 200 and "Lefèvre" in names)


def _encrypted() -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(CV)))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_ENTITY = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

ITEMS: Mapping[str, Callable[[Bench], Outcome]] = {
    f"PDF bomb, {len(files.pdf_bomb()) / 1000:.1f} kB": _refused("bombe.pdf", files.pdf_bomb()),
    "zip bomb": _refused("bombe.docx", files.archive({"word/document.xml": bytes(200_000_000)})),
    "DOCX with external entities": _refused("entites.docx", files.docx(files.paragraph("&x;"), prologue=_ENTITY)),
    "300 pages": _refused("long.pdf", files.pdf([files.pdf_text([str(page)]) for page in range(300)])),
    "executable renamed .pdf": _refused("programme.pdf", b"MZ\x90\0" + bytes(2000)),
    "encrypted PDF": _refused("protege.pdf", _encrypted()),
    "blank image": _refused("blanche.png", files.encoded(Image.new("RGB", (600, 800), "white"))),
    "image without a byte": _refused("vide.jpg", b""),
    "EXIF position": _photograph,
    "name with apostrophes": _named("Zoé", "N'Diaye d'Œuvre"),
    "name from right to left": _named("فاطمة", "الزهراء"),
    "name with combining characters": _named(*(unicodedata.normalize("NFD", name) for name in ("Ngọc Ánh", "Nguyễn"))),
    "100 MB": _refused("cent.pdf", b"%PDF-1.7\n" + bytes(100 * 1024 * 1024)),
    "the same file twice": _twice,
    "30 deposits a minute": _thirty,
    ".eml with nested attachments": _mail,
    "unknown postal code": _treated("commune", q_commune="00999"),
    "birth date in the future": _treated("birth_date", birth_date="2090-01-01"),
    "CSV from Excel in Latin-1": _latin,
}


if __name__ == "__main__":
    sys.exit(main())
