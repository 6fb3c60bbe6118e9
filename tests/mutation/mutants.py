"""The mistakes: mutmut's operators, and two of ours (a condition that is always or never so, a call that is left out).

Left out are changes that no test should notice: of annotations, of decorators, and of sentences for people.
"""

import ast
import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import Any

import libcst as cst
from libcst import matchers as m
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider, WhitespaceInclusivePositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_if_exp

from tests.mutation.scope import ROOT

_SENTENCES = {"_", "ngettext"}
_CHECKS = {"_require"}
_NAMES_AND_TYPES = m.Assign([m.AssignTarget(m.Name("__all__"))]) | m.Assign(
    value=m.Call(m.Name("TypeVar")) | m.Subscript(m.Name("Callable") | m.Name("Literal"))
)


@dataclass(frozen=True)
class Mutant:
    """One changed module: where (`lines`: from the statement's first to the change's last), what stood there and what
    does now, and the whole changed source."""

    path: str
    lines: range
    before: str
    after: str
    source: str = field(repr=False)

    @property
    def place(self) -> str:
        return f"{self.path}:{self.lines[-1]}"


def _call_left_out(node: cst.Expr) -> Iterator[cst.Pass]:
    if isinstance(node.value, cst.Call | cst.Await):
        yield cst.Pass()


Operator = tuple[type, Callable[[Any], Iterable[cst.CSTNode]]]
OPERATORS: Sequence[Operator] = (
    *(one for one in mutation_operators if one[0] is not cst.Match),
    (cst.If, operator_if_exp),
    (cst.CompIf, operator_if_exp),
    (cst.Expr, _call_left_out),
)


def sample(paths: Iterable[str], count: int, seed: int) -> list[Mutant]:
    """So many mutants of these files, chosen by the hash of what they change: a change of one line changes the choice
    of no other."""
    ranked: list[tuple[str, str, _Change]] = []
    for path in paths:
        seen: Counter[tuple[str, str]] = Counter()
        for change in changes_of((ROOT / path).read_text(encoding="utf-8")):
            what = (change.before, change.after)
            seen[what] += 1
            name = "\0".join((str(seed), path, *what, str(seen[what])))
            ranked.append((sha256(name.encode()).hexdigest(), path, change))
    ranked.sort(key=lambda one: one[0])
    told = (change.mutant(path) for _rank, path, change in ranked if change.tells())
    return list(islice(told, count))


@dataclass(frozen=True)
class _Change:
    """One piece of a source and what stands in its place."""

    original: str = field(repr=False)
    source: str = field(repr=False)
    lines: range
    before: str
    after: str

    def tells(self) -> bool:
        """Whether the program says something else now, to anybody but a person who reads its sentences."""
        return _told(self.source) != _told(self.original)

    def mutant(self, path: str) -> Mutant:
        return Mutant(path, self.lines, *_difference(self.before, self.after), self.source)


def changes_of(source: str) -> Iterator[_Change]:
    """All changes of one source, in the order of its lines."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Changes()
    wrapper.visit(visitor)
    lines = source.splitlines(keepends=True)
    for place, changed, touched in visitor.found:
        start, end = place.start, place.end
        before = "".join(lines[start.line - 1 : end.line])
        after = lines[start.line - 1][: start.column] + wrapper.module.code_for_node(changed)
        after += lines[end.line - 1][end.column :]
        mutated = "".join((*lines[: start.line - 1], after, *lines[end.line :]))
        yield _Change(source, mutated, touched, before, after)


class _Changes(cst.CSTVisitor):
    """Every place with what may stand there, and the lines from its statement's first to its own last."""

    METADATA_DEPENDENCIES = (PositionProvider, WhitespaceInclusivePositionProvider)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[CodeRange, cst.CSTNode, range]] = []
        self._statement = 1

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.ImportFrom | cst.Import | cst.Assert):
            return False
        if isinstance(node, cst.Call) and m.matches(node.func, m.Name("len") | m.Name("isinstance")):
            return False
        if m.matches(node, _NAMES_AND_TYPES):
            return False
        if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._statement = self.get_metadata(PositionProvider, node).start.line
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                for changed in operator(node):
                    if isinstance(node, cst.If) and isinstance(changed, cst.If):
                        self._add(node.test, changed.test)
                    else:
                        self._add(node, changed)
        return True

    def _add(self, node: cst.CSTNode, changed: cst.CSTNode) -> None:
        last = self.get_metadata(PositionProvider, node).end.line
        place = self.get_metadata(WhitespaceInclusivePositionProvider, node)
        self.found.append((place, changed, range(self._statement, last + 1)))


def _difference(before: str, after: str) -> tuple[str, str]:
    """The lines that differ, each side on one line."""
    old = [line.strip() for line in before.splitlines()]
    new = [line.strip() for line in after.splitlines()]
    told = [line for line in difflib.ndiff(old, new) if line[:2] in ("- ", "+ ")]
    removed, added = (" ".join(line[2:] for line in told if line.startswith(sign)) for sign in "-+")
    return removed, added


@lru_cache(maxsize=1024)
def _told(source: str) -> str:
    """What a program says, but for its sentences for people."""
    return ast.dump(_WithoutSentences().visit(ast.parse(source)))


class _WithoutSentences(ast.NodeTransformer):
    """Texts of errors, of logs and of pages say nothing that a test should hold fast; nor do a `cast` and its type."""

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.exc, ast.Call):
            _drop_sentences(node.exc)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _CHECKS:
            _drop_sentences(node)
        if name == "cast" and len(node.args) == 2:
            return node.args[1]
        if isinstance(node.func, ast.Attribute):
            of = node.func.value
            if node.func.attr == "format" and isinstance(of, ast.Constant) and of.value is None:
                return ast.Constant(None)
            if isinstance(of, ast.Name) and of.id in ("_log", "log", "logger"):
                return ast.Constant(None)
        return ast.Constant(None) if name in _SENTENCES else node


def _drop_sentences(call: ast.Call) -> None:
    for at, given in enumerate(call.args):
        formatted = (
            isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute) and given.func.attr == "format"
        )
        literal = isinstance(given, ast.Constant) and isinstance(given.value, str) and " " in given.value
        if isinstance(given, ast.JoinedStr) or formatted or literal:
            call.args[at] = ast.Constant(None)
    while call.args and isinstance(call.args[-1], ast.Constant) and call.args[-1].value is None:
        call.args.pop()
