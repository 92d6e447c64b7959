"""Deadlines, waivers and quiet hours by working days, holidays and periods (domain.md 6.2, 6.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from ingest.time.period import UnknownPeriodError
from ingest.time.working_days import WorkingDays
from ingest.workspace import Workspace
from ingest.workspace.stewards import QuietHours

#: How long a waiver lasts where the finding names no period: so many days for each period of the setting.
DAYS_WITHOUT_PERIOD = 91


@dataclass(frozen=True)
class Clocks:
    """What day it is, and which day something is due."""

    workspace: Workspace

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.workspace.settings.time_zone)

    @property
    def working_days(self) -> WorkingDays:
        return self.workspace.settings.working_days

    def today(self, now: datetime) -> date:
        """The day in the workspace's time zone."""
        return now.astimezone(self.zone).date()

    def deadline(self, severity: str, now: datetime) -> date:
        """Last day on which a finding of this severity is settled in time."""
        days = self.workspace.settings.stewardship.service_levels.of(severity)
        return self.working_days.after(self.today(now), days)

    def reminder_day(self, deadline: date) -> date | None:
        """The day on which to remind of a deadline; None where nobody is reminded."""
        days = self.workspace.settings.stewardship.remind_before
        return self.before(deadline, days) if days else None

    def before(self, day: date, count: int) -> date:
        """The count-th working day before a day."""
        while count > 0:
            day -= timedelta(days=1)
            count -= self.working_days.is_working_day(day)
        return day

    def waiver_end(self, period_code: str | None, today: date) -> date:
        """Last day of a waiver given today: so many periods on, of the kind the figure is reported for."""
        periods = self.workspace.settings.stewardship.waiver_periods
        try:
            reported = self.workspace.calendars.period(period_code or "")
        except UnknownPeriodError:
            return today + timedelta(days=DAYS_WITHOUT_PERIOD * periods)
        end = today
        for _ in range(periods + 1):
            following = self.workspace.calendars.overlapping(
                (end, end + timedelta(days=1)), reported.calendar_code, reported.frequency
            )
            if not following:
                return today + timedelta(days=DAYS_WITHOUT_PERIOD * periods)
            end = following[0].end_exclusive
        return end - timedelta(days=1)

    def send_time(self, now: datetime, severity: str, *, at_once: bool) -> datetime:
        """When a message may go: now or at the next digest, and not in quiet hours."""
        moment = now.astimezone(self.zone)
        settings = self.workspace.settings.stewardship
        if not at_once:
            digest = moment.replace(
                hour=settings.digest_at.hour, minute=settings.digest_at.minute, second=0, microsecond=0
            )
            moment = digest if digest >= moment else digest + timedelta(days=1)
        quiet = settings.quiet_hours
        if quiet is None or severity in quiet.but:
            return moment
        for _ in range(400):
            later = self._end_of_quiet(moment, quiet)
            if later == moment:
                break
            moment = later
        return moment

    def _end_of_quiet(self, moment: datetime, quiet: QuietHours) -> datetime:
        if quiet.days_off and not self.working_days.is_working_day(moment.date()):
            tomorrow = moment + timedelta(days=1)
            return tomorrow.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0)
        clock = moment.time().replace(tzinfo=None)
        over_midnight = quiet.start > quiet.end
        is_quiet = (clock >= quiet.start or clock < quiet.end) if over_midnight else quiet.start <= clock < quiet.end
        if not is_quiet:
            return moment
        end = moment.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0)
        return end if end > moment else end + timedelta(days=1)
