"""Reading an ISO 20022 file safely.

The file comes from outside: a DTD or an entity is refused before anything is expanded, and nothing
is fetched.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from agreements.banking.statements import NotAStatement

_SPACE = re.compile(
    r"\{urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.[0-9]{3})\.001\.[0-9]{2}\}Document\Z"
)


def read_document(data: bytes, kind: str) -> Element:
    """Return the root of a file of this kind (`camt.053`), any version, names without namespace.

    Raises NotAStatement for what is no such file, is cut short, or has a DTD or entities.
    """
    root = _parsed(data)
    if _kind_of(root) != kind:
        raise NotAStatement("other_document", root.tag.rsplit("}", 1)[0].strip("{")[:80])
    space = root.tag[: root.tag.index("}") + 1]
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag.startswith(space):
            node.tag = node.tag[len(space) :]
    return root


def kind_of(data: bytes) -> str:
    """Return what kind of file this is (`pain.002`); "" for anything that can't be read so."""
    try:
        return _kind_of(_parsed(data))
    except NotAStatement:
        return ""


def _kind_of(root: Element) -> str:
    found = _SPACE.match(root.tag)
    return found[1] if found else ""


def _parsed(data: bytes) -> Element:
    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise NotAStatement("entities") from None
    except (ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (0, 0))[0]
        raise NotAStatement("not_xml", str(line or "")) from None


def text_at(node: Element, path: str) -> str:
    """Return the text at a path below a node; "" where there is none."""
    return (node.findtext(path) or "").strip()
