"""What returns ask of somebody: files to confirm, returns to send, returns that did not come."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from commissioning.kernel.periods import Grain, Period
from commissioning.models import User
from commissioning.roles import Permission
from pathways.choices import Grade, ReturnState, UploadState
from pathways.models import Return, Upload
from pathways.selectors.return_history import due_on, months_until
from providers.models import Agency

MONTHS_LOOKED_BACK = 12
CONFIRMED_WITH_A_REASON = (Grade.QUALITY, Grade.RETURN)


@dataclass(frozen=True)
class MonthOwed:
    """A month whose returns are being collected, or were, and the agencies that have sent none."""

    month: Period
    due_on: dt.date
    agencies: Sequence[Agency]


def files_to_confirm(person: User) -> list[Upload]:
    """Checked files that wait for the person's word, the first sent first.

    Each has `to_answer`: how many findings it can only be confirmed over with a reason.
    """
    return list(
        Upload.objects.permitted(person, Permission.RETURN_SEND)
        .filter(state=UploadState.CHECKED)
        .select_related("provider__organisation")
        .annotate(
            to_answer=Count("findings", filter=Q(findings__grade__in=CONFIRMED_WITH_A_REASON))
        )
        .order_by("number")
    )


def month_being_collected(today: dt.date) -> Period:
    """The last month that is over: its returns are due, or were due a short while ago."""
    return months_until(today, how_many=2)[1]


def month_last_due(today: dt.date, *, due_days: int) -> Period:
    """The last month whose returns should all have come."""
    return next(
        month
        for month in months_until(today, how_many=MONTHS_LOOKED_BACK)
        if due_on(month, due_days=due_days) < today
    )


def not_sent(agencies: QuerySet[Agency], month: Period, *, due_days: int) -> MonthOwed:
    """Those of the agencies that owe the month's return and have sent nothing that holds it.

    A file that waits to be confirmed was sent. A later return of the financial year holds the
    month too. One query.
    """
    last = Period.containing(month.start, Grain.YEAR).last_day
    of_agency = Return.objects.filter(agency=OuterRef("pk"), month__range=(month.start, last))
    sent = of_agency.filter(
        Q(state=ReturnState.LOADED)
        | Q(
            state=ReturnState.PENDING,
            upload__state__in=[UploadState.CHECKED, UploadState.CONFIRMED],
        )
    )
    owing = agencies.filter(
        Q(opened_on__isnull=True) | Q(opened_on__lt=month.end),
        Q(closed_on__isnull=True) | Q(closed_on__gt=month.start),
        ~Exists(sent),
    )
    return MonthOwed(month, due_on(month, due_days=due_days), list(owing))
