"""The restricted file: who scored what, on what inputs, and who looked (domain.md 8.6).

A DuckDB file of its own, ``WORKSPACE/restricted/appraisal.duckdb``, readable by its owner alone and attached by no
other job. Persons stand in it under a keyed hash; the key comes from the environment and is never written. No names.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from appraisal.aggregates import shown_classes
from appraisal.scheme import Scheme
from appraisal.scoring import Inputs, Score, score

KEY_VARIABLE = "OUTTURN_PERSON_KEY"
SHORTEST_KEY = 32
#: A rating is out of so many points.
MOST_POINTS = 100
#: 360-degree ratings are shown from so many raters of a role on.
LEAST_RATERS = 3

_TABLES = """
    create table if not exists scheme (code varchar, version int, content varchar, primary key (code, version));
    create table if not exists score (
        person_key varchar, organisation_code varchar, task_group varchar, period_code varchar, period_end date,
        scheme_code varchar, scheme_version int, inputs varchar, points decimal(9, 6), class varchar, reason varchar,
        recorded_at timestamptz, primary key (person_key, period_code)
    );
    create table if not exists rating (
        person_key varchar, period_code varchar, period_end date, role varchar, points decimal(9, 6)
    );
    create table if not exists response (person_key varchar, period_code varchar, period_end date, text varchar);
    create table if not exists vote (
        person_key varchar, period_code varchar, period_end date, body varchar, option varchar, votes int,
        primary key (person_key, period_code, body, option)
    );
    create table if not exists access_right (reader varchar, organisation_code varchar, person_key varchar);
    create table if not exists access_log (
        logged_at timestamptz, reader varchar, action varchar, purpose varchar, rows_read int
    );
    create table if not exists deletion (
        deleted_at timestamptz, before date, table_name varchar, rows int, digest varchar
    );
"""
_PERSONAL = ("score", "rating", "response", "vote")


class VaultError(RuntimeError):
    """Something is refused; the message says what and why, and names nobody."""


@dataclass(frozen=True)
class Reader:
    """Who reads and for what; both are logged."""

    name: str
    purpose: str


@dataclass(frozen=True)
class StoredScore:
    """A score with everything it rests on."""

    person_key: str
    organisation_code: str
    task_group: str
    period_code: str
    scheme: Scheme
    inputs: Inputs
    points: Decimal | None
    class_: str | None

    def recomputed(self) -> Score:
        """The score, computed again from the stored inputs by the stored scheme."""
        return score(self.scheme, self.inputs)


class Vault:
    """The restricted file. Every read goes through ``_read``, which checks the reader's right and writes the log."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.chmod(0o700)
        with self._open() as connection:
            connection.execute(_TABLES)
        path.chmod(0o600)

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = duckdb.connect(str(self.path))
        try:
            yield connection
        finally:
            connection.close()

    # ---- who -------------------------------------------------------------------------------------------------
    @staticmethod
    def person_key(identifier: str) -> str:
        """Keyed hash (HMAC-SHA-256) of a personnel number. Raises ``VaultError`` without a key that is long enough."""
        key = os.environ.get(KEY_VARIABLE, "")
        if len(key) < SHORTEST_KEY:
            raise VaultError(f"set {KEY_VARIABLE} to a secret of at least {SHORTEST_KEY} characters")
        return hmac.new(key.encode(), identifier.encode(), hashlib.sha256).hexdigest()

    def grant(self, reader: str, organisation_code: str | None = None, person_key: str | None = None) -> None:
        """Let ``reader`` see an organisation's own line, or one person (usually: oneself)."""
        with self._open() as connection:
            connection.execute("insert into access_right values (?, ?, ?)", [reader, organisation_code, person_key])

    # ---- writing ---------------------------------------------------------------------------------------------
    def record(
        self,
        person_key: str,
        organisation_code: str,
        task_group: str,
        period: tuple[str, date],
        scheme: Scheme,
        inputs: Inputs,
    ) -> Score:
        """Score somebody for a period (code, last day) and keep the score with its inputs and its scheme."""
        found = score(scheme, inputs)
        with self._open() as connection:
            connection.execute(
                "insert or replace into scheme values (?, ?, ?)",
                [scheme.code, scheme.version, scheme.model_dump_json(by_alias=True)],
            )
            connection.execute(
                "insert or replace into score values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [person_key, organisation_code, task_group, *period, scheme.code, scheme.version,
                 json.dumps(inputs.as_data(), sort_keys=True), found.points, found.class_, found.reason, _now()],
            )  # fmt: skip
        return found

    def rate(self, person_key: str, period: tuple[str, date], role: str, points: Decimal) -> None:
        """A 360-degree rating of 0 to 100 points; else ``VaultError``. Who gave it is written nowhere."""
        if not 0 <= points <= MOST_POINTS:
            raise VaultError(f"a rating has 0 to {MOST_POINTS} points, not {points}")
        with self._open() as connection:
            connection.execute("insert into rating values (?, ?, ?, ?, ?)", [person_key, *period, role, points])

    def respond(self, person_key: str, period: tuple[str, date], text: str) -> None:
        """What the person has to say to the score."""
        with self._open() as connection:
            connection.execute("insert into response values (?, ?, ?, ?)", [person_key, *period, text])

    def count_votes(self, person_key: str, period: tuple[str, date], body: str, counts: Mapping[str, int]) -> None:
        """What a body voted about somebody, as counts by option; who voted how is written nowhere.

        A later count of the same body replaces the earlier one. Raises ``VaultError`` for a count below zero.
        """
        if not counts or any(votes < 0 for votes in counts.values()):
            raise VaultError("votes are counted by option, from 0 on")
        with self._open() as connection:
            connection.execute(
                "delete from vote where person_key = ? and period_code = ? and body = ?", [person_key, period[0], body]
            )
            rows = [[person_key, *period, body, option, votes] for option, votes in sorted(counts.items())]
            connection.executemany("insert into vote values (?, ?, ?, ?, ?, ?)", rows)

    def period_of(self, person_key: str, period_code: str) -> tuple[str, date]:
        """The period (code, last day) somebody was scored for. Raises ``VaultError`` where there is no score."""
        with self._open() as connection:
            found = connection.execute(
                "select period_code, period_end from score where person_key = ? and period_code = ?",
                [person_key, period_code],
            ).fetchone()
        if found is None:
            raise VaultError(f"there is no score of this person for {period_code}")
        return found[0], found[1]

    # ---- reading ---------------------------------------------------------------------------------------------
    def scores(self, reader: Reader, organisation_code: str, period_code: str) -> list[StoredScore]:
        """Scores of an organisation for a period. Raises ``VaultError`` where the reader has no right to them."""
        condition = "organisation_code = $organisation and period_code = $period"
        return self._scores(reader, condition, {"organisation": organisation_code, "period": period_code},
                            "organisation_code", organisation_code)  # fmt: skip

    def own_scores(self, reader: Reader, person_key: str) -> list[StoredScore]:
        """Everything kept about one person, for that person."""
        return self._scores(reader, "person_key = $person", {"person": person_key}, "person_key", person_key)

    def _scores(
        self, reader: Reader, condition: str, values: Mapping[str, str], right: str, of: str
    ) -> list[StoredScore]:
        rows = self._read(
            reader,
            "scores",
            "select person_key, organisation_code, task_group, period_code, scheme.content, inputs, points, class "
            "from score inner join scheme on scheme_code = code and scheme_version = version "
            f"where {condition} order by person_key, period_code",
            values,
            (right, of),
        )
        return [
            StoredScore(
                person_key,
                organisation,
                group,
                period,
                Scheme.model_validate_json(scheme),
                Inputs.from_data(json.loads(inputs)),
                points,
                class_,
            )
            for person_key, organisation, group, period, scheme, inputs, points, class_ in rows
        ]

    def ratings(self, reader: Reader, person_key: str, period_code: str) -> dict[str, Decimal]:
        """Mean rating a role, for roles with at least three raters; nothing of the others, not even their number."""
        rows = self._read(
            reader,
            "ratings",
            "select role, avg(points) from rating where person_key = $person and period_code = $period "
            "group by role having count(*) >= $least order by role",
            {"person": person_key, "period": period_code, "least": LEAST_RATERS},
            ("person_key", person_key),
        )
        return {role: Decimal(str(mean)).quantize(Decimal("0.01")) for role, mean in rows}

    def votes(self, reader: Reader, person_key: str, period_code: str) -> list[tuple[str, str, int]]:
        """Body, option and number of votes about one person."""
        return self._read(
            reader,
            "votes",
            "select body, option, votes from vote where person_key = $person and period_code = $period order by all",
            {"person": person_key, "period": period_code},
            ("person_key", person_key),
        )

    def own_responses(self, reader: Reader, person_key: str) -> list[tuple[str, str]]:
        """Period and text of what one person had to say, for that person."""
        return self._read(
            reader,
            "responses",
            "select period_code, text from response where person_key = $person order by all",
            {"person": person_key},
            ("person_key", person_key),
        )

    def responses(self, reader: Reader, organisation_code: str, period_code: str) -> list[tuple[str, str]]:
        """Person and text of what the staff of an organisation had to say to their scores of a period."""
        return self._read(
            reader,
            "responses",
            "select person_key, text from response inner join score using (person_key, period_code) "
            "where organisation_code = $organisation and period_code = $period order by all",
            {"organisation": organisation_code, "period": period_code},
            ("organisation_code", organisation_code),
        )

    def class_summary(self, reader: Reader, period_code: str) -> list[tuple[str, str, int]]:
        """Organisation, class, persons, as far as that may leave this file (``appraisal.aggregates``)."""
        rows = self._read(
            reader,
            "class_summary",
            "select organisation_code, coalesce(class, 'not_rated'), count(*)::int from score "
            "where period_code = $period group by all order by all",
            {"period": period_code},
            None,
        )
        return shown_classes([(organisation, class_, count) for organisation, class_, count in rows])

    def log(self) -> list[tuple[Any, ...]]:
        """Every read, oldest first: logged_at, reader, action, purpose, rows_read."""
        with self._open() as connection:
            return connection.execute("from access_log order by logged_at").fetchall()

    def _read(
        self, reader: Reader, action: str, query: str, values: Mapping[str, Any], right: tuple[str, str] | None
    ) -> list[tuple[Any, ...]]:
        if not reader.name.strip() or not reader.purpose.strip():
            raise VaultError("who reads and for what purpose must be said")
        with self._open() as connection:
            rows: list[tuple[Any, ...]] = []
            allowed = (
                right is None
                or connection.execute(
                    f"select 1 from access_right where reader = ? and {right[0]} = ?", [reader.name, right[1]]
                ).fetchone()
            )
            if allowed:
                rows = connection.execute(query, dict(values)).fetchall()
            entry = [_now(), reader.name, action if allowed else f"{action} refused", reader.purpose, len(rows)]
            connection.execute("insert into access_log values (?, ?, ?, ?, ?)", entry)
        if not allowed:
            raise VaultError(f"{reader.name} has no right to this; the attempt is logged")
        return rows

    # ---- forgetting ------------------------------------------------------------------------------------------
    def purge(self, before: date) -> list[tuple[str, int, str]]:
        """Delete everything about persons whose period ended before a day, and prove it.

        The proof (table, rows, SHA-256 over the deleted rows) is kept. The file is written anew: DuckDB leaves the
        bytes of deleted rows in the old one, which is overwritten and removed.
        """
        proof = []
        with self._open() as connection:
            for table in _PERSONAL:
                rows = connection.execute(f"from {table} where period_end < ? order by all", [before]).fetchall()
                digest = hashlib.sha256(repr(rows).encode()).hexdigest()
                connection.execute(f"delete from {table} where period_end < ?", [before])
                connection.execute(
                    "insert into deletion values (?, ?, ?, ?, ?)", [_now(), before, table, len(rows), digest]
                )
                proof.append((table, len(rows), digest))
            connection.execute(
                "delete from access_right where person_key is not null "
                "and person_key not in (select person_key from score)"
            )
        self._rewrite()
        return proof

    def _rewrite(self) -> None:
        fresh = self.path.with_suffix(".rewritten")
        fresh.unlink(missing_ok=True)
        with duckdb.connect() as connection:
            connection.execute(f"attach '{_quoted(self.path)}' as old")
            connection.execute(f"attach '{_quoted(fresh)}' as fresh")
            connection.execute("copy from database old to fresh")
            for name in ("old", "fresh"):
                connection.execute(f"detach {name}")
        for leftover in (self.path, *self.path.parent.glob(f"{self.path.name}.wal")):
            with leftover.open("r+b") as stream:
                stream.write(b"\0" * leftover.stat().st_size)
                stream.flush()
                os.fsync(stream.fileno())
        fresh.chmod(0o600)
        fresh.replace(self.path)


def _now() -> datetime:
    return datetime.now(UTC)


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")
