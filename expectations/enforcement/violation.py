"""The table ``violation``: what a check found, before it has words. Both gates fill it."""

from __future__ import annotations

#: Columns of a violation that a query may leave out: they are then those of the first row concerned.
PLACE = (
    "submission_id",
    "sheet",
    "cell",
    "indicator_code",
    "organisation_code",
    "period_code",
    "target_group_code",
)
#: What every check says of a violation: column → type.
OF_EVERY_CHECK = {
    **dict.fromkeys(("check_id", "rule_id", "severity"), "varchar"),
    "row_ids": "bigint[]",
    **dict.fromkeys((*PLACE, "observed", "expected"), "varchar"),
}
#: What a sum says besides: by how much its parts are too much, and which rows make them so when they grow.
OF_SUMS = {"excess": "decimal(38, 12)", "added_row_ids": "bigint[]"}
CREATE_VIOLATION = "create table violation ({})".format(
    ", ".join(f"{name} {kind}" for name, kind in (OF_EVERY_CHECK | OF_SUMS).items())
)
ADD_VIOLATIONS = f"insert into violation ({', '.join(OF_EVERY_CHECK)})"
