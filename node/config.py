"""The node's configuration: one TOML file and the environment, read once into one frozen `Config`.

The environment wins: `MAILLON_SERVER__PORT=8101` overrides `port` of `[server]`. An unknown key, a missing one or a
value out of bounds is a `ConfigError` whose sentence names the file, the line and the key; nothing is guessed. Every
option is in config.example.toml. Secrets are in files of their own beside the database (see node/identity.py).
Read next: config_faults.py.
"""

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from node.config_faults import explain, syntax_error_line
from node.config_sections import (
    DatabaseSection,
    LocaleSection,
    LogSection,
    MailSection,
    NetworkSection,
    NodeSection,
    PublicationSection,
    ReceptionSection,
    ServerSection,
    SignOnSection,
    SyncSection,
)
from node.identity import IdentityError, read_secret
from node.kit.errors import ExitCode, NodeError
from node.kit.i18n import gettext as _

FILE_NAME = "config.toml"
ENV_PREFIX = "MAILLON_"

SIGN_ON_SECRET = f"{ENV_PREFIX}SIGN_ON_SECRET"
"""The environment variable that may hold the sign-on provider's secret in the place of its file."""


class ConfigError(NodeError):
    """The configuration cannot be used. The sentence names the file and, where it is known, the line and the key."""

    exit_code = ExitCode.BAD_CONFIG
    problem = "bad_config"


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
