"""The node's configuration: one TOML file and the environment, read once into one frozen `Config`.

The environment wins: `MAILLON_SERVER__PORT=8101` overrides `port` of `[server]`. An unknown key, a missing one or a
value out of bounds is a `ConfigError` whose sentence names the file, the line and the key; nothing is guessed. Every
option is in config.example.toml. Secrets are in files of their own beside the database (see node/identity.py).
Read next: config_faults.py.
"""

import ipaddress
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from node.config_faults import explain, syntax_error_line
from node.identity import IdentityError, read_secret
from node.kit.errors import ExitCode, NodeError
from node.kit.i18n import gettext as _

FILE_NAME = "config.toml"
ENV_PREFIX = "MAILLON_"

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_HOST = r"([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])"
_BASE_URL = rf"^https?://{_HOST}(:[1-9][0-9]{{0,4}})?$"
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_ISSUER = rf"^$|^https?://{_HOST}(:[1-9][0-9]{{0,4}})?(/[A-Za-z0-9._~/-]*)?$"
SIGN_ON_SECRET = f"{ENV_PREFIX}SIGN_ON_SECRET"
"""The environment variable that may hold the sign-on provider's secret in the place of its file."""


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
    """How people reach the mission, as pages, posters and cards say it; and the mailbox that CVs are sent to. Empty
    `imap_host`: no mailbox is read. `imap_password_file` is relative to the configuration file's directory."""

    address: Annotated[str, StringConstraints(max_length=200)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] = ""
    email: Annotated[str, StringConstraints(pattern=r"^([^@\s\"(),:;<>]+@[^@\s\"(),:;<>]+)?$", max_length=254)] = ""
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


class Config(BaseModel):
    """All of it, frozen. Paths are absolute once `load` has returned."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

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
                path=path, line=syntax_error_line(error, text), detail=str(error).partition(" (at ")[0]
            )
        ) from None
    try:
        config = _with_environment(content) if _environment_says_something() else Config(**content)
    except ValidationError as error:
        raise ConfigError(explain(path, text, error, ENV_PREFIX)) from None
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


def _environment_says_something() -> bool:
    """Whether a variable names a section or a key of it. Where none does, what would read them is not imported."""
    sections = {name.upper() for name in Config.model_fields}
    names = (name.upper() for name in os.environ)
    return any(
        name.removeprefix(ENV_PREFIX).partition("__")[0] in sections for name in names if name.startswith(ENV_PREFIX)
    )


def _with_environment(content: dict[str, Any]) -> Config:
    """The environment first, then the file's content; nothing else is read. ValidationError, ConfigError."""
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
    from pydantic_settings.exceptions import SettingsError

    class _Settings(Config, BaseSettings):
        model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, env_nested_delimiter="__", case_sensitive=False)

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return env_settings, init_settings

    try:
        found = _Settings(**content)
    except SettingsError as error:
        raise ConfigError(_("Environment: {detail}.").format(detail=error)) from None
    return Config.model_construct(**dict(found))


def _not_text(path: Path) -> str:
    return _("{path}: the file is not UTF-8 text. Save it as UTF-8.").format(path=path)
