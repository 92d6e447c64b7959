"""A fetch from its first request to its submission.

After each page: the bytes are landed, then their receipt, then the state that says which page comes next. A fetch
killed between any two of these goes on with a page that it may ask for again, and that counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

import httpx

from ingest.fetch.answer import KEPT_HEADERS, deliver, keep_content, landed_bytes, write_response_receipt
from ingest.fetch.apis import HABITS
from ingest.fetch.exchange import NOT_MODIFIED, Clock, Exchange, Request, Response, SystemClock
from ingest.fetch.page import read_page
from ingest.fetch.paging import Page, Place, first_place, next_place
from ingest.fetch.problem import FetchError
from ingest.fetch.query import Query, queries_of, question, request_for
from ingest.fetch.secrets import from_environment, silent_transport
from ingest.fetch.spec import FetchSpec
from ingest.fetch.state import FetchRun, FetchState, LandedResponse
from ingest.landing.delivery import Receipt, content_path
from ingest.messages import FORMATS, Document, MessageRefusedError, read_message

#: A fetch that was broken off longer ago begins anew: its pages would not fit together any more.
RESUME_WITHIN = timedelta(days=1)
#: A body that arrives whole and cannot be read is asked for once more: a gateway may have answered for the API.
UNREADABLE_ATTEMPTS = 2


def fetch_source(
    source_code: str, spec: FetchSpec, landed: Path, state_path: Path, *, clock: Clock | None = None
) -> Receipt | None:
    """Fetch a source and hand in what came: its receipt, or None if there is nothing new.

    Raises ``FetchError``. The next call goes on where this one stopped.
    """
    state = FetchState(state_path)
    with state.held():
        state = FetchState.load(state_path)
        responses = fetch(spec, landed, state, source_code=source_code, clock=clock)
        run = state.run
        since = run.since if run else None
        receipt = None
        if since is None or not _is_empty(spec, responses, landed):
            receipt = deliver(source_code, spec, responses, landed, scope="changes" if since else "full")
        state.asked, state.asked_at = question(spec), run.started_at if run else state.asked_at
        state.full_at = state.asked_at if since is None else state.full_at
        state.run = None
        state.save()
        return receipt


def _is_empty(spec: FetchSpec, responses: Sequence[LandedResponse], landed: Path) -> bool:
    """Whether an answer to «what changed» names no record: nothing was handed in then."""
    documents = [
        Document(r.name, landed_bytes(landed, r.sha256), r.request, r.role, r.headers.get("content-type"))
        for r in responses
    ]
    try:
        table = read_message(spec.api, documents, spec.message)
    except MessageRefusedError:
        return False  # it is landed, and refused where it is read
    return table.received_rows == 0 and not table.findings


def fetch(
    spec: FetchSpec, landed: Path, state: FetchState, *, source_code: str, clock: Clock | None = None
) -> list[LandedResponse]:
    """Land every page of every query, and give the responses in order. A finished fetch is not asked for again.

    Raises ``FetchError``; the state then says where to go on. A fetch that the server no longer lets go on (its mark
    for the next page is too old) begins anew, once.
    """
    secrets = from_environment(spec.credentials)
    with silent_transport(secrets):
        exchange = Exchange(spec.limits, secrets, clock or SystemClock())
        try:
            fetcher = _Fetcher(spec, landed, state, source_code, exchange)
            resumed = len(fetcher.run.responses)
            try:
                return fetcher.all_pages()
            except FetchError as error:
                if error.kind != "refused" or not resumed or len(fetcher.run.responses) != resumed:
                    raise
                state.run = None
                return _Fetcher(spec, landed, state, source_code, exchange).all_pages()
        finally:
            exchange.close()


class _Fetcher:
    def __init__(self, spec: FetchSpec, landed: Path, state: FetchState, source_code: str, exchange: Exchange) -> None:
        self.spec, self.landed, self.state, self.exchange = spec, landed, state, exchange
        self.source_code = source_code
        self.run = self._take_up() or self._begin()
        self.queries = queries_of(spec, self.run.since)

    def all_pages(self) -> list[LandedResponse]:
        while not self.run.finished:
            query = self.queries[self.run.query]
            place = self.run.place if self.run.begun else first_place(query.paging)
            self._advance(query, self._page(query, place))
        return self.run.responses

    def _take_up(self) -> FetchRun | None:
        run, now = self.state.run, self.exchange.clock.now()
        if run is None or run.question != question(self.spec) or now - run.started_at > RESUME_WITHIN:
            return None
        return run

    def _begin(self) -> FetchRun:
        now = self.exchange.clock.now()
        self.state.run = FetchRun(question(self.spec), now, self._since(now))
        self.state.save()
        return self.state.run

    def _since(self, now: datetime) -> datetime | None:
        """Ask for changes only after a full fetch of the same question, and not when that was too long ago."""
        incremental, full_at = self.spec.incremental, self.state.full_at
        if self.state.asked != question(self.spec):
            return None
        if incremental is None or incremental.by != "parameter" or full_at is None:
            return None
        if incremental.full_after_days is not None and now - full_at > timedelta(days=incremental.full_after_days):
            return None
        return self.state.asked_at

    def _advance(self, query: Query, following: Place | None) -> None:
        """One write says that the page is there and what comes next."""
        if following is not None and following.page > self.spec.limits.pages:
            raise FetchError(
                "limit",
                f"{query.name}: nhiều hơn {self.spec.limits.pages} trang.",
                f"{query.name}: more than {self.spec.limits.pages} pages.",
            )
        self.run.begun = following is not None
        self.run.place = following or Place()
        self.run.query += following is None
        self.run.finished = self.run.query == len(self.queries)
        self.state.save()

    def _page(self, query: Query, place: Place) -> Place | None:
        request = request_for(self.spec, query, place)
        self.exchange.refuse_elsewhere(query.address, request.address)
        for attempt in range(1, UNREADABLE_ATTEMPTS + 1):
            response = self.exchange.send(self._conditional(request))
            if response.status == 204 or (
                response.status in HABITS[self.spec.api].nothing_new and query.role == "data"
            ):
                return None
            self._refuse(response, request)
            landed, content = self._land(query, place, request, response)
            try:
                page = self._read(query, landed, content)
                break
            except MessageRefusedError as error:
                if attempt == UNREADABLE_ATTEMPTS:
                    raise FetchError("unreadable", error.message_vi, error.message_en) from None
        self._refuse_repeat(query, landed, page)
        self.run.responses.append(landed)
        self._remember(request, response, landed)
        return self._without_secret(next_place(query.paging, place, page), query)

    def _without_secret(self, place: Place | None, query: Query) -> Place | None:
        """A next link may repeat the key it was asked with; the key is sent again anyway, and not written down."""
        if place is None or place.link is None:
            return place
        link = httpx.URL(urljoin(query.address, place.link))
        for name in self.exchange.secrets.parameters:
            link = link.copy_remove_param(name)
        if self.exchange.secrets.hide(str(link)) != str(link):
            raise FetchError(
                "refused",
                f"{query.name}: liên kết trang sau chứa bí mật.",
                f"{query.name}: the next link holds a secret.",
            )
        return replace(place, link=str(link))

    def _read(self, query: Query, landed: LandedResponse, content: bytes) -> Page:
        document = Document(landed.name, content, query.name, query.role, landed.headers.get("content-type"))
        return read_page(self.spec, query, document, landed.headers)

    def _refuse(self, response: Response, request: Request) -> None:
        if 200 <= response.status < 300 or response.status == NOT_MODIFIED:
            return
        said = " ".join(response.content[:300].decode("utf-8", "replace").split())
        shown = self.exchange.secrets.hide(f"{request.address}: HTTP {response.status}: {said}")
        raise FetchError("refused", f"{shown} (máy chủ từ chối)", f"{shown} (the server refuses)")

    def _land(self, query: Query, place: Place, request: Request, response: Response) -> tuple[LandedResponse, bytes]:
        """Bytes first, receipt second. Not modified: the bytes landed before, checked against their address."""
        reused = response.status == NOT_MODIFIED
        if reused:
            sha256 = self.state.validators[self._validator_key(request)]["sha256"]
            content = landed_bytes(self.landed, sha256)
        else:
            content = response.content
            sha256 = keep_content(self.landed, content)
        hide = self.exchange.secrets.hide
        kept = {name: hide(response.headers[name]) for name in KEPT_HEADERS if name in response.headers}
        if reused:
            kept["content-type"] = self.state.validators[self._validator_key(request)].get("content-type", "")
        name = f"{query.name}.{place.page:05d}.{FORMATS[self.spec.api].syntax}"
        landed = LandedResponse(
            name,
            query.name,
            query.role,
            place.page,
            hide(request.address),
            response.status,
            kept,
            sha256,
            len(content),
            response.received_at,
            reused,
        )
        write_response_receipt(self.landed, self.source_code, landed)
        return landed, content

    def _refuse_repeat(self, query: Query, landed: LandedResponse, page: Page) -> None:
        if page.count != 0 and any(
            earlier.request == query.name and earlier.sha256 == landed.sha256 for earlier in self.run.responses
        ):
            raise FetchError(
                "paging",
                f"{landed.url}: trang {landed.page} trùng hệt một trang trước; phân trang không tiến.",
                f"{landed.url}: page {landed.page} is a page that came before; the paging does not advance.",
            )

    def _validator_key(self, request: Request) -> str:
        return self.exchange.secrets.hide(request.address)

    def _conditional(self, request: Request) -> Request:
        incremental = self.spec.incremental
        known = self.state.validators.get(self._validator_key(request))
        if incremental is None or incremental.by != "conditional" or known is None:
            return request
        if not content_path(self.landed, known["sha256"]).exists():
            return request
        headers = dict(request.headers)
        if "etag" in known:
            headers["If-None-Match"] = known["etag"]
        if "last-modified" in known:
            headers["If-Modified-Since"] = known["last-modified"]
        return Request(request.address, headers, request.body)

    def _remember(self, request: Request, response: Response, landed: LandedResponse) -> None:
        """Keep what lets the next fetch ask whether this very address has changed (RFC 9110 13.1)."""
        said = {name: landed.headers[name] for name in ("etag", "last-modified") if name in landed.headers}
        if response.status == NOT_MODIFIED or not said or request.body is not None:
            return
        kind = {"content-type": landed.headers.get("content-type", "")}
        self.state.validators[self._validator_key(request)] = {**said, **kind, "sha256": landed.sha256}
