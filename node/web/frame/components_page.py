"""/composants: everything that pages are made of, on one screen, for whoever makes or checks pages. Holds no data."""

from fastapi import APIRouter, Request, Response

from node.web.frame.forms import Form, Sent
from node.web.frame.pages import Message, render

router = APIRouter()


@router.get("/composants")
def components(request: Request) -> Response:
    """Each component, in each of its states."""
    form = Form.of(
        name="Amina Belkacem", email="amina@", contracts=["CDI"], met="in_person", day="2026-11-23", keep=False
    )
    form.error("email", "Saisissez une adresse telle que prenom.nom@ville.fr.")
    return _show(request, form)


@router.post("/composants")
def sent(request: Request, form: Sent) -> Response:
    """What was sent, read as pages read it."""
    form.line("name", required=True)
    form.line("email", required=True)
    form.day("day")
    form.text("note")
    return _show(request, form)


def _show(request: Request, form: Form) -> Response:
    return render(request, "frame/components.html", form=form, messages=[Message("success", "Le CV est enregistré.")])
