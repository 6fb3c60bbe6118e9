"""Hypothesis strategies for wire structs, built from their own schemas: whatever a peer could legally send."""

from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from protocol.messages.offers import Site
from protocol.messages.sheets import Sheet

# A list of these names each once; a release is sorted by it as well.
_UNIQUE: dict[type[msgspec.Struct], Callable[[Any], str]] = {
    Site: lambda site: str(site.site),
    Sheet: lambda sheet: str(sheet.occupation),
}
_LONGEST = 5


def values_of(struct: type[msgspec.Struct]) -> st.SearchStrategy[msgspec.Struct]:
    """Well-formed values of a wire struct."""
    return _strategy(inspect.type_info(struct))


def _strategy(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType():
            return st.builds(kind.cls, **{field.name: _strategy(field.type) for field in kind.fields})
        case inspect.ListType():
            return _list(kind)
        case inspect.IntType():
            return st.integers(kind.ge, kind.le)
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.EnumType():
            return st.sampled_from(list(kind.cls))
        case inspect.StrType() if kind.pattern is not None:
            most = kind.max_length or 1000
            return st.from_regex(kind.pattern).filter(lambda text: len(text) <= most)
        case inspect.StrType():
            return st.text(st.characters(exclude_categories=["Cs"]), max_size=kind.max_length)
    raise TypeError(f"the wire has no {kind}")


def _list(kind: inspect.ListType) -> st.SearchStrategy[list[Any]]:
    item, least, most = _strategy(kind.item_type), kind.min_length or 0, min(kind.max_length or 0, _LONGEST)
    if isinstance(kind.item_type, inspect.StructType):
        key = _UNIQUE.get(kind.item_type.cls)
        if key is None:
            return st.lists(item, min_size=least, max_size=most)
        return st.lists(item, min_size=least, max_size=most, unique_by=key).map(lambda found: sorted(found, key=key))
    # Strings and words: sorted and without repetition, which sheets demand and others do not mind.
    return st.lists(item, min_size=least, max_size=most, unique=True).map(sorted)
