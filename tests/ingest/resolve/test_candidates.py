"""What is shown as nearest to a label that did not resolve, where a row has one such label or several."""

from __future__ import annotations

from ingest.recipe.labels import Label
from ingest.resolve.components import _candidates_of, _joined
from ingest.resolve.resolver import Resolved


def test_each_label_has_its_own_candidates() -> None:
    indicator = _candidates_of((Label("BIRTH", "BIRTH"), Resolved(None, "unknown", "Births (BIRTHS)")))
    group = _candidates_of(("Mal", Resolved(None, "unknown", "Male (M)")))
    resolved = _candidates_of((Label("01", "01"), Resolved("01")))
    assert _joined((indicator, resolved, None)) == "Births (BIRTHS)"
    assert _joined((indicator, group)) == "«BIRTH» → Births (BIRTHS); «Mal» → Male (M)"
    assert _joined((None, resolved)) is None


def test_what_is_nearest_to_one_label_is_not_offered_for_another_that_nothing_is_near_to() -> None:
    organisation = _candidates_of((Label("Sauth", "Sauth"), Resolved(None, "unknown", "South (03)")))
    period = _candidates_of((Label("sometime", "sometime"), Resolved(None, "unknown")))
    assert _joined((organisation, period)) == "«Sauth» → South (03)"
