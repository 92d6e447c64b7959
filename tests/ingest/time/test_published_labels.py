"""Every label of a period in published files is read, or is one of the few that only a person can decide."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

import pytest

from ingest.time import Calendars

CASES = Path(os.environ.get("OUTTURN_SHARED") or Path(__file__).parents[4] / "shared") / "cases"

pytestmark = [
    pytest.mark.shared_cases,
    pytest.mark.skipif(not CASES.is_dir(), reason=f"the published data is not here: {CASES} (set OUTTURN_SHARED)"),
]


def _column(file: Path, column: str) -> set[str]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return {row[column] for row in csv.DictReader(stream)}


def test_years_of_sustainable_development_indicators(calendars: Calendars) -> None:
    labels = {label for file in (CASES / "02-uk-sdg-open-sdg/data").glob("*.csv") for label in _column(file, "Year")}
    read = {label: calendars.parse(label, calendar="CAL" if "Q" in label else "FY-UK").period for label in labels}
    unread = {label for label, period in read.items() if period is None}
    assert unread == {"1974a", "1974b", "There is no data for this indicator yet"}
    for label, period in read.items():
        if period is not None:
            assert period.start.year == int(re.findall(r"\d{4}", label)[0]), label


def test_windows_of_the_performance_platform(calendars: Calendars) -> None:
    file = CASES / "01-uk-performance-platform/transaction-volumes.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        header = next(csv.reader(stream))
    windows = {name.split(":")[0] for name in header if ":" in name}
    periods = [calendars.parse(window).period for window in windows]
    assert len(windows) >= 21
    assert all(period is not None for period in periods)
    years = [period.days in {365, 366} for period in periods if period is not None]
    assert years.count(False) == 1  # January 2014 to December 2015 is mistyped in the file


def test_quarters_and_years_in_one_dimension(calendars: Calendars) -> None:
    """ICANE counts quarters as 2016 - 1; the year beside them stays a year."""
    text = (CASES / "03-api-messages/jsonstat2-icane/cantabria.json").read_text(encoding="utf-8")
    index = json.loads(text)["dimension"]["Trimestre"]["category"]["index"]
    frequencies = {}
    for label in index:
        period = calendars.parse(label, frequency="Q").period
        assert period is not None, label
        frequencies[label] = period.frequency
    assert {frequency for label, frequency in frequencies.items() if "-" in label} == {"Q"}
    assert {frequency for label, frequency in frequencies.items() if "-" not in label} == {"A"}


def test_days_of_vaccination(calendars: Calendars) -> None:
    days = _column(CASES / "06-it-vaccini/consegne-vaccini-latest.csv", "data_consegna")
    assert all(calendars.parse(day).period is not None for day in days)
