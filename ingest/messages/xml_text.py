"""XML read safely with the standard library's expat: a document type definition is refused, so there are no entities.

All attacks by entities (billion laughs, quadratic blow-up, external entities, external subsets) need a document type
definition. It can only stand before the first element, so it is enough to look there before parsing. No statistical
format uses one.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers import expat

from ingest.messages.table import Document, MessageRefusedError

#: Deeper nesting than any statistical message has.
DEEPEST = 100


class _FirstElement(Exception):  # noqa: N818 -- a signal, not an error
    pass


def elements(document: Document) -> Iterator[tuple[str, ET.Element]]:
    """Start and end events of every element, in order; what was read may be cleared to save memory.

    Raises ``MessageRefusedError`` for a document type definition and for anything that is not one whole XML document.
    """
    _refuse_declarations(document)
    depth = 0
    try:
        for event, element in ET.iterparse(BytesIO(document.content), events=("start", "end")):  # noqa: S314
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise MessageRefusedError(
                    document.name, local_name(element), "XML lồng nhau quá sâu.", "the XML is nested too deeply."
                )
            yield event, element
    except ET.ParseError as error:
        raise _not_xml(document, str(error)) from None


def local_name(element: ET.Element) -> str:
    """Name without namespace: SDMX 2.0, 2.1 and 3.0 differ in namespaces, and in little else that matters here."""
    return element.tag.rpartition("}")[2]


def children(element: ET.Element, name: str) -> list[ET.Element]:
    return [child for child in element if local_name(child) == name]


def child(element: ET.Element, name: str) -> ET.Element | None:
    return next((candidate for candidate in element if local_name(candidate) == name), None)


def text(element: ET.Element | None) -> str | None:
    """All text inside, trimmed; None if there is none."""
    found = "".join(element.itertext()).strip() if element is not None else ""
    return found or None


def _refuse_declarations(document: Document) -> None:
    def declared(*_: object) -> None:
        raise MessageRefusedError(
            document.name,
            f"line {parser.CurrentLineNumber}",
            "có khai báo DOCTYPE hoặc ENTITY, không được chấp nhận.",
            "has a DOCTYPE or ENTITY declaration, which is not accepted: entity attacks need one.",
        )

    def begun(*_: object) -> None:
        raise _FirstElement

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        parser.Parse(document.content, True)
    except _FirstElement:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _not_xml(document, str(error)) from None


def _not_xml(document: Document, reason: str) -> MessageRefusedError:
    return MessageRefusedError(
        document.name,
        reason,
        "không phải XML hoàn chỉnh (bị cắt, hoặc là trang báo lỗi?).",
        "is not complete XML (cut off, or an error page?).",
    )
