"""Every kind of paging brings every record once, whatever the server's habits; over real HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.fetch import FetchError, FetchSpec, fetch_source, read_answer
from ingest.landing import receipts

RECORDS = [{"unit": f"U{number:03d}", "period": "2025", "value": f"{number}.50"} for number in range(23)]
QUICK = {"backoff_seconds": 0.01, "attempts": 3, "total_seconds": 20}


def fetched(tmp_path: Path, **spec: Any) -> Any:
    receipt = fetch_source(
        "demo", FetchSpec(limits=spec.pop("limits", QUICK), **spec), tmp_path / "landed", tmp_path / "s.json"
    )
    assert receipt is not None
    return read_answer(tmp_path / "landed", receipt.file_sha256)


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def ckan(server: Any, reply: Any, *, most: int) -> None:
    def answer(asked: Any) -> Any:
        offset, limit = int(asked.one("offset", "0")), min(most, int(asked.one("limit", "100")))
        records = [{"_id": i + 1, **r} for i, r in enumerate(RECORDS)][offset : offset + limit]
        following = f"/api/action/datastore_search?offset={offset + limit}"
        fields = [{"id": name, "type": "text"} for name in ("_id", "unit", "period", "value")]
        result = {"fields": fields, "records": records, "offset": offset, "total": 23, "_links": {"next": following}}
        return reply(as_json({"success": True, "result": result}))

    server.answer = answer


@pytest.mark.parametrize("most", [5, 23, 1000])
def test_ckan_stops_at_the_count_although_a_next_link_is_always_there(
    server: Any, reply: Any, tmp_path: Path, most: int
) -> None:
    ckan(server, reply, most=most)
    table = fetched(tmp_path, api="ckan", url=f"{server.url}/api/3/action/datastore_search?resource_id=x")
    assert table.columns["unit"] == [record["unit"] for record in RECORDS]
    assert (table.announced_rows, table.findings) == (23, [])
    assert len(server.asked) == -(-23 // most)
    assert all(asked.one("resource_id") == "x" for asked in server.asked)


def test_world_bank_gives_fewer_a_page_than_asked_for(server: Any, reply: Any, tmp_path: Path) -> None:
    def answer(asked: Any) -> Any:
        page = int(asked.one("page"))
        rows = [
            {"indicator": {"id": "SP", "value": "Population"}, "country": {"id": r["unit"], "value": r["unit"]},
             "date": r["period"], "value": r["value"]}
            for r in RECORDS[(page - 1) * 10 : page * 10]
        ]  # fmt: skip
        return reply(as_json([{"page": page, "pages": 3, "per_page": "10", "total": 23}, rows or None]))

    server.answer = answer
    table = fetched(tmp_path, api="world-bank", url=f"{server.url}/v2/country/all/indicator/SP")
    assert table.columns["country"] == [record["unit"] for record in RECORDS]
    assert len(server.asked) == 3
    assert server.asked[0].one("per_page") == "1000"


def test_socrata_without_a_total_stops_at_the_empty_page(server: Any, reply: Any, tmp_path: Path) -> None:
    def answer(asked: Any) -> Any:
        offset = int(asked.one("$offset"))
        return reply(as_json(RECORDS[offset : offset + min(10, int(asked.one("$limit")))]))

    server.answer = answer
    table = fetched(tmp_path, api="socrata", url=f"{server.url}/resource/abcd-1234.json", parameters={"$order": ":id"})
    assert table.columns["value"] == [record["value"] for record in RECORDS]
    assert [asked.one("$offset") for asked in server.asked] == ["0", "10", "20", "23"]


def test_odata_follows_its_next_link(server: Any, reply: Any, tmp_path: Path) -> None:
    def answer(asked: Any) -> Any:
        skip = int(asked.one("$skiptoken", "0"))
        message: dict[str, Any] = {"@odata.count": 23, "value": RECORDS[skip : skip + 9]}
        if skip + 9 < 23:
            message["@odata.nextLink"] = f"{server.url}/Figures?$skiptoken={skip + 9}"
        return reply(as_json(message))

    server.answer = answer
    table = fetched(tmp_path, api="odata", url=f"{server.url}/Figures")
    assert table.columns["unit"] == [record["unit"] for record in RECORDS]


def test_the_next_link_of_the_http_header(server: Any, reply: Any, tmp_path: Path) -> None:
    def answer(asked: Any) -> Any:
        page = int(asked.one("page", "1"))
        link = {} if page == 3 else {"Link": f'</r?page=1>; rel="first", </r?page={page + 1}>; rel="next"'}
        return reply(as_json({"items": RECORDS[(page - 1) * 8 : page * 8]}), headers=link)

    server.answer = answer
    table = fetched(
        tmp_path, api="json", url=f"{server.url}/r", message={"records": "/items"}, paging={"by": "next_link"}
    )
    assert table.columns["unit"] == [record["unit"] for record in RECORDS]


@pytest.mark.parametrize("by", ["cursor", "resumption"])
def test_a_mark_is_sent_back(server: Any, reply: Any, tmp_path: Path, by: str) -> None:
    def answer(asked: Any) -> Any:
        start = int(asked.one("after", "0"))
        following = str(start + 7) if start + 7 < 23 else None
        return reply(as_json({"data": {"rows": RECORDS[start : start + 7], "next": following, "more": True}}))

    server.answer = answer
    table = fetched(
        tmp_path, api="json", url=f"{server.url}/q", parameters={"year": 2025}, message={"records": "data.rows"},
        paging={"by": by, "parameter": "after", "path": "data.next", "more": "data.more"},
    )  # fmt: skip
    assert table.columns["unit"] == [record["unit"] for record in RECORDS]
    assert [asked.one("year") for asked in server.asked] == ["2025", *["2025" if by == "cursor" else ""] * 3]


def test_each_asks_once_for_each_value_and_counts_each_by_itself(server: Any, reply: Any, tmp_path: Path) -> None:
    def answer(asked: Any) -> Any:
        code = asked.path.rpartition("/")[2]
        total = 3 if code == "A" else 2
        rows = [{"code": code, "period": str(2020 + i), "value": i} for i in range(2)]
        return reply(as_json({"rows": rows, "total": total}))

    server.answer = answer
    table = fetched(
        tmp_path, api="json", url=f"{server.url}/data/{{code}}", each={"code": ["A", "B"]},
        message={"records": "/rows", "total": "/total"},
    )  # fmt: skip
    assert table.columns["code"] == ["A", "A", "B", "B"]
    assert [finding.message_en for finding in table.findings] == [
        "code=A: the server announced 3 records, 2 were received."
    ]


def test_a_server_that_ignores_the_page_is_found_out(server: Any, reply: Any, tmp_path: Path) -> None:
    server.answer = lambda asked: reply(as_json({"rows": RECORDS[:5]}))
    with pytest.raises(FetchError, match="does not advance") as caught:
        fetched(tmp_path, api="json", url=f"{server.url}/r", message={"records": "/rows"}, paging={"by": "page"})
    assert caught.value.kind == "paging"
    assert "không tiến" in caught.value.message_vi
    assert receipts(tmp_path / "landed", "demo") == []


def test_endless_pages_end_at_the_limit(server: Any, reply: Any, tmp_path: Path) -> None:
    server.answer = lambda asked: reply(as_json({"rows": [{"page": asked.one("page"), "value": 1}]}))
    with pytest.raises(FetchError, match="more than 4 pages"):
        fetched(
            tmp_path, api="json", url=f"{server.url}/r", message={"records": "/rows"}, paging={"by": "page"},
            limits={**QUICK, "pages": 4},
        )  # fmt: skip


def test_a_query_is_posted(server: Any, reply: Any, tmp_path: Path) -> None:
    cube = {"class": "dataset", "id": ["t"], "size": [2], "dimension": {"t": {"category": {"index": ["1", "2"]}}}}
    server.answer = lambda asked: reply(as_json(cube | {"value": [1, 2]}))
    body = {"query": [], "response": {"format": "json-stat2"}}
    table = fetched(tmp_path, api="pxweb", url=f"{server.url}/api/v1/table", body=body)
    assert table.columns["value"] == ["1", "2"]
    assert (server.asked[0].method, json.loads(server.asked[0].body)) == ("POST", body)


def test_structures_are_fetched_first_and_give_labels(server: Any, reply: Any, tmp_path: Path) -> None:
    data = (
        "<m:StructureSpecificData xmlns:m='urn:m' xmlns:s='urn:s'><m:DataSet s:structureRef='X'>"
        "<Obs GEO='VN' TIME_PERIOD='2025' OBS_VALUE='7'/></m:DataSet></m:StructureSpecificData>"
    )
    structure = (
        "<m:Structure xmlns:m='urn:m'><m:Codelist id='CL_GEO'><m:Code id='VN'><m:Name>Viet Nam</m:Name></m:Code>"
        "</m:Codelist><m:DataStructure id='X'><m:DataStructureComponents><m:Dimension id='GEO' position='1'>"
        "<m:ConceptIdentity><Ref id='GEO'/></m:ConceptIdentity><m:LocalRepresentation><m:Enumeration>"
        "<Ref id='CL_GEO'/></m:Enumeration></m:LocalRepresentation></m:Dimension></m:DataStructureComponents>"
        "</m:DataStructure></m:Structure>"
    )
    server.answer = lambda asked: reply(
        (structure if "structure" in asked.path else data).encode(), headers={"Content-Type": "application/xml"}
    )
    table = fetched(tmp_path, api="sdmx-ml", url=f"{server.url}/data/X", structures=[f"{server.url}/datastructure/X"])
    assert table.rows() == [{"GEO": "VN", "GEO.label": "Viet Nam", "TIME_PERIOD": "2025", "value": "7"}]
    assert "structure" in server.asked[0].headers["accept"]
