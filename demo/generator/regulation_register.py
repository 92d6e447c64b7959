"""The register of regulations of a few functions: the same figures as ministries report, one row a regulation.

``python -m demo.generator.regulation_register`` writes the registry's tables ``regulations``, ``regulation_actions``,
``compliance_costs`` and ``function_holders``. They stand in the repository, because a register is what a government
keeps and not what agencies hand in.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from demo.generator.draws import stream, wobble
from demo.generator.territories import MINISTRY_REFORM
from demo.generator.truth.regulations import FUNCTIONS, TYPES, Half, Regulations

#: Number in FUNCTIONS → code and names of the function. A part of the functions keeps the register small.
REGISTERED = {
    2: ("FOREIGN", "Đối ngoại", "Foreign affairs"),
    11: ("TELECOM", "Viễn thông, công nghệ thông tin", "Telecommunications and information technology"),
    12: ("PRESS", "Báo chí, xuất bản", "Press and publishing"),
    17: ("POVERTY", "Giảm nghèo", "Poverty reduction"),
    20: ("RELIGION", "Tôn giáo", "Religious affairs"),
    24: ("ETHNIC", "Công tác dân tộc", "Ethnic minority affairs"),
    25: ("INSPECTION", "Thanh tra", "Inspection"),
    27: ("OFFICE", "Kiểm soát thủ tục hành chính", "Control of administrative procedures"),
}
HALVES = tuple(Half(year, number) for year in range(2021, 2026) for number in (1, 2))
Rows = list[dict[str, object]]


class RegulationRegister:
    """Rows of the four tables, with as many steps in each half-year as the ministries report."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._regulations = Regulations(seed)
        self.tables: dict[str, Rows] = {
            "function_holders": [],
            "regulations": [],
            "regulation_actions": [],
            "compliance_costs": [],
        }
        for number, names in REGISTERED.items():
            self._hold(number, names)
            for kind in TYPES:
                if kind in FUNCTIONS[number].types:
                    self._register(number, names[0], kind)

    def write(self, folder: Path) -> None:
        """Write a CSV file for each table."""
        for name, rows in self.tables.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
                writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)

    def _hold(self, number: int, names: tuple[str, str, str]) -> None:
        code, name_vi, name_en = names
        function = FUNCTIONS[number]
        stretches: tuple[tuple[str, object, object], ...] = (
            (function.before, date(2007, 8, 2), MINISTRY_REFORM),
            (function.after, MINISTRY_REFORM, ""),
        )
        if function.before == function.after:
            stretches = ((function.before, date(2007, 8, 2), ""),)
        for holder, valid_from, valid_to in stretches:
            self.tables["function_holders"].append(
                {
                    "function": code,
                    "name_vi": name_vi,
                    "name_en": name_en,
                    "organisation_code": holder,
                    "valid_from": valid_from,
                    "valid_to": valid_to,
                }
            )

    def _register(self, number: int, function: str, kind: str) -> None:
        stock = [f"{function}-{kind}-{place:03d}" for place in range(1, self._regulations.baseline(number, kind) + 1)]
        for code in stock:
            draw = stream(self._seed, "register", code)
            self._add(code, function, kind, date(2010, 1, 1) + timedelta(days=draw.randrange(3700)))
        untouched, waiting, simplified = iter(stock), list[str](), list[str]()
        for half in HALVES:
            reviewed, approved, abolished, eased, new = self._regulations.step(number, kind, half)
            for place, code in zip(range(reviewed), untouched, strict=False):
                self._act(code, "reviewed", "none", half, 40)
                if place < approved:
                    waiting.append(code)
                    self._act(code, "approved", self._planned(code), half, 100)
            for action, count in (("abolish", abolished), ("simplify", eased)):
                for code in [waiting.pop(0) for _ in range(min(count, len(waiting)))]:
                    self._act(code, "implemented", action, half, 160)
                    self._cost(code, "after", 0 if action == "abolish" else 0.6)
                    simplified += [code] if action == "simplify" else []
            if half.number == 2 and len(simplified) > 8:
                self._act(simplified.pop(0), "implemented", "abolish", half, 170)
            for place in range(1, new + 1):
                self._add(f"{function}-{kind}-{half.code}-{place}", function, kind, _day(half, 90))

    def _planned(self, code: str) -> str:
        return "abolish" if stream(self._seed, "planned", code).random() < 0.4 else "simplify"

    def _add(self, code: str, function: str, kind: str, in_force_on: date) -> None:
        self.tables["regulations"].append(
            {
                "code": code,
                "programme": "R68",
                "function": function,
                "regulation_type": f"REGTYPE={kind}",
                "document": f"Nghị định {1 + sum(map(ord, code)) % 160}/{in_force_on.year}/NĐ-CP (giả định)",
                "in_force_on": in_force_on,
            }
        )
        self._cost(code, "before", 1)

    def _act(self, code: str, stage: str, action: str, half: Half, day: int) -> None:
        self.tables["regulation_actions"].append(
            {"regulation": code, "stage": stage, "action": action, "effective_on": _day(half, day)}
        )

    def _cost(self, code: str, state: str, factor: float) -> None:
        """One estimate; one regulation in twenty has none."""
        if stream(self._seed, "estimated", code).random() < 0.05 or (state == "after" and not factor):
            return
        self.tables["compliance_costs"].append(
            {
                "regulation": code,
                "state": state,
                "hours": round(8 * factor * wobble(self._seed, 0.5, "hours", code)),
                "hourly_wage": 55_000,
                "fee": 200_000,
                "other_cost": 50_000 if state == "before" else 0,
                "executions": 1 + stream(self._seed, "executions", code).randrange(4),
                "subjects": 100 * (1 + stream(self._seed, "subjects", code).randrange(30)),
                "price_year": 2020,
            }
        )


def _day(half: Half, days: int) -> date:
    return date(half.year, 1 if half.number == 1 else 7, 1) + timedelta(days=days)


if __name__ == "__main__":
    from demo.generate import SEED, WORKSPACE

    RegulationRegister(SEED).write(WORKSPACE / "registry")
