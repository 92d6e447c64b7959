"""What the service portal counts besides the forms: channels of receipt, complaints, and the yearly survey."""

from __future__ import annotations

from demo.generator.draws import stream, wobble
from demo.generator.periods import Quarter
from demo.generator.territories import Body
from demo.generator.truth.one_stop_shop import PROCEDURES, OneStopShops
from demo.generator.truth.size import SIZE


class ServicePortal:
    """Figures of the portal; they agree with the forms of the one-stop shops to the dossier."""

    def __init__(self, seed: int, shops: OneStopShops) -> None:
        self._seed = seed
        self._shops = shops

    def received(self, body: Body, quarter: Quarter) -> dict[str, int]:
        """Dossiers received by channel: ONLINE, COUNTER, POST."""
        online = sum(self._shops.line(body, procedure, quarter).online for procedure in PROCEDURES)
        other = sum(self._shops.line(body, procedure, quarter).counter for procedure in PROCEDURES)
        post = round(other * 0.12 * wobble(self._seed, 0.4, "post", body.code))
        return {"ONLINE": online, "COUNTER": other - post, "POST": post}

    def complaints(self, body: Body, quarter: Quarter) -> int:
        """Complaints in a quarter: falling, with some noise; about a dozen in ten thousand dossiers."""
        total = 0
        for code in body.part_codes:
            per_ten_thousand = (
                14 * (1 - 0.02 * quarter.index) * wobble(self._seed, 0.2, "complaints", code, quarter.index)
            )
            total += round(self._shops.resolved(code, quarter.index) * per_ten_thousand / 10_000)
        return total

    def survey(self, body: Body, year: int) -> tuple[int, int]:
        """Satisfied respondents and respondents of a year's survey."""
        positive = respondents = 0
        for code in body.part_codes:
            asked = 300 + 10 * round(SIZE[code] / 50) + stream(self._seed, "asked", code, year).randrange(40)
            share = min(
                0.97, 0.80 + 0.025 * (year - 2022) + 0.05 * (stream(self._seed, "satisfied", code, year).random() - 0.5)
            )
            respondents += asked
            positive += round(asked * share)
        return positive, respondents
