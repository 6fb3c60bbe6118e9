"""Why signing in with a provider fails, each reason with its own sentence. Nothing that the provider sent is quoted."""

from enum import StrEnum
from http import HTTPStatus

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _


class Trouble(StrEnum):
    """A reason, as logs name it."""

    UNREACHABLE = "unreachable"
    """No answer, or none in time."""
    BAD_ANSWER = "bad_answer"
    """An answer that is cut short, too long, or says not what it ought to."""
    OTHER_ISSUER = "other_issuer"
    """Its description, or its word, is in another's name."""
    BAD_SIGNATURE = "bad_signature"
    """Its word is not signed, or not by it, or by an algorithm that proves nothing."""
    OTHER_AUDIENCE = "other_audience"
    """Its word is meant for another site."""
    EXPIRED = "expired"
    """Its word is past its time, or of the future."""
    OTHER_NONCE = "other_nonce"
    """Its word was given for another sign-in."""
    OTHER_SUBJECT = "other_subject"
    """Its two answers speak of two people."""
    WEAK = "weak"
    """It let the person in by less than the level that the node demands."""
    REFUSED = "refused"
    """It says no: to the node, or to the code."""
    GIVEN_UP = "given_up"
    """The person went no further there, or was not let through."""
    BUSY = "busy"
    """It says that it cannot now."""
    STATE = "state"
    """The answer is to no question of this browser: too old, used already, or begun elsewhere."""
    NO_EMAIL = "no_email"
    """It vouches for no e-mail address, and the person is not known by anything else."""
    UNKNOWN = "unknown"
    """No account has this e-mail address."""
    OTHER_IDENTITY = "other_identity"
    """The account is somebody else's, for that provider."""
    CLOSED = "closed"
    """The account is closed."""


_STATUS = {
    Trouble.UNREACHABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Trouble.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    Trouble.GIVEN_UP: HTTPStatus.UNAUTHORIZED,
    Trouble.STATE: HTTPStatus.CONFLICT,
    Trouble.NO_EMAIL: HTTPStatus.FORBIDDEN,
    Trouble.UNKNOWN: HTTPStatus.FORBIDDEN,
    Trouble.OTHER_IDENTITY: HTTPStatus.FORBIDDEN,
    Trouble.CLOSED: HTTPStatus.FORBIDDEN,
    Trouble.WEAK: HTTPStatus.FORBIDDEN,
}


class SignOnFailed(NodeError):
    """Nobody was signed in. `provider` is its name as people say it."""

    problem = "sign_on_failed"

    def __init__(self, trouble: Trouble, provider: str) -> None:
        super().__init__(_sentence(trouble).format(provider=provider))
        self.trouble = trouble
        self.status = _STATUS.get(trouble, HTTPStatus.BAD_GATEWAY)


def _sentence(trouble: Trouble) -> str:
    match trouble:
        case Trouble.UNREACHABLE:
            return _("{provider} does not answer. Try again in a few minutes, or sign in with your password or a link.")
        case Trouble.BAD_ANSWER:
            return _(
                "{provider}'s answer cannot be read, so you are not signed in. Try again; if it lasts, tell your"
                " administrator."
            )
        case Trouble.OTHER_ISSUER:
            return _("Somebody else answers in {provider}'s place, so you are not signed in. Tell your administrator.")
        case Trouble.BAD_SIGNATURE:
            return _(
                "{provider}'s answer is not signed as it must be, so you are not signed in. Tell your administrator."
            )
        case Trouble.OTHER_AUDIENCE:
            return _(
                "{provider}'s answer is meant for another site, so you are not signed in. Tell your administrator."
            )
        case Trouble.EXPIRED:
            return _(
                "{provider}'s answer is past its time. Try again; if it lasts, the clock of this site is wrong: "
                "tell your administrator."
            )
        case Trouble.OTHER_NONCE:
            return _(
                "{provider}'s answer was given for another sign-in, so you are not signed in. Start again from "
                "the button."
            )
        case Trouble.OTHER_SUBJECT:
            return _(
                "{provider}'s answers speak of two different people, so you are not signed in. Tell your administrator."
            )
        case Trouble.WEAK:
            return _(
                "This site demands a stronger sign-in of {provider} than the one that you used. Sign in there "
                "with double verification, then try again."
            )
        case Trouble.REFUSED:
            return _("{provider} refused the demand of this site. Try again; if it lasts, tell your administrator.")
        case Trouble.GIVEN_UP:
            return _("You went no further at {provider}, or were not let through: you are not signed in.")
        case Trouble.BUSY:
            return _(
                "{provider} cannot do it now. Try again in a few minutes, or sign in with your password or a link."
            )
        case Trouble.STATE:
            return _(
                "This sign-in is too old, was used already, or was begun in another window. Start again from the"
                " button."
            )
        case Trouble.NO_EMAIL:
            return _(
                "{provider} vouches for no e-mail address of yours, so your account cannot be found. Sign in "
                "with your password or a link."
            )
        case Trouble.UNKNOWN:
            return _(
                "{provider} knows you, but the address that it gives has no account here. Ask your head of "
                "mission to open one for that address."
            )
        case Trouble.OTHER_IDENTITY:
            return _(
                "The account with your address is tied to another identity at {provider}. Ask your head of "
                "mission to untie it."
            )
        case Trouble.CLOSED:
            return _("Your account here is closed. Ask your head of mission.")
