"""What one audience may see: the thresholds of ``workspace.yml``, the treatment of each indicator (domain.md 5.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase

from ingest.workspace.settings import Disclosure

OPEN, PROTECTED, CLOSED = "open", "protected", "closed"


@dataclass(frozen=True)
class Identity:
    """``left operator right`` between indicators of one organisation, period and group: an outsider knows it too.

    ``operator`` is ``=``, ``<=`` or ``>=``; a code with a leading ``-`` is subtracted. With ``is_carried`` the right
    side is that of the period before: what a period opens with.
    """

    left: tuple[str, ...]
    operator: str
    right: tuple[str, ...]
    is_carried: bool = False


@dataclass(frozen=True)
class Policy:
    """The rules for one audience. Counts and denominators in units; ``p_percent`` and ``dominance`` as shares of 1.

    ``search_limit``: programs that the search for patterns of single figures may solve; beyond it, slices of tables are
    hidden whole.
    """

    audience: str = "public"
    minimum_frequency: int = 5
    minimum_denominator: int = 20
    publish_zero: bool = True
    protection: int = 5
    dominance: tuple[tuple[int, float], ...] = ((1, 0.75), (2, 0.85))
    p_percent: float = 0.15
    treatment: str = PROTECTED
    open: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    closed_levels: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    protect_revisions: bool = True
    reopened: tuple[str, ...] = ()
    search_limit: int = 2_000
    identities: tuple[Identity, ...] = field(default=())

    @staticmethod
    def of(settings: Disclosure, audience: str, identities: tuple[Identity, ...] = ()) -> Policy:
        """The policy for ``audience`` (public or partner); ``identities`` are those of the workspace's rules."""
        partner = audience == "partner"
        dominance = [(rule.contributors, rule.share) for rule in settings.dominance]
        if settings.dominance_share is not None:
            dominance = [(1, settings.dominance_share)]
        return Policy(
            audience=audience,
            minimum_frequency=settings.partner_minimum_frequency if partner else settings.minimum_frequency,
            minimum_denominator=settings.partner_minimum_denominator if partner else settings.minimum_denominator,
            publish_zero=settings.publish_zero,
            protection=settings.protection,
            dominance=tuple((count, float(share)) for count, share in dominance),
            p_percent=float(settings.p_percent / Decimal(100)),
            treatment=settings.treatment,
            open=settings.open,
            protected=settings.protected,
            closed=settings.closed,
            closed_levels=settings.closed_levels,
            contributors=settings.contributors,
            protect_revisions=settings.protect_revisions,
            reopened=settings.reopened,
            search_limit=settings.search_limit,
            identities=identities,
        )

    def treatment_of(self, indicator_code: str) -> str:
        """``open``, ``protected`` or ``closed``; where several lists name an indicator, the strictest wins."""
        for treatment, patterns in ((CLOSED, self.closed), (PROTECTED, self.protected), (OPEN, self.open)):
            if matches(indicator_code, patterns):
                return treatment
        return self.treatment

    def has_confidential_contributors(self, indicator_code: str) -> bool:
        """Whether dominance and p % apply to totals of the indicator."""
        return matches(indicator_code, self.contributors)


def matches(code: str, patterns: tuple[str, ...]) -> bool:
    """Whether a code is named, or fits one of the patterns (``R68_*``)."""
    return any(fnmatchcase(code, pattern) for pattern in patterns)
