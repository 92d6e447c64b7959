"""The queries of a fetch specification: structures first, then the data, once for each value of ``each``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Literal
from urllib.parse import quote, urljoin

import httpx

from ingest.fetch.apis import HABITS
from ingest.fetch.exchange import Request
from ingest.fetch.paging import Place
from ingest.fetch.problem import FetchError
from ingest.fetch.spec import FetchSpec, NoPaging, Paging
from ingest.state import fingerprint


@dataclass(frozen=True)
class Query:
    """One question to the API: its address with parameters (no secrets, no page), and how its answer pages."""

    name: str
    role: Literal["data", "structure"]
    address: str
    paging: Paging


def queries_of(spec: FetchSpec, since: datetime | None) -> list[Query]:
    """Every query, in a fixed order. ``since`` asks for changes only."""
    paging = spec.paging or HABITS[spec.api].paging
    structures = [
        Query(f"structure-{number}", "structure", address, NoPaging())
        for number, address in enumerate(spec.structures, start=1)
    ]
    combinations = [dict(zip(spec.each, values, strict=True)) for values in product(*spec.each.values())]
    return structures + [Query(_name(values), "data", _address(spec, values, since), paging) for values in combinations]


def question(spec: FetchSpec) -> str:
    """Fingerprint of what is asked: a fetch under way goes on only while this stays the same."""
    return fingerprint(spec.model_dump_json(exclude={"limits", "schedule", "credentials"}))


def request_for(spec: FetchSpec, query: Query, place: Place) -> Request:
    """The request for a page of a query."""
    headers = {"Accept": HABITS[spec.api].accept, **spec.headers}
    if query.role == "structure":
        headers["Accept"] = "application/vnd.sdmx.structure+xml, application/xml;q=0.9, application/json;q=0.8"
        return Request(query.address, headers)
    if place.link is not None:
        return Request(urljoin(query.address, place.link), headers, spec.body)
    address = httpx.URL(query.address)
    if place.alone:
        address = address.copy_with(query=None)
    return Request(str(address.copy_merge_params(place.parameters)), headers, spec.body)


def since_parameter(spec: FetchSpec, since: datetime) -> tuple[str, str]:
    """Name and value of the parameter that asks for changes since a moment. Raises ``FetchError`` if none is known."""
    incremental = spec.incremental
    name = (incremental.parameter if incremental else None) or HABITS[spec.api].changed_since
    if incremental is None or name is None:
        raise FetchError(
            "configuration",
            f"API {spec.api} không có tham số thay đổi; hãy khai báo incremental.parameter.",
            f"the API {spec.api} has no usual parameter for changes; declare incremental.parameter.",
        )
    moment = (since - timedelta(seconds=incremental.overlap_seconds)).astimezone(UTC)
    text = moment.strftime("%Y-%m-%d" if incremental.format == "date" else "%Y-%m-%dT%H:%M:%SZ")
    return name, incremental.template.replace("{since}", text) if incremental.template else text


def _name(values: dict[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in values.items()) or "answer"


def _address(spec: FetchSpec, values: dict[str, str], since: datetime | None) -> str:
    url = spec.url
    for name, value in values.items():
        url = url.replace("{" + name + "}", quote(value, safe=""))
    address = httpx.URL(url)
    in_path = {name for name in values if "{" + name + "}" in spec.url}
    parameters = {name: list(texts) for name, texts in spec.parameters.items()}
    parameters |= {name: [value] for name, value in values.items() if name not in in_path}
    if since is not None:
        name, text = since_parameter(spec, since)
        parameters[name] = [text]
    return str(address.copy_merge_params(parameters)) if parameters else str(address)
