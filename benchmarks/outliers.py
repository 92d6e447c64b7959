"""How well the outlier rules find planted errors in short, skewed, seasonal, growing and sparse series.

    python -m benchmarks.outliers --series 200

Series are drawn from a seed, each error is labelled, and level shifts that are no errors are among them. The rules of
the catalogue (OUT-01, OUT-03, JMP-01, SCALE-01) run in the real gate with their defaults. Beside them, each with the
threshold that suits it best on this very fixture: the z-score of a series, and the range of the earlier figures
(min-max). Printed: precision, recall and F1 of each, over all and by kind of series.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from expectations.intake import judge
from ingest.contract import TIDY

RULES = ("OUT-01", "OUT-03", "JMP-01", "SCALE-01")
SOURCE, SUBMISSION_ID = "benchmark", "ffffffffffffffff"
RECEIVED = datetime(2026, 2, 1, tzinfo=UTC)
Random = np.random.Generator


@dataclass(frozen=True)
class Series:
    """``values`` by period, oldest first; ``error`` is the position of the one that was typed wrongly, if any."""

    kind: str
    frequency: str
    values: tuple[int, ...]
    error: int | None


def short(random: Random) -> tuple[str, np.ndarray]:
    """Four to twelve years around a level."""
    level = np.exp(random.uniform(4, 9))
    return "A", random.poisson(level * np.exp(random.normal(0, 0.05, int(random.integers(4, 13)))))


def skewed(random: Random) -> tuple[str, np.ndarray]:
    """Twenty quarters of a log-normal measure."""
    return "Q", np.exp(random.normal(random.uniform(5, 9), random.uniform(0.2, 0.45), 20))


def seasonal(random: Random) -> tuple[str, np.ndarray]:
    """Six years of quarters whose highest is several times the lowest."""
    season = np.tile(np.exp(random.uniform(-0.8, 0.8, 4)), 6)
    return "Q", random.poisson(np.exp(random.uniform(5, 8)) * season * np.exp(random.normal(0, 0.05, 24)))


def growing(random: Random) -> tuple[str, np.ndarray]:
    """Twenty quarters that grow or shrink by up to a tenth each."""
    growth = random.uniform(-0.06, 0.1)
    return "Q", random.poisson(
        np.exp(random.uniform(6, 8)) * np.exp(growth * np.arange(20) + random.normal(0, 0.05, 20))
    )


def sparse(random: Random) -> tuple[str, np.ndarray]:
    """Twenty quarters of which half have nothing."""
    return "Q", random.poisson(random.uniform(20, 60), 20) * (random.random(20) < 0.5)


def shifted(random: Random) -> tuple[str, np.ndarray]:
    """Twenty quarters with a new level from some quarter on: news, not an error."""
    at, level = int(random.integers(6, 17)), np.exp(random.uniform(5, 8))
    after = level * np.exp(random.choice([-1, 1]) * random.uniform(0.5, 1.0))
    return "Q", random.poisson(np.where(np.arange(20) < at, level, after) * np.exp(random.normal(0, 0.05, 20)))


KINDS: Mapping[str, Callable[[Random], tuple[str, np.ndarray]]] = {
    "short": short,
    "skewed": skewed,
    "seasonal": seasonal,
    "growing": growing,
    "sparse": sparse,
    "shifted": shifted,
}


def mistyped(random: Random, value: int) -> int:
    """A digit too many or too few, a unit of a thousand, a doubled or a halved figure: what people do."""
    choices = (value * 10, value // 10, value * 1000, int(str(value) + str(value)[-1]), value * 3, max(value // 4, 0))
    wrong = [choice for choice in choices if choice >= 1 and not 0.6 < choice / max(value, 1) < 1.7]
    return int(random.choice(wrong))


def draw(count: int, seed: int = 68) -> list[Series]:
    """``count`` series of each kind; four of ten have one error, never in the first three periods."""
    random = np.random.default_rng(seed)
    found = []
    for kind, make in KINDS.items():
        for _ in range(count):
            frequency, drawn = make(random)
            values = [round(float(value)) for value in drawn]
            places = [n for n, value in enumerate(values) if n >= 3 and value > 0]
            error = int(random.choice(places)) if places and random.random() < 0.4 else None
            if error is not None:
                values[error] = mistyped(random, values[error])
            found.append(Series(kind, frequency, tuple(values), error))
    return found


def found_by_rules(series: Sequence[Series]) -> set[tuple[int, int]]:
    """(series, position) of every figure that a rule of the catalogue finds, in the real gate."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder, series)
        submission = {"submission_id": SUBMISSION_ID, "file_name": "benchmark", "received_at": RECEIVED}
        with judge(
            folder / "tidy.parquet", (), folder / "registry", source_code=SOURCE, submissions=[submission]
        ) as verdict:
            cells = verdict.connection.execute(
                "select organisation_code, cell from finding where list_contains(?, rule_id)", [list(RULES)]
            ).fetchall()
    return {(int(organisation[1:]), int(cell[1:]) - 1) for organisation, cell in cells}


def _write(folder: Path, series: Sequence[Series]) -> None:
    rows = [
        dict.fromkeys(TIDY.column_names)
        | {
            "source_code": SOURCE,
            "submission_id": SUBMISSION_ID,
            "sheet": one.kind,
            "cell": f"C{position + 1}",
            "indicator_code": one.kind,
            "organisation_code": f"O{number}",
            "organisation_valid_from": date(1900, 1, 1),
            "calendar_code": "CAL",
            "target_group_code": "_T",
            "measure_kind": "ACTUAL",
            "value": Decimal(value),
            "unit_code": "dossier",
            "obs_status": "A",
            "accumulation": "IN_PERIOD",
            "recorded_at": RECEIVED,
            "recipe_version": "r1",
        }
        | _period(one.frequency, position - len(one.values))
        for number, one in enumerate(series)
        for position, value in enumerate(one.values)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=TIDY.schema), folder / "tidy.parquet")
    (folder / "registry").mkdir()
    organisations = [
        {
            "code": f"O{n}",
            "name_vi": f"O{n}",
            "name_en": f"O{n}",
            "level": "unit",
            "parent_code": f"P{n}",
            "valid_from": date(1900, 1, 1),
        }
        for n in range(len(series))
    ]
    indicators = [
        {
            "code": kind, "version": 1, "name_vi": kind, "name_en": kind, "unit": "dossier", "integer_only": True,
            "allow_negative": False, "organisation_aggregation": "sum", "group_aggregation": "sum",
            "valid_from": date(1900, 1, 1),
        }
        for kind in KINDS
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(organisations), folder / "registry" / "organisations.parquet")
    pq.write_table(pa.Table.from_pylist(indicators), folder / "registry" / "indicators.parquet")


def _period(frequency: str, before_2026: int) -> dict[str, object]:
    if frequency == "A":
        year = 2026 + before_2026
        return {
            "period_code": str(year),
            "period_start": date(year, 1, 1),
            "period_end_exclusive": date(year + 1, 1, 1),
        }
    quarter = 4 * 2026 + before_2026
    start, end = (date(q // 4, 3 * (q % 4) + 1, 1) for q in (quarter, quarter + 1))
    return {"period_code": f"{start.year}-Q{quarter % 4 + 1}", "period_start": start, "period_end_exclusive": end}


def z_scores(one: Series) -> list[float]:
    """Of each figure among all of its series; nobody can reach 3 with ten figures."""
    values = np.array(one.values, float)
    spread = values.std(ddof=1)
    return [abs(float(value - values.mean()) / spread) if spread > 0 else 0.0 for value in values]


def range_excesses(one: Series) -> list[float]:
    """How far each figure lies beyond the range of those before it, as a share of its ends; from the fourth on."""
    excesses = [0.0, 0.0, 0.0]
    for position in range(3, len(one.values)):
        low, high = min(one.values[:position]), max(one.values[:position])
        value = one.values[position]
        excesses.append(max((value - high) / max(high, 1), (low - value) / max(low, 1), 0.0))
    return excesses


@dataclass(frozen=True)
class Score:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def score(found: Iterable[tuple[int, int]], series: Sequence[Series], kind: str | None = None) -> Score:
    chosen = {number for number, one in enumerate(series) if kind in (None, one.kind)}
    truth = {(number, one.error) for number, one in enumerate(series) if one.error is not None and number in chosen}
    seen = {(number, position) for number, position in found if number in chosen}
    hits = len(truth & seen)
    return Score(hits / len(seen) if seen else 0.0, hits / len(truth) if truth else 0.0)


def best(
    statistic: Callable[[Series], list[float]], thresholds: Sequence[float], series: Sequence[Series]
) -> tuple[float, set[tuple[int, int]]]:
    """The threshold with the greatest F1 on these very series, and what it finds."""
    values = [statistic(one) for one in series]
    candidates = {
        limit: {(n, p) for n, own in enumerate(values) for p, value in enumerate(own) if value > limit}
        for limit in thresholds
    }
    limit = max(candidates, key=lambda one: score(candidates[one], series).f1)
    return limit, candidates[limit]


def compare(series: Sequence[Series]) -> dict[str, set[tuple[int, int]]]:
    """What each method finds; the two plain ones with the threshold that suits them best."""
    z_limit, by_z = best(z_scores, [1.5, 2, 2.5, 3, 3.5], series)
    range_limit, by_range = best(range_excesses, [0, 0.1, 0.25, 0.5, 1, 2], series)
    return {
        "rules of the catalogue": found_by_rules(series),
        f"z-score > {z_limit:g}": by_z,
        f"min-max + {100 * range_limit:g} %": by_range,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--series", type=int, default=200, help="series of each kind")
    series = draw(parser.parse_args().series)
    errors = sum(one.error is not None for one in series)
    print(f"{len(series)} series, {sum(len(one.values) for one in series)} figures, {errors} errors")
    for name, found in compare(series).items():
        total = score(found, series)
        kinds = ", ".join(f"{kind} {score(found, series, kind).f1:.2f}" for kind in KINDS)
        print(
            f"{name:24} precision {total.precision:.3f} recall {total.recall:.3f} F1 {total.f1:.3f}   by kind: {kinds}"
        )


if __name__ == "__main__":
    main()
