"""CKAN, Socrata, World Bank, DHIS2, OData, plain JSON, Table Schema and delimited text: pages of records."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.messages import Document, MessageOptions, MessageRefusedError, MessageTable, read_message

BY_COLUMNS: dict[str, Any] = {"records": "data", "columnar": True}


def pages(kind: str, *messages: Any, **options: Any) -> MessageTable:
    documents = [
        Document(f"page-{number}", message if isinstance(message, bytes) else json.dumps(message).encode())
        for number, message in enumerate(messages, start=1)
    ]
    return read_message(kind, documents, MessageOptions(**options))


def ckan_page(records: list[Any], *, offset: int = 0, total: int = 4, **more: Any) -> dict[str, Any]:
    fields = [{"id": "_id", "type": "int"}, {"id": "value", "type": "text"}]
    return {"success": True, "result": {"fields": fields, "records": records, "offset": offset, "total": total, **more}}


def test_ckan_records_shared_by_two_pages_count_once_and_the_gap_shows() -> None:
    first = ckan_page([{"value": "1", "_id": 1}, {"value": "2", "_id": 2}])
    second = ckan_page([{"value": "2", "_id": 2}, {"value": "3", "_id": 3}], offset=2)
    table = pages("ckan", first, second)
    assert table.columns == {"_id": ["1", "2", "3"], "value": ["1", "2", "3"]}
    assert [finding.kind for finding in table.findings] == ["rows_repeated", "rows_missing"]
    assert (table.announced_rows, table.received_rows) == (4, 3)


def test_a_record_that_changed_between_pages_is_refused() -> None:
    with pytest.raises(MessageRefusedError, match="_id=2 came twice with different content"):
        pages("ckan", ckan_page([{"_id": 2, "value": "2"}]), ckan_page([{"_id": 2, "value": "9"}], offset=1))


def test_ckan_lists_estimates_and_failures() -> None:
    assert pages("ckan", ckan_page([[1, "0533"]], total=1)).rows() == [{"_id": "1", "value": "0533"}]
    estimated = pages("ckan", ckan_page([], total=99, total_was_estimated=True))
    assert (estimated.announced_rows, [finding.kind for finding in estimated.findings]) == (None, ["estimated_total"])
    with pytest.raises(MessageRefusedError, match="CKAN reports no success: Not found"):
        pages("ckan", {"success": False, "error": {"message": "Not found"}})


def test_a_total_that_moves_is_reported() -> None:
    table = pages("ckan", ckan_page([{"_id": 1}], total=2), ckan_page([{"_id": 2}], total=3))
    assert [finding.kind for finding in table.findings] == ["unstable_total", "rows_missing"]


def test_socrata_leaves_empty_fields_out() -> None:
    table = pages("socrata", [{"area": "A", "value": "1"}, {"area": "B"}], [{"area": "C", "value": "0"}])
    assert table.columns["value"] == ["1", None, "0"]
    assert table.documents == ["page-1", "page-1", "page-2"]
    with pytest.raises(MessageRefusedError, match="Query timed out"):
        pages("socrata", {"error": True, "message": "Query timed out"})


def test_world_bank_error_and_version_2() -> None:
    record = {
        "indicator": {"id": "SP", "value": "Population"}, "country": {"id": "VN", "value": "Viet Nam"},
        "countryiso3code": "VNM", "date": "2024", "value": 100987686, "unit": "", "obs_status": "", "decimal": 0,
    }  # fmt: skip
    table = pages("world-bank", [{"page": 1, "total": 1, "lastupdated": "2025-07-01"}, [record]])
    assert (table.columns["value"], table.columns["countryiso3code"], table.notes) == (
        ["100987686"],
        ["VNM"],
        ["2025-07-01"],
    )
    message = {"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}
    with pytest.raises(MessageRefusedError, match="Invalid value: The provided parameter value is not valid"):
        pages("world-bank", [{"message": [message]}])


def test_dhis2_values_take_what_they_lack_from_the_head_and_leave_people_out() -> None:
    entry = {"dataElement": "fbfJHSPpUQD", "categoryOptionCombo": "pq2XI5kz2BY", "value": "12", "storedBy": "a.person"}
    message = {
        "dataSet": "pBOMPrpg1QX", "period": "202507", "orgUnit": "DiszpKrYNg8",
        "dataValues": [entry, entry | {"orgUnit": "Other", "value": "0", "deleted": True}],
    }  # fmt: skip
    table = pages("dhis2-values", message)
    assert (table.columns["period"], table.columns["orgUnit"]) == (["202507", "202507"], ["DiszpKrYNg8", "Other"])
    assert (table.columns["value"], table.columns["deleted"]) == (["12", None], [None, "true"])
    assert "storedBy" not in table.columns
    assert [finding.kind for finding in table.findings] == ["personal_data", "deletions"]
    assert pages("dhis2-values", {}).received_rows == 0


def test_dhis2_analytics_has_labels_from_its_metadata() -> None:
    header = [{"name": "dx", "meta": True}, {"name": "ou", "meta": True}, {"name": "value", "meta": False}]
    items = {"a1": {"name": "ANC 1st visit"}, "o1": {"name": "Bo"}}
    message = {"headers": header, "rows": [["a1", "o1", "12.0"]], "metaData": {"items": items}, "height": 2}
    table = pages("dhis2-analytics", message)
    assert table.rows() == [{"dx": "a1", "ou": "o1", "value": "12.0", "dx.label": "ANC 1st visit", "ou.label": "Bo"}]
    assert (table.address(0), [finding.kind for finding in table.findings]) == ("/rows/0/2", ["rows_missing"])
    with pytest.raises(MessageRefusedError, match="2 values where 3 are named"):
        pages("dhis2-analytics", {**message, "rows": [["a1", "o1"]]})


def test_odata_annotations_are_no_columns_and_withdrawn_entries_no_values() -> None:
    message = {
        "@odata.context": "$metadata#Figures", "@odata.count": 1,
        "value": [{"@odata.etag": "x", "Amount@odata.type": "#Decimal", "Amount": 1.10, "Unit": {"Code": "79"}},
                  {"@removed": {"reason": "deleted"}, "id": "2"}],
    }  # fmt: skip
    table = pages("odata", message)
    assert table.rows() == [{"Amount": "1.1", "Unit.Code": "79"}]
    assert (table.address(0, "Unit.Code"), [f.kind for f in table.findings]) == ("/value/0/Unit/Code", ["deletions"])
    with pytest.raises(MessageRefusedError, match="the server reports: Bad filter"):
        pages("odata", {"error": {"code": "400", "message": "Bad filter"}})


def test_records_inside_records_know_what_stands_above_them() -> None:
    message = {"areas": [{"code": "79", "name": "City",
                          "rows": [{"year": 2024, "value": 1}, {"year": 2025, "value": 2}]},
                         {"code": "01", "name": "Capital", "rows": []}]}  # fmt: skip
    table = pages("json", message, records="areas[*].rows")
    assert table.rows()[1] == {"areas.code": "79", "areas.name": "City", "year": "2025", "value": "2"}
    assert table.address(1) == "/areas/0/rows/1/value"
    message = {"areas": [{"geo": {"code": "79", "in": {"id": 1}}, "rows": [{"year": 2024}], "tags": ["x"]}]}
    nested = pages("json", message, records="areas[*].rows")
    assert nested.rows() == [{"areas.geo.code": "79", "areas.geo.in.id": "1", "year": "2024"}]
    by_key = pages("json", {"data": {"79": [{"v": 1}], "0/1": [{"v": 2}]}}, records="/data/*")
    assert (by_key.columns["data.key"], by_key.pointers) == (["79", "0/1"], ["/data/79/0", "/data/0~11/0"])


def test_lists_below_a_line_of_names() -> None:
    table = pages("json", [["NAME", "POP"], ["A", "0012"], ["B", None]], header=True)
    assert table.rows() == [{"NAME": "A", "POP": "0012"}, {"NAME": "B", "POP": None}]
    assert table.address(0, "POP") == "/1/1"


@pytest.mark.parametrize("columns", [["office", "n"], [{"id": "office"}, {"name": "n", "type": "int"}]])
def test_lists_with_their_names_apart(columns: list[Any]) -> None:
    table = pages("json", {"columns": columns, "data": [["01", 12], ["02", None]]}, records="data", columns="columns")
    assert table.rows() == [{"office": "01", "n": "12"}, {"office": "02", "n": None}]
    assert table.address(1, "n") == "/data/1/1"
    with pytest.raises(MessageRefusedError, match="no list of column names"):
        pages("json", {"columns": 3, "data": [["01", 12]]}, records="data", columns="columns")


def test_lists_by_columns_and_what_holds_for_all_of_them() -> None:
    message = b'{"data": {"unit": "h", "series": {"office": ["01", "02"], "n/a": [1.50, null]}}}'
    table = pages("json", message, {"data": {"unit": "h", "series": {"office": ["03"], "n/a": [3]}}}, **BY_COLUMNS)
    assert table.rows()[1] == {"series.office": "02", "series.n/a": None, "unit": "h"}
    assert table.columns["series.n/a"] == ["1.50", None, "3"]
    assert table.address(0, "series.n/a") == "/data/series/n~1a/0"
    assert table.text_at("page-2", "/data/series/n~1a/0") == "3"
    assert pages("json", {"a": [], "b": []}, columnar=True).columns == {"a": [], "b": []}


@pytest.mark.parametrize(
    ("message", "options", "said"),
    [
        ({"data": {"a": [1, 2], "b": [1]}}, BY_COLUMNS, r"differ in length \(a: 2, b: 1\)"),
        ({"data": {"a": [{"b": 1}]}}, BY_COLUMNS, "an object of lists of plain values"),
        ({"data": {"a": 1}}, {**BY_COLUMNS, "records": "rows"}, "an object of lists of plain values"),
        ({"a": [1], "b": [2]}, {}, "columnar: true"),
    ],
)
def test_columns_that_make_no_rows_are_refused(message: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(MessageRefusedError, match=said):
        pages("json", message, **options)


def test_numbers_keep_every_digit_and_texts_stay_texts() -> None:
    raw = b'[{"a": 1.10, "b": 12345678901234567890.123456789, "c": 1E3, "d": "1.10", "e": true, "f": -0, "g": NaN}]'
    assert pages("json", raw).rows() == [
        {
            "a": "1.10",
            "b": "12345678901234567890.123456789",
            "c": "1E3",
            "d": "1.10",
            "e": "true",
            "f": "-0",
            "g": "NaN",
        }
    ]


def test_a_key_with_two_values_is_refused() -> None:
    with pytest.raises(MessageRefusedError, match="value: this key has two different values"):
        pages("json", b'[{"value": 1, "value": 2}]')
    with pytest.raises(MessageRefusedError, match=r"two values belong to column a\.b"):
        pages("json", [{"a.b": 1, "a": {"b": 2}}])


def test_repeats_are_told_by_the_key_that_the_source_declares() -> None:
    first, second = [{"id": 1, "v": 5}, {"id": 2, "v": 5}], [{"id": 2, "v": 5}, {"id": 3, "v": 5}]
    assert pages("json", first, second).received_rows == 4
    assert pages("json", first, second, key=["id"]).columns["id"] == ["1", "2", "3"]
    with pytest.raises(MessageRefusedError, match="a key column is missing: id"):
        pages("json", [{"v": 5}], key=["id"])


def test_table_schema_says_what_the_columns_are() -> None:
    schema = {"fields": [{"name": "index"}, {"name": "area"}, {"name": "value"}], "pandas_version": "1.4.0"}
    message = {"schema": schema, "data": [{"value": 1.50, "area": "A", "index": 0}]}
    assert list(pages("pandas-table", message).columns) == ["index", "area", "value"]
    with pytest.raises(MessageRefusedError, match="the schema does not name the columns more"):
        pages("pandas-table", {"schema": schema, "data": [{"more": 1}]})


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=2,
                         max_size=2), max_size=5))  # fmt: skip
def test_delimited_text_gives_back_every_field(rows: list[list[str]]) -> None:
    import csv
    import io

    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["unit", "value"], *rows])
    table = pages("csv", stream.getvalue().encode(), delimiter=",")
    assert [[row["unit"], row["value"]] for row in table.rows()] == rows


def test_delimited_text_in_all_its_dress() -> None:
    text = 'Đơn vị;Số;Số\n"A;1";1,5;\n\nB;2;0007\n'
    for raw in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        table = pages("csv", raw)
        assert table.columns == {"Đơn vị": ["A;1", "B"], "Số": ["1,5", "2"], "Số_2": ["", "0007"]}
        assert table.address(1, "Số_2") == "C4"
    declared = Document("a", "Größe;n\nx;1\n".encode("cp1252"), media_type="text/csv; charset=windows-1252")
    assert read_message("csv", [declared]).columns == {"Größe": ["x"], "n": ["1"]}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a,b\n1,2\n3\n", "line 3: has 1 fields where the header has 2"),
        (b'a,b\n1,"2\n', "not well-formed delimited text"),
        (b"a,b\n\xff\xfe\x00,1\n", "cannot be decoded as utf-8"),
    ],
)
def test_delimited_text_that_would_shift_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(MessageRefusedError, match=said):
        pages("csv", raw)


def test_pages_of_text_must_have_the_same_columns() -> None:
    with pytest.raises(MessageRefusedError, match="page-2: line 1: has other columns"):
        pages("csv", b"a,b\n1,2\n", b"b,a\n1,2\n")
