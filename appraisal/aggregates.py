"""What of individual appraisals may leave the restricted file: counts of classes, of enough persons (domain.md 8.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def shown_classes(counts: Sequence[tuple[str, str, int]], least: int = 5) -> list[tuple[str, str, int]]:
    """What of ``class_counts`` may leave the restricted file: organisation, class, persons.

    An organisation is shown from ``least`` persons on, and not where all of them have one class: that would say it of
    each. Organisations that are not shown are shown together where the same holds of them; where it does not, the
    smallest that is shown goes with them, so that no total less the others betrays them.
    """
    by_organisation: dict[str, dict[str, int]] = {}
    for organisation, class_, count in counts:
        by_organisation.setdefault(organisation, {})[class_] = count

    def may_stand(classes: Mapping[str, int]) -> bool:
        return sum(classes.values()) >= least and len([n for n in classes.values() if n]) > 1

    shown = {name: classes for name, classes in by_organisation.items() if may_stand(classes)}
    rest: dict[str, int] = {}
    for name, classes in by_organisation.items():
        if name not in shown:
            rest = _added(rest, classes)
    while rest and not may_stand(rest) and shown:
        smallest = min(shown, key=lambda name: (sum(shown[name].values()), name))
        rest = _added(rest, shown.pop(smallest))
    if rest and may_stand(rest):
        shown["_O"] = rest
    return [
        (name, class_, count) for name, classes in sorted(shown.items()) for class_, count in sorted(classes.items())
    ]


def _added(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {class_: left.get(class_, 0) + right.get(class_, 0) for class_ in {*left, *right}}
