"""What is known of the quality of providers, in a line, for whoever compares."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import (
    Count,
    Exists,
    Max,
    OuterRef,
    Q,
    Subquery,
)

from providers.choices import QualityKind
from providers.models import (
    Provider,
    QualityRecord,
    RequirementEvidence,
)


@dataclass(frozen=True)
class Quality:
    """What is known of a provider's quality; `met` of `answered` requirements."""

    is_registered: bool | None = None
    inspected_on: dt.date | None = None
    met: int = 0
    answered: int = 0

    @property
    def words(self) -> str:
        known = {True: "Registered", False: "Registration ended", None: "Not stated"}
        parts = [known[self.is_registered]]
        if self.inspected_on:
            parts.append(f"inspected {self.inspected_on:%b %Y}")
        if self.answered:
            parts.append(f"{self.met} of {self.answered} requirements met")
        return ", ".join(parts)

    @property
    def rank(self) -> tuple[int, int]:
        """The better first."""
        return ({True: 0, None: 1, False: 2}[self.is_registered], -self.met)


def quality_of(providers: Collection[int], *, on: dt.date) -> dict[int, Quality]:
    """Registration, newest inspection and requirements of providers. One statement."""
    records = QualityRecord.objects.filter(provider=OuterRef("pk"))
    registered = records.filter(kind=QualityKind.REGISTRATION, held_on__lte=on)
    holds = registered.filter(Q(holds_until__isnull=True) | Q(holds_until__gt=on))
    inspected = (
        records.filter(kind=QualityKind.INSPECTION, held_on__lte=on)
        .order_by()
        .values("provider")
        .annotate(newest=Max("held_on"))
    )
    answers = RequirementEvidence.objects.filter(provider=OuterRef("pk")).order_by()
    counted = answers.values("provider").annotate(
        met=Count("pk", filter=Q(is_met=True)), answered=Count("pk")
    )
    rows = Provider.objects.filter(pk__in=providers).values_list(
        "pk",
        Exists(registered),
        Exists(holds),
        Subquery(inspected.values("newest")),
        Subquery(counted.values("met")),
        Subquery(counted.values("answered")),
    )
    return {
        pk: Quality(now if ever else None, newest, met or 0, answered or 0)
        for pk, ever, now, newest, met, answered in rows
    }
