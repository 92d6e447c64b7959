"""SDMX, JSON-stat and PxWeb: small messages built after the standards, each for one thing it may say."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.messages import Document, MessageOptions, MessageRefusedError, MessageTable, read_message

STRUCTURE = b"""<m:Structure xmlns:m='urn:m' xmlns:c='urn:c'><m:Codelists>
<m:Codelist id='CL_GEO'><m:Code id='79'><c:Name xml:lang='en'>Ho Chi Minh City</c:Name>
<c:Name xml:lang='vi'>Th\xc3\xa0nh ph\xe1\xbb\x91 H\xe1\xbb\x93 Ch\xc3\xad Minh</c:Name></m:Code>
</m:Codelist></m:Codelists>
<m:DataStructure id='DSD'><m:DataStructureComponents><m:DimensionList>
<m:TimeDimension id='TIME_PERIOD' position='2'><m:ConceptIdentity><Ref id='TIME_PERIOD'/></m:ConceptIdentity>
</m:TimeDimension>
<m:Dimension id='GEO' position='1'><m:ConceptIdentity>urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=A:CS(1.0).GEO
</m:ConceptIdentity><m:LocalRepresentation><m:Enumeration>urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:CL_GEO(1.0)
</m:Enumeration></m:LocalRepresentation></m:Dimension></m:DimensionList><m:MeasureList>
<m:PrimaryMeasure id='OBS_VALUE'><m:ConceptIdentity><Ref id='OBS_VALUE'/></m:ConceptIdentity></m:PrimaryMeasure>
</m:MeasureList></m:DataStructureComponents></m:DataStructure></m:Structure>"""


def read(kind: str, content: bytes | str | Any, *more: Document, **options: Any) -> MessageTable:
    if not isinstance(content, bytes | str):
        content = json.dumps(content)
    raw = content if isinstance(content, bytes) else content.encode()
    return read_message(kind, [Document("answer", raw), *more], MessageOptions(**options))


def specific(body: str, attributes: str = "", kind: str = "StructureSpecificData") -> str:
    return f"<m:{kind} xmlns:m='urn:m' xmlns:s='urn:s'><m:DataSet {attributes}>{body}</m:DataSet></m:{kind}>"


def test_structure_specific_series_group_and_data_set_attributes() -> None:
    table = read(
        "sdmx-ml",
        specific(
            "<Group GEO='79' TITLE='City'/>"
            "<Series GEO='79' UNIT='PS'><Obs TIME_PERIOD='2025' OBS_VALUE='1.50'/><Obs TIME_PERIOD='2026'/></Series>"
            "<Series GEO='01' UNIT='PS'><Obs TIME_PERIOD='2025' OBS_VALUE='0' OBS_STATUS='P'/></Series>",
            "s:dataScope='DataStructure' SOURCE='GSO'",
        ),
    )
    both = {"SOURCE": "GSO", "UNIT": "PS"}
    assert table.rows() == [
        {**both, "GEO": "79", "TIME_PERIOD": "2025", "value": "1.50", "OBS_STATUS": None, "TITLE": "City"},
        {**both, "GEO": "79", "TIME_PERIOD": "2026", "value": None, "OBS_STATUS": None, "TITLE": "City"},
        {**both, "GEO": "01", "TIME_PERIOD": "2025", "value": "0", "OBS_STATUS": "P", "TITLE": None},
    ]
    assert table.address(1) == "/StructureSpecificData/DataSet[1]/Series[1]/Obs[2]/@OBS_VALUE"


def test_flat_observations_with_labels_in_the_language_asked_for() -> None:
    table = read(
        "sdmx-ml",
        specific("<Obs TIME_PERIOD='2025' OBS_VALUE='7' GEO='79'/>"),
        Document("structure", STRUCTURE, role="structure"),
        language="vi",
    )
    assert table.rows() == [{"GEO": "79", "GEO.label": "Thành phố Hồ Chí Minh", "TIME_PERIOD": "2025", "value": "7"}]
    assert list(table.columns) == ["GEO", "GEO.label", "TIME_PERIOD", "value"]


def test_generic_flat_with_key_of_its_own() -> None:
    table = read(
        "sdmx-ml",
        specific(
            "<g:Obs xmlns:g='urn:g'><g:ObsKey><g:Value id='GEO' value='79'/><g:Value id='TIME_PERIOD' value='2025-Q1'/>"
            "</g:ObsKey><g:ObsValue value='12345678901234567.890'/><g:Attributes><g:Value id='OBS_STATUS' value='E'/>"
            "</g:Attributes></g:Obs>",
            kind="GenericData",
        ),
    )
    assert table.rows() == [
        {"GEO": "79", "TIME_PERIOD": "2025-Q1", "value": "12345678901234567.890", "OBS_STATUS": "E"}
    ]


def test_several_values_and_several_measures_of_version_3() -> None:
    table = read(
        "sdmx-ml",
        specific(
            "<Obs GEO='79' TIME_PERIOD='2025' RECEIVED='10' SOLVED='9'><Comp id='SRC'><Value>a</Value><Value>b</Value>"
            "</Comp><Comp id='ONE'><Value>c</Value></Comp></Obs>"
        ),
    )
    assert table.rows() == [
        {"GEO": "79", "TIME_PERIOD": "2025", "RECEIVED": "10", "SOLVED": "9", "SRC": '["a", "b"]', "ONE": "c"}
    ]


def test_a_measure_that_only_the_type_names_is_not_lost() -> None:
    message = (
        "<m:StructureSpecificData xmlns:m='urn:m' xmlns:s='urn:s' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
        "<m:Header><m:Structure structureID='X' dimensionAtObservation='DEMO' explicitMeasures='true'/></m:Header>"
        "<m:DataSet s:structureRef='X'><Series GEO='VN' TIME_PERIOD='2025'><Obs xsi:type='d:BIRTHS' OBS_VALUE='2'/>"
        "<Obs xsi:type='d:DEATHS' OBS_VALUE='1'/></Series></m:DataSet></m:StructureSpecificData>"
    )
    assert [(row["DEMO"], row["value"]) for row in read("sdmx-ml", message).rows()] == [
        ("BIRTHS", "2"),
        ("DEATHS", "1"),
    ]


def test_a_withdrawal_is_reported_and_marked() -> None:
    table = read("sdmx-ml", specific("<Obs GEO='79' TIME_PERIOD='2025'/>", "s:action='Delete'"))
    assert table.columns["action"] == ["Delete"]
    assert [finding.kind for finding in table.findings] == ["deletions"]


def test_no_results_is_an_empty_answer_and_other_errors_are_refused() -> None:
    error = "<m:Error xmlns:m='urn:m'><m:ErrorMessage code='{}'><Text>{}</Text></m:ErrorMessage></m:Error>"
    assert read("sdmx-ml", error.format(100, "No results found")).received_rows == 0
    with pytest.raises(MessageRefusedError, match="error 150: Syntax error"):
        read("sdmx-ml", error.format(150, "Syntax error"))


def test_a_key_without_one_of_its_dimensions_is_refused() -> None:
    with pytest.raises(MessageRefusedError, match=r"Obs\[1\]: the observation's key lacks GEO"):
        read("sdmx-ml", specific("<Obs TIME_PERIOD='2025' OBS_VALUE='7'/>"), Document("s", STRUCTURE, role="structure"))


def test_a_code_that_its_list_does_not_have_is_reported() -> None:
    table = read(
        "sdmx-ml",
        specific("<Obs GEO='99' TIME_PERIOD='2025' OBS_VALUE='7'/>"),
        Document("s", STRUCTURE, role="structure"),
    )
    assert [(finding.kind, finding.message_en) for finding in table.findings] == [
        ("unknown_code", "GEO: code «99» is not in its code list.")
    ]


def sdmx_json(version: int) -> dict[str, Any]:
    structure = {
        "dimensions": {
            "dataSet": [{"id": "FREQ", "values": [{"id": "A", "name": "Annual"}]}],
            "series": [
                {"id": "GEO", "values": [{"id": "79", "names": {"en": "City", "vi": "Thành phố"}}, {"id": "01"}]}
            ],
            "observation": [{"id": "TIME_PERIOD", "values": [{"id": "2024"}, {"id": "2025"}]}],
        },
        "attributes": {
            "dataSet": [],
            "series": [{"id": "UNIT", "values": [{"id": "PS", "name": "Persons"}]}],
            "observation": [{"id": "OBS_STATUS", "values": [{"id": "A", "name": "Normal"}, {"id": "P"}]}],
        },
    }
    series = {
        "0": {"attributes": [0], "observations": {"0": [1.50, 0], "1": [None, 1]}},
        "1": {"attributes": [None], "observations": {"1": [0]}},
    }
    data: dict[str, Any] = {"dataSets": [{"action": "Information", "series": series}]}
    if version == 1:
        return {**data, "structure": structure}
    return {"meta": {}, "data": {**data, "structures": [structure]}}


@pytest.mark.parametrize("version", [1, 2])
def test_sdmx_json_positions_become_codes_and_labels(version: int) -> None:
    table = read("sdmx-json", sdmx_json(version), language="vi")
    fixed = {"FREQ": "A", "FREQ.label": "Annual"}
    city = {"GEO": "79", "GEO.label": "Thành phố", "UNIT": "PS", "UNIT.label": "Persons"}
    other = {"GEO": "01", "GEO.label": None, "UNIT": None, "UNIT.label": None}
    status = {"OBS_STATUS": None, "OBS_STATUS.label": None}
    assert table.rows() == [
        fixed | city | {"TIME_PERIOD": "2024", "value": "1.5", "OBS_STATUS": "A", "OBS_STATUS.label": "Normal"},
        fixed | city | {"TIME_PERIOD": "2025", "value": None, "OBS_STATUS": "P", "OBS_STATUS.label": None},
        fixed | other | {"TIME_PERIOD": "2025", "value": "0"} | status,
    ]
    prefix = "/data" if version == 2 else ""
    assert table.address(0) == f"{prefix}/dataSets/0/series/0/observations/0/0"


def test_sdmx_json_several_measures_and_attributes_of_a_group() -> None:
    message = sdmx_json(2)
    structure, data_set = message["data"]["structures"][0], message["data"]["dataSets"][0]
    structure["measures"] = {"observation": [{"id": "RECEIVED"}, {"id": "SOLVED"}]}
    structure["attributes"]["dimensionGroup"] = [{"id": "SOURCE"}]
    data_set["dimensionGroupAttributes"] = {":0:": ["Register"]}
    data_set["series"]["0"]["observations"] = {"0": [10, 9, 0]}
    rows = read("sdmx-json", message).rows()
    assert [(row["RECEIVED"], row["SOLVED"], row["SOURCE"]) for row in rows] == [
        ("10", "9", "Register"), ("0", None, None)
    ]  # fmt: skip


def test_sdmx_json_attributes_that_no_observation_has_may_have_no_position() -> None:
    message = sdmx_json(1)
    status = message["structure"]["attributes"]["observation"]
    status.insert(0, {"id": "TIME_FORMAT", "name": "Time format", "values": []})
    left_out = read("sdmx-json", message)
    assert (left_out.columns["OBS_STATUS"], "TIME_FORMAT" in left_out.columns) == (["A", "P", None], False)
    message["dataSets"][0]["series"]["0"]["observations"] = {"0": [1.5, None, 0], "1": [None, None, 1]}
    assert read("sdmx-json", message).columns["OBS_STATUS"] == ["A", "P", None]


@pytest.mark.parametrize(
    ("series", "said"),
    [
        ({"7": {"observations": {"0": [1]}}}, "GEO has no value at position 7"),
        ({"0:0": {"observations": {"0": [1]}}}, "2 positions for 1 dimensions"),
        ({"0": {"observations": {"0": [1, 0, 0, 0]}}}, "more items than the structure names"),
    ],
)
def test_sdmx_json_that_contradicts_its_structure_is_refused(series: dict[str, Any], said: str) -> None:
    message = sdmx_json(1)
    message["dataSets"][0]["series"] = series
    with pytest.raises(MessageRefusedError, match=said):
        read("sdmx-json", message)


def test_sdmx_csv_1_and_2_with_codes_and_labels_in_one_cell() -> None:
    first = (
        "DATAFLOW,FREQ: Frequency,GEO: Area,TIME_PERIOD: Time,OBS_VALUE: Value\nX,A: Annual,79: City: old,2025,1.50\n"
    )
    table = read("sdmx-csv", first)
    assert table.rows()[0] == {
        "DATAFLOW": "X", "FREQ": "A", "FREQ.label": "Annual", "GEO": "79", "GEO.label": "City: old",
        "TIME_PERIOD": "2025", "TIME_PERIOD.label": None, "value": "1.50",
    }  # fmt: skip
    assert table.address(0) == "E2"
    second = (
        "STRUCTURE[|];STRUCTURE_ID;ACTION;GEO;TIME_PERIOD;OBS_VALUE;SRC[]\ndataflow;A:X(1.0);I;79;2025;0;a|b\n"
        "dataflow;A:X(1.0);D;79;2024;;\n"
    )
    table = read("sdmx-csv", second, Document("s", STRUCTURE, role="structure"))
    assert (table.columns["value"], table.columns["GEO.label"][0]) == (["0", ""], "Ho Chi Minh City")
    assert [finding.kind for finding in table.findings] == ["deletions"]


def cube(sizes: list[int], **more: Any) -> dict[str, Any]:
    names = [f"d{number}" for number in range(len(sizes))]
    dimension = {
        name: {"category": {"index": {f"{name}-{i}": i for i in range(size)}}}
        for name, size in zip(names, sizes, strict=True)
    }
    return {"class": "dataset", "version": "2.0", "id": names, "size": sizes, "dimension": dimension, **more}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.data())
def test_every_value_of_a_cube_stands_at_its_own_codes(sizes: list[int], data: st.DataObject) -> None:
    codes = list(product(*([f"d{n}-{i}" for i in range(size)] for n, size in enumerate(sizes))))
    values = data.draw(
        st.lists(st.none() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False).map(float),
                 min_size=len(codes), max_size=len(codes))
    )  # fmt: skip
    dense = read("json-stat", cube(sizes, value=values))
    assert list(zip(*(dense.columns[f"d{n}"] for n in range(len(sizes))), strict=True)) == codes
    assert dense.columns["value"] == [None if value is None else json.dumps(value) for value in values]
    given_only = {str(position): value for position, value in enumerate(values) if value is not None}
    sparse = read("json-stat", cube(sizes, value=given_only))
    assert sparse.rows() == [row for row in dense.rows() if row["value"] is not None]


def test_json_stat_status_unit_labels_and_lists() -> None:
    message = {
        "class": "dataset", "id": ["what", "when"], "size": [2, 1], "value": [1, None], "status": {"1": "c"},
        "dimension": {
            "what": {"category": {"index": ["a", "b"], "label": {"a": "A", "b": "B"},
                                  "unit": {"a": {"label": "persons", "decimals": 0, "multiplier": 3}}}},
            "when": {"category": {"label": {"2025": "Year 2025"}}},
        },
    }  # fmt: skip
    assert read("json-stat", message).rows() == [
        {"what": "a", "what.label": "A", "when": "2025", "when.label": "Year 2025", "value": "1", "unit": "persons",
         "unit.decimals": "0", "unit.multiplier": "3", "status": None},
        {"what": "b", "what.label": "B", "when": "2025", "when.label": "Year 2025", "value": None, "unit": None,
         "unit.decimals": None, "unit.multiplier": None, "status": "c"},
    ]  # fmt: skip


def test_json_stat_bundle_and_collection_keep_datasets_apart() -> None:
    one, two = cube([1], value=[1], label="One"), cube([1], value=[2], label="Two")
    bundle = read("json-stat", {"first": one, "second": two})
    assert bundle.columns["dataset"] == ["first", "second"]
    assert bundle.pointers == ["/first/value/0", "/second/value/0"]
    collection = read("json-stat", {"class": "collection", "link": {"item": [one, two]}})
    assert collection.columns["dataset"] == ["One", "Two"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"value": [1, 2, 3]}, "has 3 values where the dimensions need 2"),
        ({"value": {"5": 1}}, "stands outside the cube"),
        ({"value": [1, 2], "size": [3]}, "2 categories where size says 3"),
        ({"value": [1, 2], "dimension": {"d0": {"category": {"index": {"a": 0, "b": 0}}}}}, "repeat or leave gaps"),
        ({}, "there are no values"),
        ({"value": [1, 2], "size": [2, 2]}, "id and size do not go together"),
    ],
)
def test_a_cube_that_does_not_add_up_is_refused(broken: dict[str, Any], said: str) -> None:
    with pytest.raises(MessageRefusedError, match=said):
        read("json-stat", cube([2]) | broken)


def test_pxweb_own_json_gives_a_row_for_each_figure() -> None:
    message = {
        "columns": [{"code": "Kommun", "text": "municipality", "type": "d"},
                    {"code": "Tid", "text": "year", "type": "t"},
                    {"code": "N1", "text": "births", "type": "c"}, {"code": "N2", "text": "deaths", "type": "c"}],
        "comments": [{"variable": "Tid", "value": "2025", "comment": "Preliminary"}],
        "data": [{"key": ["0114", "2025"], "values": ["12", ".."]}],
    }  # fmt: skip
    table = read("pxweb", message)
    place = {"Kommun": "0114", "Tid": "2025"}
    assert table.rows() == [
        {**place, "ContentsCode": "N1", "ContentsCode.label": "births", "value": "12"},
        {**place, "ContentsCode": "N2", "ContentsCode.label": "deaths", "value": ".."},
    ]
    assert (table.pointers, table.notes) == (["/data/0/values/0", "/data/0/values/1"], ["Preliminary"])
