"""Periods: calendars as data, the labels people write for periods, and due dates on working days."""

from ingest.time.calendar import Calendars
from ingest.time.label import ParsedPeriod, date_order
from ingest.time.period import Period, UnknownPeriodError
from ingest.time.working_days import WorkingDays

__all__ = ["Calendars", "ParsedPeriod", "Period", "UnknownPeriodError", "WorkingDays", "date_order"]
