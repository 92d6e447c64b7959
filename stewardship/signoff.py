"""Two-step sign-off: one prepares, another approves, and both are bound to the content by its hash.

Nothing is locked: figures may change after they were signed, and the sign-off then says so, cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.workspace import Workspace
from stewardship.signoff_content import Content, Difference, current_content, unpacked
from stewardship.store import Store, moment_text

PREPARED, APPROVED, WITHDRAWN = "prepared", "approved", "withdrawn"


class SignoffError(ValueError):
    """The step cannot be taken; ``phrase`` names the sentence that says why, ``values`` fill it."""

    def __init__(self, phrase: str, **values: str) -> None:
        super().__init__(f"{phrase}: {values}")
        self.phrase, self.values = phrase, values


@dataclass(frozen=True)
class Scope:
    """What is signed: an organisation with all below it, a period, a source (empty: all)."""

    organisation: str
    period: str
    source: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a sign-off, as it is kept for good."""

    kind: str
    at: datetime
    actor: str
    reason: str
    content_hash: str
    content: Content | None


@dataclass(frozen=True)
class Signoff:
    """How a sign-off stands: its steps, and the content as it is now."""

    scope: Scope
    steps: tuple[Step, ...]
    now: Content

    @property
    def signed(self) -> Step | None:
        """The approval in force."""
        return self.steps[-1] if self.steps and self.steps[-1].kind == APPROVED else None

    @property
    def prepared(self) -> Step | None:
        """The preparation that was, or waits to be, approved."""
        if not self.steps or self.steps[-1].kind == WITHDRAWN:
            return None
        return next((step for step in reversed(self.steps) if step.kind == PREPARED), None)

    @property
    def status(self) -> str:
        """``signed``, ``changed`` since it was signed, ``prepared`` or ``unsigned``."""
        if self.signed is not None:
            return "signed" if self.signed.content_hash == self.now.hash else "changed"
        return "prepared" if self.prepared is not None else "unsigned"

    @property
    def differences(self) -> list[Difference]:
        """Figures that are not what was prepared or signed last."""
        basis = self.prepared
        if basis is None or basis.content is None or basis.content_hash == self.now.hash:
            return []
        return basis.content.differences(self.now)


class Signing:
    """Sign-offs of a workspace."""

    def __init__(self, store: Store, workspace: Workspace, now: datetime | None = None) -> None:
        self.store, self.workspace = store, workspace
        self.now = (now or datetime.now(UTC)).astimezone(UTC)

    def state(self, scope: Scope) -> Signoff:
        """How the sign-off of a scope stands. Raises ``SignoffError`` for a scope that is none."""
        if scope.organisation not in {row.code for row in self.workspace.registry.organisations}:
            raise SignoffError("signoff_no_organisation", organisation=scope.organisation)
        if scope.source and scope.source not in self.workspace.sources:
            raise SignoffError("signoff_no_source", source=scope.source)
        from ingest.time.period import UnknownPeriodError

        try:
            period = self.workspace.calendars.period(scope.period)
        except UnknownPeriodError:
            raise SignoffError("signoff_no_period", period=scope.period) from None
        return Signoff(
            scope, self._steps(scope), current_content(self.workspace, scope.organisation, period, scope.source)
        )

    def all(self) -> list[Signoff]:
        """Every scope that anybody ever signed."""
        rows = self.store.connection.execute(
            "select distinct organisation_code, period_code, source_code from signoff_event order by 1, 2, 3"
        ).fetchall()
        found = []
        for row in rows:
            try:
                found.append(self.state(Scope(*row)))
            except SignoffError:
                continue  # the registry no longer knows it; the log keeps it
        return found

    def prepare(self, scope: Scope, actor: str, reason: str = "") -> Signoff:
        """The first step: these figures are ready to be signed."""
        state = self.state(scope)
        if not state.now.figures:
            raise SignoffError("signoff_nothing", organisation=scope.organisation, period=scope.period)
        return self._add(state, PREPARED, actor, reason, state.now)

    def approve(self, scope: Scope, actor: str, reason: str = "") -> Signoff:
        """The second step, by another than who prepared, and for the very content that was prepared."""
        state = self.state(scope)
        prepared = state.prepared
        if prepared is None or state.signed is not None:
            raise SignoffError("signoff_not_prepared", organisation=scope.organisation, period=scope.period)
        if prepared.actor == actor:
            raise SignoffError("signoff_same_actor", actor=actor)
        if prepared.content_hash != state.now.hash:
            raise SignoffError("signoff_changed_meanwhile", count=str(len(state.differences)))
        return self._add(state, APPROVED, actor, reason, state.now)

    def withdraw(self, scope: Scope, actor: str, reason: str) -> Signoff:
        """Take a preparation or approval back; the log keeps both."""
        state = self.state(scope)
        if state.status == "unsigned":
            raise SignoffError("signoff_nothing_signed", organisation=scope.organisation, period=scope.period)
        return self._add(state, WITHDRAWN, actor, reason, None)

    def _add(self, state: Signoff, kind: str, actor: str, reason: str, content: Content | None) -> Signoff:
        scope = state.scope
        with self.store.transaction() as connection:
            if len(self._steps(scope)) != len(state.steps):
                raise SignoffError("signoff_meanwhile", organisation=scope.organisation, period=scope.period)
            connection.execute(
                "insert into signoff_event (organisation_code, period_code, source_code, kind, at, actor, reason, "
                "content_hash, content) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    scope.organisation,
                    scope.period,
                    scope.source,
                    kind,
                    moment_text(self.now),
                    actor,
                    reason,
                    content.hash if content is not None else "",
                    content.packed() if content is not None else None,
                ),
            )
        return self.state(scope)

    def _steps(self, scope: Scope) -> tuple[Step, ...]:
        rows = self.store.connection.execute(
            "select kind, at, actor, reason, content_hash, content from signoff_event "
            "where organisation_code = ? and period_code = ? and source_code = ? order by seq",
            (scope.organisation, scope.period, scope.source),
        ).fetchall()
        return tuple(
            Step(
                row["kind"],
                datetime.fromisoformat(row["at"]),
                row["actor"],
                row["reason"],
                row["content_hash"],
                unpacked(row["content"]) if row["content"] is not None else None,
            )
            for row in rows
        )
