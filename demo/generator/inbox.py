"""Every workbook of the demo, in the order of receipt, before and after the planted errors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from demo.generator.forms import (
    cities as city_forms,
)
from demo.generator.forms import (
    disability as disability_forms,
)
from demo.generator.forms import (
    employment as employment_forms,
)
from demo.generator.forms import (
    finance as finance_forms,
)
from demo.generator.forms import (
    one_stop_shop as shop_forms,
)
from demo.generator.forms import (
    regulations as regulation_forms,
)
from demo.generator.forms import (
    roads as road_forms,
)
from demo.generator.forms import (
    service_portal as portal_forms,
)
from demo.generator.forms import (
    targets as target_forms,
)
from demo.generator.sheet import Workbook
from demo.generator.spreadsheet_files import render_spreadsheet
from demo.generator.territories import load_territories
from demo.generator.text_files import render_text
from demo.generator.truth.cities import Cities
from demo.generator.truth.disability import DisabilityEmployment
from demo.generator.truth.employment import EmploymentService
from demo.generator.truth.finance import OneStopShopFinance
from demo.generator.truth.one_stop_shop import OneStopShops
from demo.generator.truth.regulations import Regulations
from demo.generator.truth.roads import Roads
from demo.generator.truth.service_portal import ServicePortal
from demo.generator.truth.targets import AssignedTargets


def flawless_workbooks(workspace: Path, seed: int) -> list[Workbook]:
    """Every workbook without planted errors. ``workspace`` gives the registry; raises OSError if it has none."""
    territories = load_territories(workspace)
    shops = OneStopShops(seed)
    employment, roads = EmploymentService(seed), Roads(seed)
    books = [
        *shop_forms.workbooks(territories, shops, seed),
        *portal_forms.workbooks(territories, ServicePortal(seed, shops)),
        *employment_forms.workbooks(territories, employment, seed),
        *disability_forms.workbooks(territories, DisabilityEmployment(seed)),
        *finance_forms.workbooks(territories, OneStopShopFinance(seed, shops)),
        *road_forms.workbooks(territories, roads),
        *regulation_forms.workbooks(territories, Regulations(seed)),
        *city_forms.workbooks(territories, Cities(seed), seed),
        *target_forms.workbooks(territories, AssignedTargets(seed, employment, roads)),
    ]
    return sorted(books, key=lambda book: (book.received, book.path))


def render(workbook: Workbook) -> bytes:
    """The bytes of a workbook."""
    return render_text(workbook) if workbook.file_format == "csv" else render_spreadsheet(workbook)


def deliveries(workbook: Workbook) -> list[Workbook]:
    """The workbook, and once more where the agency handed the same file in twice."""
    if workbook.source == finance_forms.SOURCE and str(finance_forms.TWICE) in workbook.file_name:
        return [workbook, replace(workbook, received=workbook.received + timedelta(days=19))]
    return [workbook]
