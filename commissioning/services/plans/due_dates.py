"""The days on which plans are due at each step, set by a region or by England for all."""

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise

from django.db import transaction

from commissioning.choices import PlanStep
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day
from commissioning.models import DueDate, Organisation, User
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record

MONTHS_BEFORE = dt.timedelta(days=366)


class DatesRefused(DomainError):
    """The days are not in the order of the steps, or far from the year."""


@transaction.atomic
def set_due_dates(
    *, organisation: Organisation, year: int, days: Mapping[PlanStep, dt.date | None], by: Actor
) -> None:
    """Set the day of each step; one without a day is England's, or not due.

    Raises `NotPermitted`, and `DatesRefused` where a step would be due before an earlier one.
    """
    require(by, Permission.PLAN_AGREE, organisation_id=organisation.pk)
    period = year_period(year)
    given = [(step, on) for step in PlanStep if (on := days.get(step)) is not None]
    for (before, first), (after, second) in pairwise(given):
        if second < first:
            raise DatesRefused(
                f"“{after.label}” is due on {day(second)}, before “{before.label}” on"
                f" {day(first)}.",
                field=after.value,
            )
    for step, on in given:
        if not period.start - MONTHS_BEFORE <= on < period.end:
            raise DatesRefused(
                f"“{step.label}” is due on {day(on)}. Plans of {period.label} are due from"
                f" {day(period.start - MONTHS_BEFORE)} to {day(period.last_day)}.",
                field=step.value,
            )
    held = DueDate.objects.filter(organisation=organisation, year=year)
    held.exclude(step__in=[step for step, _ in given]).delete()
    DueDate.objects.bulk_create(
        (
            DueDate(
                organisation=organisation,
                year=year,
                step=step,
                on=on,
                set_by=by if isinstance(by, User) else None,
            )
            for step, on in given
        ),
        update_conflicts=True,
        unique_fields=["organisation", "year", "step"],
        update_fields=["on", "set_by"],
    )
    record(
        "plan.dates_set",
        organisation,
        by=by,
        organisation=organisation,
        year=period.label,
        **{step.value.lower(): on.isoformat() for step, on in given},
    )
