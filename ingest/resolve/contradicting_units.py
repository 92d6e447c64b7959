"""Whether a printed unit contradicts the registered one that would be taken for granted."""

from __future__ import annotations

from ingest.parse.unit_hints import hinted_units
from ingest.parse.unit_table import CURRENCIES, MEASURED
from ingest.parse.units import Unit, same_base, unit_in_text
from ingest.recipe.printed_units import PrintedUnit


def contradicting(printed: PrintedUnit, registered: Unit) -> str | None:
    """The printed text that states another unit than the registered one; None where nothing contradicts it.

    Words for what is counted are loose (*người*, *hồ sơ*), so of those only the magnitude is compared. A line above the
    table need not hold for all of its columns: it counts where it has the registered base in another magnitude, or
    names another currency while no line names the registered one.
    """
    if printed.heading is not None:
        clear = unit_in_text(printed.heading)
        if clear is not None:
            return printed.heading if _contradicts(clear, registered) else None
        hinted = [unit for unit in hinted_units(printed.heading) if unit.power_of_ten and same_base(unit, registered)]
        return printed.heading if any(unit.power_of_ten != registered.power_of_ten for unit in hinted) else None
    stated = [(line, unit) for line in printed.lines for unit in hinted_units(line)]
    comparable = [(line, unit) for line, unit in stated if same_base(unit, registered)]
    if any(unit.power_of_ten == registered.power_of_ten for _, unit in comparable):
        return None
    if not comparable and registered.code in CURRENCIES:
        return next((line for line, unit in stated if unit.code in CURRENCIES), None)
    return next((line for line, _ in comparable), None)


def _contradicts(unit: Unit, registered: Unit) -> bool:
    if same_base(unit, registered):
        return unit.power_of_ten != registered.power_of_ten and (unit.code is not None or unit.power_of_ten != 0)
    above, _, below = (registered.code or "").partition("/")
    if below and unit.code == above:  # "Cost per transaction (£)": the words say the rest
        return unit.power_of_ten != registered.power_of_ten
    bases = {unit.code, registered.code}
    return bool(bases & MEASURED) or any("/" in (base or "") for base in bases)
