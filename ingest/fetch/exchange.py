"""One request and its response over HTTP: attempts, waits, time-outs, sizes, redirects.

Failures that may pass (no connection, silence, a cut response, 408, 425, 429, 5xx) are tried again, after the wait
that the server asks for (Retry-After, RFC 9110 10.2.3) or 1, 2, 4 … times the back-off. There is no jitter: one
source is one client, and a run can be repeated exactly.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import httpx

from ingest.fetch.problem import FetchError
from ingest.fetch.secrets import Secrets
from ingest.fetch.spec import Limits

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
NOT_MODIFIED = 304
#: Only what can be unpacked step by step under a size limit.
ENCODINGS = {"gzip": 47, "x-gzip": 47, "deflate": 15}
PIECE = 64 * 1024


class Clock(Protocol):
    """Time, so that tests need not wait for it."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True)
class Request:
    """What is asked. ``address`` is complete but for secrets; ``body`` is JSON to post."""

    address: str
    headers: Mapping[str, str]
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Response:
    """What came: body unpacked, header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    received_at: datetime


class Exchange:
    """Sends requests to one source within its limits. Raises ``FetchError``, in which no secret stands."""

    def __init__(self, limits: Limits, secrets: Secrets, clock: Clock) -> None:
        self.limits, self.secrets, self.clock = limits, secrets, clock
        self._deadline = clock.monotonic() + limits.total_seconds
        self._next_start = 0.0
        self._bytes = 0
        timeout = httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds)
        self._client = httpx.Client(timeout=timeout, follow_redirects=False)

    def close(self) -> None:
        self._client.close()

    def send(self, request: Request) -> Response:
        """The response, after as many attempts as the limits allow. Any status but those that may pass is returned."""
        wait = self.limits.backoff_seconds
        for attempt in range(1, self.limits.attempts + 1):
            try:
                response = self._follow(request)
                if response.status not in PASSING:
                    return response
                problem = f"HTTP {response.status}"
                asked = retry_after(response.headers, self.clock.now())
            except httpx.TransportError as error:
                problem, asked = self.secrets.hide(f"{type(error).__name__}: {error}"), None
            if attempt < self.limits.attempts:
                self._wait(wait if asked is None else asked, problem)
                wait *= 2
        raise FetchError(
            "unavailable",
            f"{self._shown(request.address)}: không trả lời được sau {self.limits.attempts} lần ({problem}).",
            f"{self._shown(request.address)}: no answer after {self.limits.attempts} attempts ({problem}).",
        )

    def _follow(self, request: Request) -> Response:
        address = request.address
        for _ in range(MOST_REDIRECTS + 1):
            response = self._once(request, address)
            if response.status not in REDIRECTS:
                return response
            target = urljoin(address, response.headers.get("location", ""))
            self.refuse_elsewhere(request.address, target)
            address = target
        raise FetchError(
            "redirect",
            f"{self._shown(address)}: chuyển hướng quá nhiều lần.",
            f"{self._shown(address)}: too many redirects.",
        )

    def refuse_elsewhere(self, address: str, target: str) -> None:
        """Raise ``FetchError`` if a redirect or a next link leads to another host, or from https back to http."""
        try:
            here, there = urlsplit(address), urlsplit(target)
            httpx.URL(target)
        except (ValueError, httpx.InvalidURL):
            raise FetchError(
                "redirect",
                f"{self._shown(address)}: máy chủ đưa ra một địa chỉ sai.",
                f"{self._shown(address)}: the server gives an address that is none.",
            ) from None
        upgraded = (here.scheme, there.scheme) == ("http", "https") and here.hostname == there.hostname
        if upgraded or (here.scheme, here.netloc) == (there.scheme, there.netloc):
            return
        raise FetchError(
            "redirect",
            f"{self._shown(address)}: máy chủ dẫn sang nơi khác ({there.scheme}://{there.hostname}); không đi theo.",
            f"{self._shown(address)}: the server leads elsewhere ({there.scheme}://{there.hostname}); not followed.",
        )

    def _once(self, request: Request, address: str) -> Response:
        self._pace()
        headers = {**request.headers, **self.secrets.headers, "Accept-Encoding": "gzip, deflate"}
        url = httpx.URL(address)
        if self.secrets.parameters:
            url = url.copy_merge_params(dict(self.secrets.parameters))
        content = json.dumps(request.body).encode() if request.body is not None else None
        if content is not None:
            headers["Content-Type"] = "application/json"
        with self._client.stream("POST" if content else "GET", url, headers=headers, content=content) as response:
            body = b"".join(self._pieces(response))
            return Response(response.status_code, dict(response.headers), body, self.clock.now())

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        """The body, unpacked, counted while it comes: a small packed body may hide an endless one."""
        size = 0
        for piece in _unpacked(response):
            size += len(piece)
            self._bytes += len(piece)
            if size > self.limits.response_bytes or self._bytes > self.limits.total_bytes:
                raise FetchError(
                    "limit",
                    f"câu trả lời lớn hơn giới hạn ({self.limits.response_bytes} byte một câu trả lời, "
                    f"{self.limits.total_bytes} tổng cộng).",
                    f"the answer is larger than the limit ({self.limits.response_bytes} bytes a response, "
                    f"{self.limits.total_bytes} in all).",
                )
            self._refuse_late()
            yield piece

    def _pace(self) -> None:
        self._refuse_late()
        if self.limits.requests_per_minute is not None:
            pause = self._next_start - self.clock.monotonic()
            if pause > 0:
                self.clock.sleep(pause)
            self._next_start = self.clock.monotonic() + 60 / self.limits.requests_per_minute

    def _wait(self, seconds: float, problem: str) -> None:
        if seconds > self.limits.longest_wait_seconds or self.clock.monotonic() + seconds > self._deadline:
            raise FetchError(
                "unavailable",
                f"máy chủ yêu cầu chờ {seconds:.0f} giây ({problem}); hãy tải lại sau đó.",
                f"the server asks to wait {seconds:.0f} seconds ({problem}); fetch again after that.",
            )
        self.clock.sleep(seconds)

    def _refuse_late(self) -> None:
        if self.clock.monotonic() > self._deadline:
            raise FetchError(
                "limit",
                f"quá {self.limits.total_seconds:.0f} giây; lần sau sẽ tải tiếp.",
                f"more than {self.limits.total_seconds:.0f} seconds; the next fetch goes on from here.",
            )

    def _shown(self, address: str) -> str:
        return self.secrets.hide(address)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, from a number or a date; None if the header is absent or says nothing."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _unpacked(response: httpx.Response) -> Iterator[bytes]:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        yield from response.iter_raw()
        return
    if encoding not in ENCODINGS:
        raise FetchError(
            "refused",
            f"máy chủ nén bằng {encoding}, không được hỗ trợ.",
            f"the server packs with {encoding}, not asked for.",
        )
    unpacker = zlib.decompressobj(ENCODINGS[encoding])
    try:
        for piece in response.iter_raw():
            yield unpacker.decompress(piece, PIECE)
            while unpacker.unconsumed_tail:
                yield unpacker.decompress(unpacker.unconsumed_tail, PIECE)
        yield unpacker.flush()
    except zlib.error as error:
        raise httpx.RemoteProtocolError(f"packed body is broken: {error}") from None
    if not unpacker.eof and response.status_code != NOT_MODIFIED:
        raise httpx.RemoteProtocolError("packed body is cut off")
