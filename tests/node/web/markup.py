"""A strict reader of our pages: what a browser would silently mend, and what a person with a screen reader would miss.

    faults(html) -> sentences, none for a sound page

Looks at nesting and closing of elements, ids, labels, references, headings, languages, and at what the security policy
would refuse. The rules are those of HTML's own "content models" and "parse errors" that concern the elements we use.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
FIELDS = frozenset({"input", "select", "textarea"})
UNLABELLED = frozenset({"hidden", "submit", "button", "reset", "image"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NOT_IN_PHRASES = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav "
    "ol p pre section table ul".split()
)
PHRASES = frozenset("p h1 h2 h3 h4 h5 h6 span strong em b i small code label button legend abbr cite q time".split())
INTERACTIVE = frozenset("a button select textarea label".split())
PARENTS = {
    "li": {"ul", "ol", "menu"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "option": {"select", "optgroup", "datalist"},
    "legend": {"fieldset"},
    "summary": {"details"},
    "caption": {"table"},
}
CHILDREN = {
    "ul": {"li", "template", "script"},
    "ol": {"li", "template", "script"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
}
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "list", "form", "headers")
RUNS = ("href", "src", "action", "formaction")


@dataclass
class Element:
    """One element of the page; `text` is all text below it, `children` the elements right below it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None"
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def __str__(self) -> str:
        name = self.attributes.get("id") or self.attributes.get("name") or self.attributes.get("class", "")
        return f"<{self.tag}{' ' + name if name else ''}> in line {self.line}"

    def above(self) -> Iterator["Element"]:
        """Its parent, its parent's parent, and so on."""
        here = self.parent
        while here is not None:
            yield here
            here = here.parent


class Reader(HTMLParser):
    """Elements in the order of the page, and what is wrong with their form."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.wrong: list[str] = []
        self.doctype = ""
        self._open: list[Element] = []

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self._open[-1] if self._open else None
        element = Element(tag, {name: value or "" for name, value in attrs}, parent, self.getpos()[0])
        twice = [name for name, count in Counter(name for name, _value in attrs).items() if count > 1]
        self.wrong += [f"{element}: the attribute {name} stands twice" for name in twice]
        self.elements.append(element)
        if parent is not None:
            parent.children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        drawn = any(above.tag == "svg" for above in self.elements[-1].above())
        if tag not in VOID:
            self._open.pop()
            if not drawn:
                self.wrong.append(f"{self.elements[-1]}: only void elements close themselves")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
            return
        self.wrong.append(f"</{tag}> in line {self.getpos()[0]} closes {self._open[-1] if self._open else 'nothing'}")
        if any(element.tag == tag for element in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def close(self) -> None:
        super().close()
        self.wrong += [f"{element} is never closed" for element in self._open]


def read(page: str) -> Reader:
    """The page, read to its end."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def faults(page: str, *, part: bool = False) -> list[str]:
    """Everything that is wrong with a page, or with a `part` that a script puts into one."""
    reader = read(page)
    elements = reader.elements
    found = [*reader.wrong, *_nesting(elements), *_names(elements, part), *_labels(elements), *_policy(elements)]
    return found if part else [*found, *_document(reader), *_headings(elements)]


def _document(reader: Reader) -> Iterator[str]:
    elements = reader.elements
    if reader.doctype.lower() != "doctype html":
        yield "no doctype"
    root = elements[0]
    if root.tag != "html" or root.attributes.get("lang", "") not in ("fr", "en"):
        yield "the page has no language"
    for tag in ("title", "main", "h1"):
        count = sum(element.tag == tag for element in elements)
        if count != 1:
            yield f"{count} <{tag}>"
    if not any(element.tag == "title" and element.text.strip() for element in elements):
        yield "the title is empty"


def _headings(elements: Sequence[Element]) -> Iterator[str]:
    last = 0
    for element in elements:
        if element.tag in HEADINGS:
            level = int(element.tag[1])
            if level > last + 1:
                yield f"{element}: a heading of level {level} comes after one of level {last}"
            if not element.text.strip():
                yield f"{element}: an empty heading"
            last = level


def _nesting(elements: Sequence[Element]) -> Iterator[str]:
    for element in elements:
        parent = element.parent
        above = [one.tag for one in element.above()]
        if "svg" in above:
            continue
        if element.tag in NOT_IN_PHRASES:
            holders = [one for one in element.above() if one.tag in PHRASES]
            if holders:
                yield f"{element} cannot be in {holders[0]}"
        if element.tag == "form" and "form" in above:
            yield f"{element}: a form in a form"
        if element.tag in ("a", "button") and {"a", "button"} & set(above):
            yield f"{element}: something to press in something to press"
        if parent is not None and parent.tag in CHILDREN and element.tag not in CHILDREN[parent.tag]:
            yield f"{element} cannot be right in {parent}"
        if parent is not None and element.tag in PARENTS and parent.tag not in PARENTS[element.tag]:
            yield f"{element} cannot be right in {parent}"


def _names(elements: Sequence[Element], part: bool) -> Iterator[str]:
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    for name, count in Counter(ids).items():
        if count > 1:
            yield f"the id {name!r} stands {count} times"
        if not name or " " in name:
            yield f"the id {name!r} is no name"
    if part:
        return
    for element in elements:
        for attribute in REFERENCES:
            for name in element.attributes.get(attribute, "").split():
                if name not in ids:
                    yield f"{element}: {attribute} names {name!r}, which is not there"
        target = element.attributes.get("href", "")
        if element.tag == "a" and target.startswith("#") and target[1:] not in ids:
            yield f"{element}: the link leads to {target}, which is not there"


def _labels(elements: Sequence[Element]) -> Iterator[str]:
    named = {element.attributes.get("for") for element in elements if element.tag == "label" and element.text.strip()}
    for element in elements:
        given = element.attributes
        if given.get("aria-hidden") == "true":
            continue
        said = bool(given.get("aria-label", "").strip() or given.get("aria-labelledby"))
        if element.tag in FIELDS and given.get("type", "text") not in UNLABELLED:
            within = any(above.tag == "label" for above in element.above())
            if not (said or within or (given.get("id") and given["id"] in named)):
                yield f"{element} has no label"
            if not given.get("name") and "disabled" not in given:
                yield f"{element} has no name"
        if element.tag == "img" and "alt" not in given:
            yield f"{element} has no alt"
        if element.tag in ("button", "a") and not (said or element.text.strip() or _image_speaks(element)):
            yield f"{element} says nothing"
        if element.tag == "th" and "scope" not in given:
            yield f"{element} has no scope"
        if element.tag == "table" and not (said or any(one.tag == "caption" for one in element.children)):
            yield f"{element} has no caption"
        if element.tag == "fieldset" and not (said or any(one.tag == "legend" for one in element.children)):
            yield f"{element} has no legend"


def _image_speaks(element: Element) -> bool:
    return any(
        (child.tag == "img" and child.attributes.get("alt"))
        or child.attributes.get("aria-label")
        or _image_speaks(child)
        for child in element.children
    )


def _policy(elements: Sequence[Element]) -> Iterator[str]:
    for element in elements:
        given = element.attributes
        if element.tag == "style" or "style" in given:
            yield f"{element}: a style within the page"
        if element.tag == "script" and (element.text.strip() or "src" not in given):
            yield f"{element}: a script within the page"
        for name in given:
            if name.startswith("on"):
                yield f"{element}: {name} within the page"
        for name in RUNS:
            target = given.get(name, "").strip().lower()
            if target.startswith(("javascript:", "data:")) or (
                target.startswith(("http:", "//")) and element.tag != "a"
            ):
                yield f"{element}: {name} leads to {target[:40]}"
