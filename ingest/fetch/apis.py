"""What is usual for each kind of API: how it pages, where its records are, how it is asked for changes. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.fetch.spec import Api, NextLink, NoPaging, Offset, PageNumber, Paging

JSON, CSV = "application/json", "text/csv"


@dataclass(frozen=True)
class ApiHabits:
    """Habits of an API. Paths point into its messages; ``nothing_new`` are statuses that mean an empty answer."""

    accept: str
    paging: Paging = NoPaging()  # noqa: RUF009 -- frozen
    records: str | None = None
    total: str | None = None
    changed_since: str | None = None
    nothing_new: tuple[int, ...] = ()


#: SDMX REST answers 404 where the query holds but nothing matches it (also: nothing changed since).
NO_RESULTS = (404,)

HABITS: dict[Api, ApiHabits] = {
    "sdmx-ml": ApiHabits(
        "application/vnd.sdmx.structurespecificdata+xml;version=2.1, application/xml;q=0.9",
        changed_since="updatedAfter",
        nothing_new=NO_RESULTS,
    ),
    "sdmx-csv": ApiHabits(
        "application/vnd.sdmx.data+csv, text/csv;q=0.9", changed_since="updatedAfter", nothing_new=NO_RESULTS
    ),
    "sdmx-json": ApiHabits(
        "application/vnd.sdmx.data+json, application/json;q=0.9", changed_since="updatedAfter", nothing_new=NO_RESULTS
    ),
    "json-stat": ApiHabits(JSON),
    "pxweb": ApiHabits(JSON),
    "ckan": ApiHabits(JSON, Offset(by="offset"), records="/result/records", total="/result/total"),
    "socrata": ApiHabits(JSON, Offset(by="offset", parameter="$offset", limit_parameter="$limit"), records=""),
    "world-bank": ApiHabits(
        JSON, PageNumber(by="page", size_parameter="per_page", size=1000), records="/1", total="/0/total"
    ),
    "dhis2-values": ApiHabits(JSON, records="/dataValues", changed_since="lastUpdated"),
    "dhis2-analytics": ApiHabits(JSON, records="/rows"),
    "odata": ApiHabits(
        JSON, NextLink(by="next_link", path="/@odata.nextLink"), records="/value", total="/@odata.count"
    ),
    "json": ApiHabits(JSON),
    "pandas-table": ApiHabits(JSON, records="/data"),
    "csv": ApiHabits(CSV),
}
