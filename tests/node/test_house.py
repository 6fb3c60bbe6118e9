"""The house: every folder is a subject's, no module is too long to be read at once, and what the words point to is
there.

The subjects and their order are the import-linter contracts' in pyproject.toml: who adds one extends those lists, and
the table in docs/architecture.md.
"""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = ("node/mission", "node/storage", "node/services", "node/web", "tests/node")
"""Where subjects have a folder, or in storage a module, of their own. Tests have theirs within their layer's."""
SHARED = {"frame", "migrations", "actors", "at_hand", "listening", "node", "desk", "__pycache__"}
"""What belongs to all subjects."""
TESTED = ("mission", "services", "web", "storage")
LONGEST = 350
PACKAGES = ("node", "federation", "protocol")
POINTER = re.compile(r"(?<![\w./<-])((?:[a-z_-]+/)*[\w-]+\.(?:py|html|md|typ|sh))\b(?![\w/])")
FOLDER = re.compile(r"`((?:node|federation|protocol|tests|bench|docs|deploy)/(?:[\w-]+/)*)`")


def subjects() -> list[str]:
    """Bottom first, of all order contracts together."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    orders = [one["layers"] for one in contracts if one["name"].startswith("One order of the subjects")]
    assert len(orders) == 2
    names = [name for order in orders for layer in reversed(order) for name in re.findall(r"\w+", layer)]
    return [name for name in dict.fromkeys(names) if name not in SHARED]


def written(*endings: str) -> list[Path]:
    """Files that people wrote; those of a released version are as they were."""
    found = [ROOT / "README.md"]
    for top in ("node", "federation", "protocol", "tests", "bench", "docs", "deploy"):
        found += sorted((ROOT / top).rglob("*"))
    return [path for path in found if path.suffix in endings and "fixtures" not in path.parts]


def folders(layer: str) -> set[str]:
    """The folders of a layer; tests' are those within each layer that they mirror."""
    if layer == "tests/node":
        return set().union(*(folders(f"tests/node/{one}") for one in TESTED))
    found = {path.name for path in (ROOT / layer).iterdir() if path.is_dir() and any(path.glob("*.py"))}
    if layer == "node/storage":
        found |= {path.stem for path in (ROOT / layer).glob("*.py")} & set(subjects())
    return found - SHARED


def table() -> str:
    """Subject x layer, as docs/architecture.md has it."""
    held = {layer: folders(layer) for layer in LAYERS}
    lines = ["| Subject | " + " | ".join(f"`{layer}/`" for layer in LAYERS) + " |", "|---" * (len(LAYERS) + 1) + "|"]
    lines += (
        f"| {subject} | " + " | ".join("x" if subject in held[one] else " " for one in LAYERS) + " |"
        for subject in sorted(subjects())
    )
    return "\n".join(lines)


def test_every_folder_is_a_subjects() -> None:
    for layer in LAYERS:
        assert folders(layer) <= set(subjects()), f"{layer} has a folder that is no subject\n{table()}"
    for subject in subjects():
        assert any(subject in folders(layer) for layer in LAYERS), f"{subject} has no folder at all"


def test_the_table_is_the_one_that_is_drawn() -> None:
    assert table() in (ROOT / "docs/architecture.md").read_text(encoding="utf-8"), f"it should be\n{table()}"


def test_no_module_is_too_long() -> None:
    """But lists, which are looked up and not read: modules without a function."""
    long = {}
    for path in (path for path in written(".py") if path.relative_to(ROOT).parts[0] in PACKAGES):
        text = path.read_text(encoding="utf-8")
        acts = any(isinstance(one, ast.FunctionDef) for one in ast.walk(ast.parse(text)))
        if acts and text.count("\n") > LONGEST and "migrations" not in path.parts:
            long[str(path.relative_to(ROOT))] = text.count("\n")
    assert long == {}


def test_no_two_classes_have_one_name() -> None:
    """What a reader looks for is found once. Those that a module keeps to itself are its own affair."""
    found: dict[str, list[str]] = {}
    for path in (path for path in written(".py") if path.relative_to(ROOT).parts[0] in PACKAGES):
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(one, ast.ClassDef) and not one.name.startswith("_"):
                found.setdefault(one.name, []).append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in found.items() if len(where) > 1} == {}


def words_of(path: Path) -> str:
    """What a file says to its readers: docstrings and comments of a module, all of any other file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    said = [
        one.value.value
        for one in ast.walk(ast.parse(text))
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
    ]
    return "\n".join([*said, *re.findall(r"(?m)^\s*#.*$", text)])


def is_there(name: str, seen_from: Path) -> bool:
    """From the root, or from any folder around; the one text of the wire is known by its name."""
    around = [seen_from.parent, *seen_from.parents]
    return name == "SPEC.md" or any((folder / name).exists() for folder in around[: around.index(ROOT) + 1])


def test_what_the_words_point_to_is_there() -> None:
    gone = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in written(".py", ".md")
        for name in {*POINTER.findall(words_of(path)), *FOLDER.findall(words_of(path))}
        if not is_there(name, path)
    ]
    assert gone == []


FOR_OTHERS = {
    "protocol/commitment.py verify_opening",
    "protocol/cosignature.py cosign_checkpoint",
    "protocol/cosignature.py verify_cosignature",
    "protocol/note.py add_signatures",
    "federation/erasure/certificates.py verify_certificate",
}
"""What SPEC.md gives to whoever checks a member from outside, and to witnesses."""
CALLED_BY_LIBRARIES = {
    *("handle_starttag", "handle_endtag", "handle_data", "process_bind_param", "process_result_value"),
    *("validate_created_and_expires", "resolve_public_key", "settings_customise_sources"),
}
REGISTERED = re.compile(r"\b(router|app)\.|validator|serializer|callback|command")


def test_no_public_function_is_called_by_tests_alone() -> None:
    """By its name, anywhere in the three packages: what nobody there needs is nobody's."""
    defined: dict[str, str] = {}
    used: set[str] = set()
    for path in (path for path in written(".py") if path.relative_to(ROOT).parts[0] in PACKAGES):
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match one:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                    used.add(name)
                case ast.Constant(value=str(name)):
                    # Lazy imports and look-ups name what they want.
                    used.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if not name.startswith("_"):
                    if not any(REGISTERED.search(ast.unparse(by)) for by in one.decorator_list):
                        defined[f"{path.relative_to(ROOT)} {name}"] = name
    for path in written(".html", ".typ"):
        used.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    spare = {where for where, name in defined.items() if name not in used | CALLED_BY_LIBRARIES}
    assert spare == FOR_OTHERS
