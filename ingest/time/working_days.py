"""Due dates counted in working days: weekends, holidays and swapped working days are data (domain.md 3.2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

#: Days of the week as written in ``workspace.yml``; their place is ``date.weekday()``.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked. ``worked`` are weekend days that a decree makes working days in exchange for others."""

    weekend: Collection[str] = ("saturday", "sunday")
    holidays: Collection[date] = field(default_factory=frozenset)
    worked: Collection[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day not in self.holidays and WEEKDAYS[day.weekday()] not in self.weekend

    def after(self, day: date, count: int) -> date:
        """The count-th working day after a day; the day itself for 0.

        Raises ``ValueError`` if ten years hold fewer, as when every day of the week is weekend.

        >>> WorkingDays(holidays={date(2026, 1, 1)}).after(date(2025, 12, 31), 2)
        datetime.date(2026, 1, 5)
        """
        last = day + timedelta(days=3660)
        while count > 0:
            day += timedelta(days=1)
            if day > last:
                raise ValueError("ten years without enough working days; check weekend and holidays in workspace.yml")
            count -= self.is_working_day(day)
        return day
