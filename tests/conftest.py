"""What the rooms share: a real HTTP server on loopback that answers as a test tells it to and remembers what it was
asked, a certificate for such servers, and the invariants that every release keeps.
"""

from __future__ import annotations

import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]


@dataclass
class Reply:
    """One answer. ``cut`` sends so many bytes of the body only; ``pause`` waits between pieces of the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    pause: float = 0.0


class Server:
    """Serve ``answer``, a function from Asked to Reply, on a free port of 127.0.0.1."""

    reply = Reply

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Reply] = lambda asked: Reply(b"[]")
        self.stopping = threading.Event()
        self._stopped = False
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, parts.path, parse_qs(parts.query, keep_blank_values=True), headers, body)
                server.asked.append(asked)
                self._reply(server.answer(asked))

            do_POST = do_GET  # noqa: N815

            def _reply(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                body = reply.body if reply.cut is None else reply.body[: reply.cut]
                try:
                    if not reply.pause:
                        self.wfile.write(body)
                        return
                    for position in range(0, len(body), 8):
                        self.wfile.write(body[position : position + 8])
                        self.wfile.flush()
                        if server.stopping.wait(reply.pause):
                            return
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def wrap(self, context: ssl.SSLContext) -> None:
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)

    def stop(self) -> None:
        if self._stopped:
            return
        self._stopped = True
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1 in one file, made for these tests and thrown away with them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="session")
def new_server() -> type[Server]:
    """For tests that start a server of their own, and stop it."""
    return Server


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def other_server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


def _invariants() -> tuple[Any, ...]:
    """``tests/invariants.py``, which is no test and so is loaded by its path."""
    name = "tests.invariants"
    if name not in sys.modules:
        specification = spec_from_file_location(name, Path(__file__).with_name("invariants.py"))
        assert specification is not None
        assert specification.loader is not None
        module = module_from_spec(specification)
        sys.modules[name] = module
        specification.loader.exec_module(module)
    return sys.modules[name].INVARIANTS  # type: ignore[no-any-return]


@pytest.fixture(params=_invariants(), ids=str)
def invariant(request: pytest.FixtureRequest) -> Any:
    """Each invariant of domain.md 11.3 in turn."""
    return request.param


@pytest.fixture(scope="session")
def rows_that_break() -> Callable[[Any, Path], list[tuple[Any, ...]]]:
    """Rows of a DuckDB file, opened read-only, that break an invariant."""

    def broken(invariant: Any, database: Path) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(database), read_only=True) as connection:
            rows: list[tuple[Any, ...]] = invariant.broken(connection)
            return rows

    return broken
