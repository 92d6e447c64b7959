"""What servers do wrong: each is survived, or refused with a reason; and no secret shows. Over real HTTP."""

from __future__ import annotations

import gzip
import json
import logging
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from pydantic import ValidationError

from ingest.fetch import FetchError, FetchSpec, fetch_source, read_answer
from ingest.fetch.exchange import retry_after
from ingest.landing import receipts
from ingest.messages import MessageRefusedError

QUICK = {"backoff_seconds": 0.01, "attempts": 3, "total_seconds": 20}
GOOD = json.dumps({"rows": [{"unit": "A", "value": "1.50"}]}).encode()


def run(server: Any, tmp_path: Path, *, limits: dict[str, Any] | None = None, **spec: Any) -> Any:
    declared = {"api": "json", "url": f"{server.url}/data", "message": {"records": "/rows"}, **spec}
    receipt = fetch_source(
        "demo", FetchSpec(**declared, limits=QUICK | (limits or {})), tmp_path / "landed", tmp_path / "demo.json"
    )
    return receipt and read_answer(tmp_path / "landed", receipt.file_sha256)


def in_turn(server: Any, *replies: Any) -> None:
    left = list(replies)
    server.answer = lambda asked: left.pop(0) if len(left) > 1 else left[0]


def refusal(server: Any, tmp_path: Path, **spec: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        run(server, tmp_path, **spec)
    assert caught.value.message_vi
    assert receipts(tmp_path / "landed", "demo") == []
    return caught.value


def landed_files(tmp_path: Path) -> list[bytes]:
    return [path.read_bytes() for path in (tmp_path / "landed" / "bytes").rglob("*") if path.is_file()]


def test_server_errors_pass(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(status=500), reply(status=503), reply(GOOD))
    assert run(server, tmp_path).columns["value"] == ["1.50"]
    assert len(server.asked) == 3


def test_retry_after_is_honoured(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(status=429, headers={"Retry-After": "1"}), reply(GOOD))
    begun = time.monotonic()
    assert run(server, tmp_path).received_rows == 1
    assert time.monotonic() - begun >= 1


def test_retry_after_may_be_a_date() -> None:
    now = datetime(2025, 7, 1, tzinfo=UTC)
    assert retry_after({"retry-after": format_datetime(now + timedelta(seconds=90), usegmt=True)}, now) == 90
    assert retry_after({"retry-after": format_datetime(now - timedelta(seconds=90), usegmt=True)}, now) == 0
    assert retry_after({"retry-after": "soon"}, now) is None


def test_too_long_a_wait_ends_the_fetch_and_says_how_long(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(status=429, headers={"Retry-After": "7200"}))
    error = refusal(server, tmp_path)
    assert (error.kind, len(server.asked)) == ("unavailable", 1)
    assert "7200 seconds" in error.message_en


def test_a_server_that_stays_down_is_given_up(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(status=502))
    assert "after 3 attempts (HTTP 502)" in refusal(server, tmp_path).message_en
    assert len(server.asked) == 3


def test_no_server_at_all(server: Any, tmp_path: Path) -> None:
    server.stop()
    assert refusal(server, tmp_path).kind == "unavailable"


def test_a_cut_response_is_asked_for_again_and_never_landed(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(GOOD, cut=20), reply(GOOD))
    assert run(server, tmp_path).columns["value"] == ["1.50"]
    assert GOOD[:20] not in landed_files(tmp_path)


def test_cut_json_that_arrives_whole_is_landed_and_refused(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(GOOD[:25]))
    error = refusal(server, tmp_path)
    assert (error.kind, len(server.asked)) == ("unreadable", 2)
    assert "is not complete JSON" in error.message_en
    assert GOOD[:25] in landed_files(tmp_path)


def test_silence_is_cut_off(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(GOOD, pause=5))
    error = refusal(server, tmp_path, limits={"read_seconds": 0.2, "attempts": 2})
    assert "ReadTimeout" in error.message_en


def test_a_trickle_is_cut_off_by_the_total_time(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(b" " * 2000 + GOOD, pause=0.05))
    error = refusal(server, tmp_path, limits={"read_seconds": 5, "total_seconds": 0.5})
    assert error.kind == "limit"


def test_an_answer_over_the_limit_is_cut_off(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(b" " * 200_000 + GOOD))
    assert refusal(server, tmp_path, limits={"response_bytes": 100_000}).kind == "limit"
    assert landed_files(tmp_path) == []


def test_a_gzip_bomb_is_cut_off(server: Any, reply: Any, tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 30_000_000)
    assert len(bomb) < 50_000
    in_turn(server, reply(bomb, headers={"Content-Encoding": "gzip"}))
    assert refusal(server, tmp_path, limits={"response_bytes": 1_000_000}).kind == "limit"


@pytest.mark.parametrize("packed", [gzip.compress(GOOD)[:-12], b"not gzip"], ids=["cut_off", "not_packed"])
def test_a_broken_packed_body_is_refused(server: Any, reply: Any, tmp_path: Path, packed: bytes) -> None:
    in_turn(server, reply(packed, headers={"Content-Encoding": "gzip"}))
    assert "packed body" in refusal(server, tmp_path).message_en


def test_a_packed_body_is_unpacked(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(gzip.compress(GOOD), headers={"Content-Encoding": "gzip"}))
    assert run(server, tmp_path).columns["value"] == ["1.50"]
    assert GOOD in landed_files(tmp_path)


def test_a_packing_nobody_asked_for_is_refused(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(GOOD, headers={"Content-Encoding": "br"}))
    assert "packs with br" in refusal(server, tmp_path).message_en


def test_a_web_page_instead_of_data_is_refused(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(b"\n<!DOCTYPE html><html>Log in</html>", headers={"Content-Type": "text/html"}))
    assert "text/html: is a web page, not data" in refusal(server, tmp_path).message_en


def test_a_redirect_elsewhere_is_refused(server: Any, other_server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(status=302, headers={"Location": f"{other_server.url}/data"}))
    assert refusal(server, tmp_path).kind == "redirect"
    assert other_server.asked == []


def test_a_redirect_on_the_same_server_is_followed(server: Any, reply: Any, tmp_path: Path) -> None:
    server.answer = lambda asked: (
        reply(GOOD) if asked.path == "/new" else reply(status=301, headers={"Location": "/new"})
    )
    assert run(server, tmp_path).received_rows == 1


def test_redirects_in_a_circle_end(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(status=302, headers={"Location": "/data"}))
    assert "too many redirects" in refusal(server, tmp_path).message_en


def test_a_next_link_elsewhere_is_refused(server: Any, other_server: Any, reply: Any, tmp_path: Path) -> None:
    page = {"value": [{"a": 1}], "@odata.nextLink": f"{other_server.url}/x"}
    in_turn(server, reply(json.dumps(page).encode()))
    assert refusal(server, tmp_path, api="odata", message={}).kind == "redirect"
    assert other_server.asked == []


def test_a_changed_schema_says_what_is_there_now(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(b'{"items": [], "meta": {}}'))
    error = refusal(server, tmp_path)
    assert "/rows: there is no list of records here; the message has: items, meta" in error.message_en


def test_a_refusal_shows_what_the_server_said(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(b'{"message":\n "No such dataset"}', status=400))
    error = refusal(server, tmp_path)
    assert (error.kind, len(server.asked)) == ("refused", 1)
    assert "HTTP 400" in error.message_en
    assert "No such dataset" in error.message_en


def test_sdmx_says_by_404_that_there_is_nothing(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(b"no results", status=404))
    assert run(server, tmp_path, api="sdmx-ml", message={}) is None


def test_requests_keep_their_distance(server: Any, reply: Any, tmp_path: Path) -> None:
    server.answer = lambda asked: reply(json.dumps({"rows": [{"q": asked.one("q")}]}).encode())
    begun = time.monotonic()
    run(server, tmp_path, each={"q": ["1", "2", "3"]}, limits={"requests_per_minute": 300})
    assert time.monotonic() - begun >= 0.4


@pytest.mark.parametrize(
    ("credentials", "secret", "sent"),
    [
        ({"header": "Authorization", "scheme": "Bearer", "env": "DEMO_TOKEN"}, "s3cr3t/+=", "Bearer s3cr3t/+="),
        ({"header": "X-App-Token", "env": "DEMO_TOKEN"}, "s3cr3t/+=", "s3cr3t/+="),
        ({"parameter": "key", "env": "DEMO_TOKEN"}, "s3cr3t/+é", "s3cr3t/+é"),
        ({"user_env": "DEMO_USER", "password_env": "DEMO_TOKEN"}, "s3cr3t/+é", "Basic b3V0dHVybjpzM2NyM3QvK8Op"),
    ],
)
def test_secrets_reach_the_server_and_nothing_else(
    server: Any, reply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    credentials: dict[str, str], secret: str, sent: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("DEMO_TOKEN", secret)
    monkeypatch.setenv("DEMO_USER", "outturn")
    caplog.set_level(logging.DEBUG)
    key = f"key={quote(secret, safe='')}&" if "parameter" in credentials else ""
    echo = {"Link": f"</data?{key}page=2>; rel=next"}
    in_turn(server, reply(GOOD, headers=echo), reply(f"bad key {secret}".encode(), status=403))
    with pytest.raises(FetchError) as caught:
        run(server, tmp_path, credentials=credentials, paging={"by": "next_link"})
    for asked in server.asked:
        assert sent in (asked.headers.get("authorization"), asked.headers.get("x-app-token"), asked.one("key"))
    assert server.asked[1].one("page") == "2"
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()).decode()
    for place in (written, caplog.text, caught.value.message_en, caught.value.message_vi, repr(caught.value)):
        assert "s3cr3t" not in place
        assert "b3V0dHVybjp" not in place  # Basic authentication
    assert "***" in caught.value.message_en


def test_a_secret_that_no_header_can_carry_is_not_shown(
    server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO_TOKEN", "s3cr3t\u00e9")
    error = refusal(server, tmp_path, credentials={"header": "Authorization", "env": "DEMO_TOKEN"})
    assert "DEMO_TOKEN" in error.message_en
    assert "s3cr3t" not in error.message_en


def test_a_secret_that_is_not_set_is_named(server: Any, tmp_path: Path) -> None:
    error = refusal(server, tmp_path, credentials={"header": "Authorization", "env": "NOT_SET_ANYWHERE"})
    assert "NOT_SET_ANYWHERE" in error.message_en
    assert server.asked == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "ftp://example.org/x"}, "not an http or https address"),
        ({"url": "https://user:word@example.org/x"}, "must not hold a user or password"),
        ({"url": "https://example.org/x", "parameters": {"api_key": "abc"}}, "secrets are given by the environment"),
        ({"url": "http://example.org/x", "credentials": {"header": "A", "env": "B"}}, "over https only"),
        ({"url": "https://example.org/x", "credentials": {"env": "B"}}, "give env with header or parameter"),
        ({"url": "https://example.org/{code}"}, "code: not in each"),
        ({"url": "https://example.org/x", "schedule": "daily"}, "five fields"),
        ({"url": "https://example.org/x", "paging": {"by": "pages"}}, "does not match any of the expected tags"),
        ({"url": "https://example.org/x", "retries": 3}, "Extra inputs are not permitted"),
    ],
)
def test_a_wrong_specification_is_refused_when_it_is_read(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        FetchSpec(api="json", **wrong)


def test_certificates_are_checked(tmp_path: Path, self_signed: Any) -> None:
    spec = FetchSpec(api="json", url=f"{self_signed}/data", limits={**QUICK, "attempts": 1})
    with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    assert httpx.get(f"{self_signed}/data", verify=False).status_code == 200


def test_landed_bytes_that_were_altered_are_found_out(server: Any, reply: Any, tmp_path: Path) -> None:
    in_turn(server, reply(GOOD))
    run(server, tmp_path)
    for path in (tmp_path / "landed" / "bytes").rglob("*"):
        if path.is_file() and path.read_bytes() == GOOD:
            path.chmod(0o644)
            path.write_bytes(GOOD.replace(b"1.50", b"9.50"))
    receipt = receipts(tmp_path / "landed", "demo")[0]
    with pytest.raises((FetchError, MessageRefusedError), match="altered"):
        read_answer(tmp_path / "landed", receipt.file_sha256)
