"""The sections of the configuration: what each holds, and what may stand there."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from protocol.address import BadAddress, canonical_address

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_HOST = r"([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])"
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_ISSUER = rf"^$|^https?://{_HOST}(:[1-9][0-9]{{0,4}})?(/[A-Za-z0-9._~/-]*)?$"


def _network(value: str) -> str:
    return str(ipaddress.ip_network(value, strict=False))


def _timezone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):
        raise PydanticCustomError("timezone", "not a time zone") from None


def _address(value: str) -> str:
    """The address in its one form; what is wrong with it is said by config_faults.py."""
    try:
        return canonical_address(value)
    except BadAddress as error:
        raise PydanticCustomError("address", "no address", {"fault": error.fault.value}) from None


NodeName = Annotated[str, StringConstraints(pattern=rf"^{_LABEL}(\.{_LABEL})+$", max_length=253)]
BaseUrl = Annotated[str, AfterValidator(_address)]
Network = Annotated[str, AfterValidator(_network)]
Role = Literal["town", "employer", "coordinator"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NodeSection(_Section):
    """Who this node is. `data_dir` is relative to the configuration file's directory."""

    id: NodeName
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    role: Role
    commune: Annotated[str, StringConstraints(pattern=r"^([0-9][0-9AB][0-9]{3})?$")] = ""
    base_url: BaseUrl
    data_dir: Path = Path()


class ServerSection(_Section):
    """Where `maillon serve` listens; a reverse proxy with TLS stands before it in production."""

    host: Annotated[str, StringConstraints(min_length=1, max_length=253)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080


class NetworkSection(_Section):
    """The network that the node belongs to. `root_sha256` is what the coordinator said over the phone."""

    coordinator_url: Annotated[str, AfterValidator(lambda value: value and _address(value))] = ""
    root_sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    refresh_seconds: Annotated[int, Field(ge=1, le=86_400)] = 600
    allow_private_addresses: tuple[Network, ...] = ()


class SyncSection(_Section):
    """How often each peer is pulled, in seconds, how many entries are asked for at once, and how much one peer may have
    this node store in a day."""

    interval_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    page_size: Annotated[int, Field(ge=1, le=4096)] = 1000
    max_megabytes_a_day: Annotated[int, Field(ge=1, le=1_000_000)] = 200


class PublicationSection(_Section):
    """The weekly release of group sheets, on Mondays from 04:00 UTC in the whole network. `k` is the smallest group
    that is ever published, never below 5."""

    k: Annotated[int, Field(ge=5, le=100)] = 5


class DatabaseSection(_Section):
    """Empty `url`: SQLite, in the data directory."""

    url: Annotated[str, StringConstraints(max_length=1000)] = ""


class LogSection(_Section):
    """Log lines go to the standard error; JSON when it is not a terminal."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class LocaleSection(_Section):
    """The language of what people read, and the time zone of the dates that they see (IANA name)."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "fr"
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Paris"


class MailSection(_Section):
    """The town's mail server, for links and invitations. Empty `host`: no mail is sent. `security` none is for a server
    on this machine alone. `password_file` is relative to the configuration file's directory."""

    host: Annotated[str, StringConstraints(max_length=253)] = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    sender: Annotated[str, StringConstraints(pattern=r"^([^@\s\"(),:;<>]+@[^@\s\"(),:;<>]+)?$", max_length=254)] = ""
    user: Annotated[str, StringConstraints(max_length=254)] = ""
    password_file: Path = Path("mail-password")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.host and not self.sender:
            raise PydanticCustomError("mail_sender", "a sender is needed")
        if self.host and self.security == "none" and self.host not in THIS_MACHINE:
            raise PydanticCustomError("mail_security", "tls or starttls is needed")
        return self


class ReceptionSection(_Section):
    """How people reach the mission, as pages, posters and cards say it; on what the mission keeps people's files (its
    public mission, or their agreement); and the mailbox that CVs are sent to. Empty `imap_host`: no mailbox is read.
    `imap_password_file` is relative to the configuration file's directory."""

    address: Annotated[str, StringConstraints(max_length=200)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] = ""
    email: Annotated[str, StringConstraints(pattern=r"^([^@\s\"(),:;<>]+@[^@\s\"(),:;<>]+)?$", max_length=254)] = ""
    hours: Annotated[str, StringConstraints(max_length=200)] = ""
    keeping: Literal["mission", "agreement"] = "mission"
    imap_host: Annotated[str, StringConstraints(max_length=253)] = ""
    imap_port: Annotated[int, Field(ge=1, le=65535)] = 993
    imap_security: Literal["tls", "starttls", "none"] = "tls"
    imap_user: Annotated[str, StringConstraints(max_length=254)] = ""
    imap_password_file: Path = Path("imap-password")
    imap_folder: Annotated[str, StringConstraints(pattern=r"^[^\"\\\r\n]{1,200}$")] = "INBOX"
    imap_poll_seconds: Annotated[int, Field(ge=30, le=86_400)] = 300
    imap_delete: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.imap_host and not self.imap_user:
            raise PydanticCustomError("imap_user", "a user is needed")
        if self.imap_host and self.imap_security == "none" and self.imap_host not in THIS_MACHINE:
            raise PydanticCustomError("mail_security", "tls or starttls is needed")
        return self


class SignOnSection(_Section):
    """Signing in with an OpenID Connect provider. Empty `issuer`: there is none. The defaults are ProConnect's.
    `client_secret_file` is relative to the configuration file's directory."""

    issuer: Annotated[str, StringConstraints(pattern=_ISSUER, max_length=300)] = ""
    client_id: Annotated[str, StringConstraints(pattern=r"^[!-~]*$", max_length=200)] = ""
    client_secret_file: Path = Path("sign-on-secret")
    label: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,40}$")] = "ProConnect"
    about_url: Annotated[str, StringConstraints(pattern=r"^$|^https://[!-~]+$", max_length=300)] = (
        "https://www.proconnect.gouv.fr/"
    )
    scopes: Annotated[str, StringConstraints(pattern=r"^openid( [!-~]+)*$", max_length=300)] = "openid email"
    acr_values: Annotated[str, StringConstraints(pattern=r"^([!-~]+( [!-~]+)*)?$", max_length=600)] = ""
    pkce: bool = True

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.issuer and not self.client_id:
            raise PydanticCustomError("sign_on_client", "a client is needed")
        host = urlsplit(self.issuer).hostname
        if self.issuer.startswith("http:") and host not in THIS_MACHINE:
            raise PydanticCustomError("sign_on_https", "https is needed")
        return self
