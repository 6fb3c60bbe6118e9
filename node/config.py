"""The node's configuration: one TOML file and the environment, read once into one frozen `Config`.

The environment wins: `MAILLON_SERVER__PORT=8101` overrides `port` of `[server]`. An unknown key, a missing one or a
value out of bounds is a `ConfigError` whose sentence names the file, the line and the key; nothing is guessed. Every
option is in config.example.toml. Secrets are in files of their own beside the database (see node/identity.py).
"""

import ipaddress
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from node.errors import ExitCode, NodeError
from node.i18n import gettext as _
from node.identity import IdentityError, read_secret

FILE_NAME = "config.toml"
ENV_PREFIX = "MAILLON_"

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_HOST = r"([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])"
_BASE_URL = rf"^https?://{_HOST}(:[1-9][0-9]{{0,4}})?$"
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_ISSUER = rf"^$|^https?://{_HOST}(:[1-9][0-9]{{0,4}})?(/[A-Za-z0-9._~/-]*)?$"
SIGN_ON_SECRET = f"{ENV_PREFIX}SIGN_ON_SECRET"
"""The environment variable that may hold the sign-on provider's secret in the place of its file."""
_TOML_LINE = re.compile(r"line (\d+)")


class ConfigError(NodeError):
    """The configuration cannot be used. The sentence names the file and, where it is known, the line and the key."""

    exit_code = ExitCode.BAD_CONFIG
    problem = "bad_config"


def _network(value: str) -> str:
    return str(ipaddress.ip_network(value, strict=False))


def _timezone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):
        raise PydanticCustomError("timezone", "not a time zone") from None


NodeName = Annotated[str, StringConstraints(pattern=rf"^{_LABEL}(\.{_LABEL})+$", max_length=253)]
BaseUrl = Annotated[str, StringConstraints(pattern=_BASE_URL, max_length=300)]
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

    coordinator_url: Annotated[str, StringConstraints(pattern=rf"^$|{_BASE_URL}", max_length=300)] = ""
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
    sender: Annotated[str, StringConstraints(pattern=r"^([^@\s<>]+@[^@\s<>]+)?$", max_length=254)] = ""
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
    """How people reach the mission, as pages, posters and cards say it; and the mailbox that CVs are sent to. Empty
    `imap_host`: no mailbox is read. `imap_password_file` is relative to the configuration file's directory."""

    address: Annotated[str, StringConstraints(max_length=200)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] = ""
    email: Annotated[str, StringConstraints(pattern=r"^([^@\s<>]+@[^@\s<>]+)?$", max_length=254)] = ""
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


class Config(BaseSettings):
    """All of it, frozen. Paths are absolute once `load` has returned."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=ENV_PREFIX, env_nested_delimiter="__", case_sensitive=False
    )

    node: NodeSection
    server: ServerSection = ServerSection()
    network: NetworkSection = NetworkSection()
    sync: SyncSection = SyncSection()
    publication: PublicationSection = PublicationSection()
    database: DatabaseSection = DatabaseSection()
    log: LogSection = LogSection()
    locale: LocaleSection = LocaleSection()
    mail: MailSection = MailSection()
    reception: ReceptionSection = ReceptionSection()
    sign_on: SignOnSection = SignOnSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the file's content; nothing else is read."""
        return env_settings, init_settings

    @property
    def data_dir(self) -> Path:
        """Where everything that the node keeps is."""
        return self.node.data_dir

    @property
    def database_url(self) -> str:
        """The configured URL, or SQLite in the data directory."""
        return self.database.url or f"sqlite:///{self.data_dir / 'maillon.db'}"

    @property
    def keys_file(self) -> Path:
        """Private keys, mode 0600."""
        return self.data_dir / "keys.json"

    @property
    def token_file(self) -> Path:
        """The API's bearer token, mode 0600."""
        return self.data_dir / "api-token"

    def mail_password(self) -> str:
        """What the file of the mail server's password holds."""
        return self.mail.password_file.read_text(encoding="utf-8").strip()

    def imap_password(self) -> str:
        """What the file of the mailbox's password holds."""
        return self.reception.imap_password_file.read_text(encoding="utf-8").strip()

    def sign_on_secret(self) -> str:
        """What the sign-on provider knows this node by: of the environment, else of its file. ConfigError."""
        path = self.sign_on.client_secret_file
        if given := os.environ.get(SIGN_ON_SECRET, "").strip():
            return given
        try:
            found = read_secret(path).decode("utf-8").strip() if path.exists() else ""
        except (IdentityError, UnicodeDecodeError) as error:
            raise ConfigError(str(error) if isinstance(error, IdentityError) else _not_text(path)) from None
        if not found:
            raise ConfigError(
                _(
                    "The secret of {label} is missing: put it into “{path}” (mode 0600), "
                    "or into the environment variable {variable}."
                ).format(label=self.sign_on.label, path=path, variable=SIGN_ON_SECRET)
            )
        return found

    @property
    def registry_dir(self) -> Path:
        """A coordinator's TUF repository."""
        return self.data_dir / "directory"

    @property
    def referential_dir(self) -> Path:
        """Where `maillon import rome` and `maillon import communes` keep what they made."""
        return self.data_dir / "referential"

    @property
    def mirror_dir(self) -> Path:
        """A member's mirror of it, with the root that it was told to trust."""
        return self.data_dir / "mirror"


def load(path: Path) -> Config:
    """Read a configuration file; ConfigError when it cannot be used."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            _("No configuration at “{path}”: create a node with “maillon init”, or give --config.").format(path=path)
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(_not_text(path)) from None
    except OSError as error:
        raise ConfigError(
            _("{path}: the file cannot be read ({detail}).").format(path=path, detail=error.strerror)
        ) from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            _("{path}, line {line}: this is not TOML ({detail}). Mend this line.").format(
                path=path, line=_syntax_error_line(error, text), detail=str(error).partition(" (at ")[0]
            )
        ) from None
    try:
        config = Config(**content)
    except ValidationError as error:
        raise ConfigError(_explain(path, text, error)) from None
    except SettingsError as error:
        raise ConfigError(_("Environment: {detail}.").format(detail=error)) from None
    folder = path.absolute().parent
    config = config.model_copy(
        update={
            "node": config.node.model_copy(update={"data_dir": (folder / config.node.data_dir).resolve()}),
            "mail": config.mail.model_copy(update={"password_file": folder / config.mail.password_file}),
            "reception": config.reception.model_copy(
                update={"imap_password_file": folder / config.reception.imap_password_file}
            ),
            "sign_on": config.sign_on.model_copy(
                update={"client_secret_file": folder / config.sign_on.client_secret_file}
            ),
        }
    )
    if config.sign_on.issuer:
        config.sign_on_secret()
    return config


def _not_text(path: Path) -> str:
    return _("{path}: the file is not UTF-8 text. Save it as UTF-8.").format(path=path)


def _syntax_error_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """tomllib says the line in words, or "at end of document"."""
    found = _TOML_LINE.search(str(error))
    return int(found[1]) if found else text.count("\n") + 1


def _explain(path: Path, text: str, error: ValidationError) -> str:
    """One sentence on the first fault, with the number of the others."""
    faults = error.errors(include_url=False)
    fault = faults[0]
    keys = [str(part) for part in fault["loc"] if not isinstance(part, int)]
    place = _place(path, text, keys)
    match fault["type"]:
        case "missing":
            message = _("{place}: the key “{key}” is missing. Add it; config.example.toml describes it.")
        case "extra_forbidden":
            message = _("{place}: the key “{key}” is unknown. Remove it, or mend its spelling.")
        case _:
            message = _("{place}: the value of “{key}” is refused: {reason}.")
    said = message.format(place=place, key=".".join(keys), reason=reason_of(fault["type"], fault.get("ctx", {})))
    if len(faults) > 1:
        said += " " + _("({count} faults in all)").format(count=len(faults))
    return said


def reason_of(kind: str, context: dict[str, Any]) -> str:
    """Why a value is refused, in words, from pydantic's kind of fault and its context."""
    match kind:
        case "int_parsing" | "int_type" | "int_from_float":
            return _("a whole number is needed")
        case "greater_than_equal":
            return _("at least {bound}").format(bound=context["ge"])
        case "less_than_equal":
            return _("at most {bound}").format(bound=context["le"])
        case "literal_error":
            return _("one of {expected}").format(expected=context["expected"].replace(" or ", ", "))
        case "string_pattern_mismatch":
            return _("its form is not the expected one; config.example.toml shows it")
        case "string_type":
            return _("a text between quotes is needed")
        case "string_too_short" | "string_too_long":
            return _("the text is too short or too long")
        case "model_type" | "model_attributes_type" | "dict_type":
            return _("a section between square brackets is needed")
        case "mail_sender":
            return _("with a host, the sender's address is needed")
        case "imap_user":
            return _("with a mailbox, the user that reads it is needed")
        case "mail_security":
            return _("“tls” or “starttls” is needed for a server on another machine")
        case "sign_on_client":
            return _("with an issuer, the client_id that the provider gave is needed")
        case "sign_on_https":
            return _("an issuer on another machine begins with https://")
        case "timezone":
            return _("a time zone such as Europe/Paris or Indian/Reunion is needed")
        case "value_error":
            return _("an address block such as 10.0.0.0/8 is needed")
        case _:
            return _("its form is not the expected one; config.example.toml shows it")


def _place(path: Path, text: str, keys: list[str]) -> str:
    """The environment variable when it set this key, else the file and the line."""
    variable = ENV_PREFIX + "__".join(keys).upper()
    if variable in (name.upper() for name in os.environ):
        return _("environment variable {variable}").format(variable=variable)
    line = _line_of(text, keys)
    if line is None:
        return str(path)
    return _("{path}, line {line}").format(path=path, line=line)


def _line_of(text: str, keys: list[str]) -> int | None:
    """The line that sets a key, else that of its section; None when neither is there as a plain line."""
    section, key = ("", keys[0]) if len(keys) == 1 else (keys[0], keys[1])
    current, section_line = "", None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("["):
            current = line.partition("]")[0].strip("[ ")
            if current == (section or key):
                section_line = number
        elif current == section and re.match(rf"[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return section_line
