"""The four reports of an agreed plan: made with their days when it is agreed."""

import datetime as dt

from django.db import transaction

from commissioning.choices import AT_WORK_IN, PlanState, ReportState
from commissioning.kernel.errors import TransitionRefused
from commissioning.models import Plan, QuarterReport
from commissioning.scoping import Actor
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.services.audit import record


@transaction.atomic
def open_reports(*, plan: Plan, by: Actor) -> list[QuarterReport]:
    """Make the reports that the plan does not have yet, each due so many days after its quarter.

    The days are those of the rule set in force when the plan's year begins. Called again, it
    makes nothing. Raises `TransitionRefused` while the plan is not agreed.
    """
    if PlanState(plan.state) not in AT_WORK_IN:
        raise TransitionRefused(f"The plan of {plan} is not agreed: nothing is reported on it.")
    held = set(plan.reports.values_list("quarter", flat=True))
    days = settings_in_force(on=plan.period.start).report_due_days
    made = QuarterReport.objects.bulk_create(
        (
            QuarterReport(
                plan=plan, quarter=number, due_on=period.last_day + dt.timedelta(days=days)
            )
            for number, period in enumerate(plan.quarters(), start=1)
            if number not in held
        ),
        ignore_conflicts=True,
    )
    if made:
        record(
            "plan.reports_opened",
            plan,
            by=by,
            organisation=plan.partnership.organisation,
            due=[one.due_on.isoformat() for one in made],
        )
    return made


def unsigned_quarters(plan: Plan) -> list[int]:
    """The quarters whose report is not signed."""
    open_still = plan.reports.filter(state=ReportState.OPEN).order_by("quarter")
    return list(open_still.values_list("quarter", flat=True))
