"""What the list of long waits and one of its records rest on."""

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse

from commissioning.components import AsAt
from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import MISSING
from commissioning.models import Organisation, RuleSet, User
from commissioning.roles import Permission
from commissioning.selectors.rule_sets import in_force_on
from providers.models import Agency
from reporting.models import LongWait
from reporting.selectors.completeness import completeness_among, last_day_known
from reporting.selectors.long_waits import agency_telling


def as_at_of_waits(
    person: User, within: Organisation | None, *, rule_set: RuleSet | None, today: dt.date
) -> AsAt:
    """Of the list: the returns of the agencies in the person's reach, or of one partnership's.

    `rule_set` is the one in force today.
    """
    agencies = Agency.objects.permitted(person, Permission.LONG_WAIT_VIEW)
    if within is None:
        return _as_at(agencies, rule_set=rule_set, today=today)
    seen = person.reach(Permission.RETURN_VIEW).covers(within.pk)
    href = reverse("pathways:partnership-returns", args=[within.code]) if seen else ""
    here = agencies.filter(partnership=within.pk)
    return _as_at(here, rule_set=rule_set, today=today, href=href)


def as_at_of_wait(wait: LongWait, *, today: dt.date) -> AsAt:
    """Of one wait: the returns of the agency that told of it. The caller has reached the wait."""
    return _as_at(agency_telling(wait), rule_set=in_force_on(today), today=today)


def _as_at(
    agencies: QuerySet[Agency], *, rule_set: RuleSet | None, today: dt.date, href: str = ""
) -> AsAt:
    """Waits follow the newest returns, so the last month that is over says how complete they are.

    Provisional until every return of that month's financial year is in.
    """
    month = Period.containing(today, Grain.MONTH).previous()
    completeness = completeness_among(agencies, month)
    cut_off = last_day_known(agencies)
    year_ends = Period.containing(month.start, Grain.YEAR).last_day
    return AsAt(
        cut_off,
        f"{completeness.words} for {month.label}" if completeness.owing else completeness.words,
        rule_set.code if rule_set else MISSING,
        provisional=not completeness.is_complete or cut_off is None or cut_off < year_ends,
        rule_set_href=reverse("commissioning:rule-set-detail", args=[rule_set.code])
        if rule_set
        else "",
        completeness_href=href,
    )
