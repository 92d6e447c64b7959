"""Messages that mean harm, or nothing: refused with a reason in both languages, never a crash, a hang or a guess."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.messages import FORMATS, Document, MessageRefusedError, read_message

LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
DATA = "<m:StructureSpecificData xmlns:m='urn:m'><m:DataSet><Obs OBS_VALUE='{}'/></m:DataSet></m:StructureSpecificData>"


@pytest.mark.parametrize(
    "declaration",
    [
        f"<!DOCTYPE x [<!ENTITY l0 'ha'>{LAUGHS}]>",
        "<!DOCTYPE x [<!ENTITY l9 SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]>",
    ],
    ids=["billion_laughs", "external_entity", "external_subset", "parameter_entity"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_declarations_is_refused(declaration: str, encoding: str) -> None:
    raw = f"<?xml version='1.0' encoding='{encoding}'?>{declaration}{DATA.format('&l9;')}".encode(encoding)
    with pytest.raises(MessageRefusedError, match="DOCTYPE or ENTITY") as caught:
        read_message("sdmx-ml", [Document("hostile.xml", raw)])
    assert "không được chấp nhận" in caught.value.message_vi


@pytest.mark.parametrize(
    ("kind", "raw", "said"),
    [
        ("sdmx-ml", DATA.format(1)[:-30].encode(), "is not complete XML"),
        ("sdmx-ml", b"<a>" * 1000 + b"</a>" * 1000, "nested too deeply|no SDMX-ML"),
        ("sdmx-ml", b"<m:StructureSpecificData xmlns:m='u'>" + b"<a>" * 1000, "nested too deeply"),
        ("sdmx-ml", b"<html><body>Maintenance</body></html>", "no SDMX-ML data message"),
        ("sdmx-ml", b"", "is not complete XML"),
        ("json", b"[" * 100_000, "nested too deeply"),
        ("json", b'[{"a": 1}', "line 1, column 10: is not complete JSON"),
        ("json", b"\x00\x01\x02", "is not complete JSON"),
        ("json", b"", "is not complete JSON"),
        ("json-stat", b'{"dimension": 3, "value": [1]}', "is not built as json-stat"),
        ("csv", b'"' + b"a" * 2_000_000, "well-formed delimited text"),
    ],
)
def test_what_is_not_whole_or_not_its_kind_is_refused(kind: str, raw: bytes, said: str) -> None:
    with pytest.raises(MessageRefusedError, match=said):
        read_message(kind, [Document("answer", raw)])


def test_a_cube_larger_than_its_message_takes_no_room() -> None:
    size = [1000] * 6
    dimension = {f"d{n}": {"category": {"index": [str(i) for i in range(1000)]}} for n in range(6)}
    message = {"id": list(dimension), "size": size, "dimension": dimension, "value": {"0": 1}}
    table = read_message("json-stat", [Document("answer", json.dumps(message).encode())])
    assert table.received_rows == 1
    assert [finding.kind for finding in table.findings] == ["sparse"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["value", "dimension", "id", "size", "result", "success", "records", "fields", "dataSets",
                         "structure", "headers", "rows", "data", "schema", "columns", "key", "series", "observations"])
        | st.text(max_size=3), inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ANY_JSON)
def test_any_json_is_read_or_refused(message: Any) -> None:
    for name, message_format in FORMATS.items():
        if message_format.syntax == "json":
            try:
                table = read_message(name, [Document("answer", json.dumps(message).encode())])
            except MessageRefusedError:
                continue
            assert all(len(column) == table.received_rows for column in table.columns.values())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for name in FORMATS:
        try:
            table = read_message(name, [Document("answer", raw)])
        except MessageRefusedError:
            continue
        assert all(len(column) == table.received_rows for column in table.columns.values())


GENERIC = b"""<?xml version='1.0'?><m:GenericData xmlns:m="urn:m" xmlns:g="urn:g"><m:Header><m:ID>x</m:ID></m:Header>
<m:DataSet><g:Series><g:SeriesKey><g:Value id="GEO" value="VN"/></g:SeriesKey><g:Obs><g:ObsDimension value="2024"/>
<g:ObsValue value="1.5"/></g:Obs></g:Series></m:DataSet></m:GenericData>"""
STATISTICAL = json.dumps({
    "version": "2.0", "class": "dataset", "id": ["geo", "time"], "size": [1, 2], "value": [1, None],
    "dimension": {"geo": {"category": {"index": ["VN"]}}, "time": {"category": {"index": {"2023": 0, "2024": 1}}}},
}).encode()  # fmt: skip
RECORDS = (
    b'{"success": true, "result": {"total": 2, "records": [{"a": 1, "b": "x"}, {"a": 2}], "fields": [{"id": "a"}]}}'
)
SOUND = {"sdmx-ml": (GENERIC, DATA.format(1).encode()), "json": (STATISTICAL, RECORDS), "csv": (b"a,b\n1,2\n",)}
PIECES = [b"", b"<", b">", b'"', b"\x00", b"{", b"]", b"null", b"1e999", b"\xff", b"<g:Obs>", b"&a;", b"-1", b"\n"]


@settings(max_examples=150, deadline=5000)
@given(st.sampled_from(sorted(SOUND)), st.data())
def test_a_sound_message_broken_anywhere_is_read_or_refused(syntax: str, data: Any) -> None:
    raw = data.draw(st.sampled_from(SOUND[syntax]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        cut = data.draw(st.integers(0, 12))
        raw = raw[:at] + data.draw(st.sampled_from(PIECES)) + raw[at + cut :]
    for name in FORMATS:
        try:
            table = read_message(name, [Document("answer", raw)])
        except MessageRefusedError:
            continue
        assert all(len(column) == table.received_rows for column in table.columns.values())
