"""The configuration: what the example documents, what the environment overrides, how faults are said."""

import tomllib
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from node.config import Config, ConfigError, load
from node.kit.errors import ExitCode
from tests.node.conftest import french

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
MINIMAL = """\
[node]
id = "montlucon.emploi.example"
name = "Mission emploi de Montluçon"
role = "town"
base_url = "http://127.0.0.1:8101"
"""


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(MINIMAL, encoding="utf-8")
    return path


def refused(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.exit_code is ExitCode.BAD_CONFIG
    assert str(path) in str(caught.value)
    return french(str(caught.value))


def sections() -> dict[str, type[BaseModel]]:
    return {name: cast(type[BaseModel], field.annotation) for name, field in Config.model_fields.items()}


def test_the_example_documents_every_option_with_its_default() -> None:
    example: dict[str, dict[str, Any]] = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert example.keys() == sections().keys()
    for name, section in sections().items():
        assert example[name].keys() == section.model_fields.keys(), name
        for key, field in section.model_fields.items():
            if field.default is PydanticUndefined:
                continue
            default = field.default
            if isinstance(default, Path):
                default = str(default)
            if isinstance(default, tuple):
                default = list(default)
            assert example[name][key] == default, f"{name}.{key}"


def test_every_option_of_the_example_has_a_comment_above_it() -> None:
    previous = ""
    commented = False
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            commented = True
        elif line.startswith("["):
            commented = False
        elif line:
            assert commented, f"{line!r} after {previous!r}"
        previous = line


def test_the_example_loads() -> None:
    config = load(EXAMPLE)
    assert config.node.name == "Mission emploi de Montluçon"
    assert config.data_dir == EXAMPLE.parent


def test_paths_hang_on_the_directory_of_the_file(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    config_file.write_text(MINIMAL + 'data_dir = "data"\n', encoding="utf-8")
    config = load(config_file)
    data = config_file.parent.resolve() / "data"
    assert config.data_dir == data
    assert config.keys_file == data / "keys.json"
    assert config.database_url == f"sqlite:///{data}/maillon.db"


def test_a_configuration_is_frozen(config_file: Path) -> None:
    config = load(config_file)
    with pytest.raises(Exception, match="frozen"):
        config.server.port = 1
    with pytest.raises(Exception, match="frozen"):
        config.server = config.server


def test_the_environment_wins(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config_file.write_text(MINIMAL + '[server]\nport = 8101\nhost = "0.0.0.0"\n', encoding="utf-8")
    monkeypatch.setenv("MAILLON_SERVER__PORT", "9009")
    monkeypatch.setenv("MAILLON_NETWORK__ALLOW_PRIVATE_ADDRESSES", '["10.1.2.3/8"]')
    config = load(config_file)
    assert (config.server.host, config.server.port) == ("0.0.0.0", 9009)
    assert config.network.allow_private_addresses == ("10.0.0.0/8",)


def test_a_fault_in_the_environment_names_the_variable(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLON_SERVER__PORT", "many")
    with pytest.raises(ConfigError, match="MAILLON_SERVER__PORT"):
        load(config_file)


@pytest.mark.parametrize(
    ("added", "line"),
    [
        ("[server\nport = 1\n", 6),
        ("[server]\nport = \n", 7),
        ('[log]\nlevel = "info\n', 7),
        ("[log]\n[log]\n", 7),
    ],
)
def test_unreadable_toml_names_the_line(config_file: Path, added: str, line: int) -> None:
    said = refused(config_file, MINIMAL + added)
    assert f"ligne {line} :" in said


def test_toml_cut_short_names_the_last_line(config_file: Path) -> None:
    assert "ligne 6" in refused(config_file, MINIMAL + 'x = """')


@pytest.mark.parametrize(
    ("added", "line", "key"),
    [
        ("[server]\nprot = 8101\n", 7, "server.prot"),
        ("[servers]\nport = 8101\n", 6, "servers"),
        ("[server]\nport = 99999\n", 7, "server.port"),
        ('[server]\nport = "http"\n', 7, "server.port"),
        ("[publication]\n# fewer than five would name people\nk = 4\n", 8, "publication.k"),
        ('[network]\nroot_sha256 = "abc"\n', 7, "network.root_sha256"),
        ('[network]\nallow_private_addresses = ["home"]\n', 7, "network.allow_private_addresses"),
        ("[log]\nlevel = 3\n", 7, "log.level"),
        ('[locale]\nlanguage = ""\n', 7, "locale.language"),
        ('commune = "03100 "\n', 6, "node.commune"),
    ],
)
def test_a_refused_key_is_named_with_its_line(config_file: Path, added: str, line: int, key: str) -> None:
    said = refused(config_file, MINIMAL + added)
    assert f"ligne {line}" in said
    assert f"« {key} »" in said


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example",
        "http://a.example/",
        "http://a.example/x",
        "http://u@a.example",
        "http://a.example?q",
        "a.example",
        "http://a.example:0",
    ],
)
def test_a_base_url_is_scheme_host_and_port(config_file: Path, url: str) -> None:
    assert "« node.base_url »" in refused(config_file, MINIMAL.replace("http://127.0.0.1:8101", url))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://Emploi.Vezere.Example:443", "https://emploi.vezere.example"),
        ("https://emploi.vezere.example.", "https://emploi.vezere.example"),
        ("https://emploi.vézère.example", "https://emploi.xn--vzre-6oae.example"),
        ("http://[0:0::1]:8101", "http://[::1]:8101"),
    ],
)
def test_an_address_is_kept_in_its_one_form(config_file: Path, written: str, kept: str) -> None:
    network = f'\n[network]\ncoordinator_url = "{written}"\n'
    config_file.write_text(MINIMAL.replace("http://127.0.0.1:8101", written) + network, encoding="utf-8")
    config = load(config_file)
    assert (config.node.base_url, config.network.coordinator_url) == (kept, kept)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://mission_emploi.example", "tiret"),
        ("http://a.example/x", "rien après"),
        ("http://u:p@a.example", "mot de passe"),
        ("http://a.example:99999", "65535"),
        ("a.example", "https://"),
        ("http://127.1", "192.0.2.7"),
        ("http://a..example", "63"),
    ],
)
def test_a_refused_address_says_what_to_write(config_file: Path, url: str, said: str) -> None:
    told = refused(config_file, MINIMAL.replace("http://127.0.0.1:8101", url))
    assert said in told
    assert "https://emploi.montlucon.example" in told


def test_a_missing_key_is_named_and_the_faults_counted(config_file: Path) -> None:
    said = refused(config_file, '[node]\nid = "a.example"\nname = "A"\n')
    assert "« node.role »" in said
    assert "ligne 1" in said
    assert "2" in said


def test_an_empty_file_lacks_its_section(config_file: Path) -> None:
    assert "« node »" in refused(config_file, "")


def test_a_section_that_is_a_value_is_refused(config_file: Path) -> None:
    said = refused(config_file, "server = 3\n" + MINIMAL)
    assert "ligne 1" in said
    assert "« server »" in said


def test_no_file_no_text_no_right(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="maillon init"):
        load(tmp_path / "absent.toml")
    with pytest.raises(ConfigError, match=str(tmp_path)):
        load(tmp_path)
    assert "UTF-8" in refused(tmp_path / "latin.toml", MINIMAL.encode("latin-1"))


def test_a_byte_order_mark_is_no_fault(config_file: Path) -> None:
    config_file.write_bytes(b"\xef\xbb\xbf" + MINIMAL.encode())
    assert load(config_file).node.role == "town"


class TestSignOn:
    ISSUER = '[sign_on]\nissuer = "https://auth.example/api/v2"\n'
    COMPLETE = ISSUER + 'client_id = "maillon"\n'

    def write(self, config_file: Path, content: str, mode: int = 0o600, added: str = COMPLETE) -> Path:
        secret = config_file.parent / "sign-on-secret"
        secret.write_text(content, encoding="utf-8")
        secret.chmod(mode)
        config_file.write_text(MINIMAL + added, encoding="utf-8")
        return secret

    def test_off_needs_no_secret(self, config_file: Path) -> None:
        assert load(config_file).sign_on.issuer == ""

    def test_the_secret_is_in_a_file_of_its_own(self, config_file: Path) -> None:
        path = self.write(config_file, " s3cret\n")
        config = load(config_file)
        assert (config.sign_on.client_secret_file, config.sign_on_secret()) == (path, "s3cret")
        assert "s3cret" not in repr(config)

    def test_the_environment_wins(self, config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        config_file.write_text(MINIMAL + self.COMPLETE, encoding="utf-8")
        monkeypatch.setenv("MAILLON_SIGN_ON_SECRET", "from the environment")
        assert load(config_file).sign_on_secret() == "from the environment"

    def test_it_is_never_in_the_configuration_itself(self, config_file: Path) -> None:
        assert "« sign_on.client_secret »" in refused(config_file, MINIMAL + self.COMPLETE + 'client_secret = "s"\n')

    def test_a_secret_that_is_missing_empty_or_open_to_others(self, config_file: Path) -> None:
        config_file.write_text(MINIMAL + self.COMPLETE, encoding="utf-8")
        for write in (lambda: None, lambda: self.write(config_file, "\n")):
            write()
            with pytest.raises(ConfigError, match=r"sign-on-secret.*MAILLON_SIGN_ON_SECRET"):
                load(config_file)
        path = self.write(config_file, "s3cret", 0o640)
        with pytest.raises(ConfigError, match="chmod 600") as caught:
            load(config_file)
        assert caught.value.exit_code is ExitCode.BAD_CONFIG
        assert "s3cret" not in str(caught.value)
        path.write_bytes(b"\xff")
        path.chmod(0o600)
        with pytest.raises(ConfigError, match="UTF-8"):
            load(config_file)

    @pytest.mark.parametrize(
        ("added", "key"),
        [
            (ISSUER, "sign_on"),
            ('[sign_on]\nissuer = "http://auth.example"\nclient_id = "m"\n', "sign_on"),
            ('[sign_on]\nissuer = "https://auth.example?x"\n', "sign_on.issuer"),
            ('[sign_on]\nissuer = "https://u@auth.example"\n', "sign_on.issuer"),
            ('[sign_on]\nissuer = "auth.example"\n', "sign_on.issuer"),
            (COMPLETE + 'scopes = "email"\n', "sign_on.scopes"),
            (COMPLETE + 'label = ""\n', "sign_on.label"),
            (COMPLETE + 'about_url = "javascript:alert(1)"\n', "sign_on.about_url"),
            (COMPLETE + 'pkce = "maybe"\n', "sign_on.pkce"),
        ],
    )
    def test_what_is_refused(self, config_file: Path, added: str, key: str) -> None:
        assert f"« {key} »" in refused(config_file, MINIMAL + added)

    def test_http_is_for_this_machine_alone(self, config_file: Path) -> None:
        for host in ("127.0.0.1:8080", "localhost", "[::1]:9000"):
            self.write(config_file, "s", added=f'[sign_on]\nissuer = "http://{host}/realms/v"\nclient_id = "m"\n')
            assert load(config_file).sign_on.issuer == f"http://{host}/realms/v"
