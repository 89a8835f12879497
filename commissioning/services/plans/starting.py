"""Starting a plan from nothing. Rolling last year's forward has a module of its own."""

from django.db import transaction

from commissioning.choices import PlanKind
from commissioning.kernel.errors import DomainError
from commissioning.models import Partnership, Plan
from commissioning.models.plans import FIRST_YEAR, LAST_YEAR, year_period
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.refusals import refused_by


class PlanNotStarted(DomainError):
    """The plan is there already, or its year cannot be."""


@transaction.atomic
def start_plan(*, partnership: Partnership, year: int, by: Actor) -> Plan:
    """An empty draft of the partnership's own plan for the financial year.

    Raises `NotPermitted`, and `PlanNotStarted` when the year has one.
    """
    require(by, Permission.PLAN_EDIT, organisation_id=partnership.pk)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PlanNotStarted(
            f"Choose a financial year from {FIRST_YEAR} to {LAST_YEAR}.", field="year"
        )
    period = year_period(year)
    with refused_by(
        "partnership_has_one_plan_of_its_own_a_year",
        f"{partnership} has a plan for {period.label} already.",
        "plan_has_an_address_of_its_own",
        error=PlanNotStarted,
        field="year",
    ):
        plan = Plan.objects.create(
            partnership=partnership, year=year, kind=PlanKind.OWN, slug=period.code
        )
    record("plan.started", plan, by=by, organisation=partnership.organisation, year=period.code)
    return plan
