"""Writing down what plans must know of today: what holds of partnerships and what does not."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from commissioning.models import Evidence
from commissioning.reference.evidence import EVIDENCE, EvidenceName


@dataclass(frozen=True)
class Known:
    """Whether what a name means holds of a partnership, with the sentence it rests on.

    It is about services, not about people, so everybody may be shown it.
    """

    subject_id: int
    name: EvidenceName
    holds: bool
    source: str


@transaction.atomic
def write_what_holds(facts: Sequence[Known], *, on: dt.date) -> int:
    """Write what differs from what was last known, as of the day; how much that was.

    Earlier days stay as they were. Two statements, however many partnerships.
    """
    assert not any(EVIDENCE[one.name].by_year for one in facts)  # noqa: S101 - for whoever codes
    known = Evidence.objects.known_on(on).filter(name__in={one.name for one in facts}, period="")
    held = {(one.subject_id, one.name): (one.value, one.source) for one in known}
    rows = [
        Evidence(
            subject_id=one.subject_id,
            name=one.name,
            value=Decimal(one.holds),
            shown_value=Decimal(one.holds),
            as_at=on,
            source=one.source,
        )
        for one in facts
        if held.get((one.subject_id, one.name)) != (Decimal(one.holds), one.source)
    ]
    Evidence.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["subject", "name", "period", "as_at"],
        update_fields=["value", "shown_value", "source"],
    )
    return len(rows)
