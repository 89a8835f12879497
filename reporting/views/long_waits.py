"""The list of waits of six weeks or longer: everywhere in reach, or of one partnership."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.choices import OrganisationKind
from commissioning.kernel.clock import business_day
from commissioning.models import Organisation, User
from commissioning.roles import Permission
from commissioning.rule_settings import DEFAULTS
from commissioning.selectors.rule_sets import in_force_on
from commissioning.views.lists import Crumbs, list_response
from commissioning.views.requests import insist, organisation_at, signed_in
from reporting.choices import LongWaitState
from reporting.filters import STATES, LongWaitFilter
from reporting.selectors.long_waits import Sight, long_waits_for
from reporting.services.long_wait_reviews import record_download
from reporting.tables import LONG_WAITS, LongWaitTable
from reporting.views.long_wait_as_at import as_at_of_waits


@dataclass(frozen=True)
class StateCount:
    """How many waits are so far with their review, and the list of them."""

    words: str
    number: int
    href: str
    current: bool


@require_safe
def long_wait_list(request: HttpRequest) -> HttpResponseBase:
    """Every wait in the person's reach."""
    if not signed_in(request).may(Permission.LONG_WAIT_VIEW):
        raise PermissionDenied("Your role does not show you waits.")
    return _listed(request, None)


@require_safe
def partnership_long_waits(request: HttpRequest, code: str) -> HttpResponseBase:
    """The waits of one partnership's residents."""
    partnership = organisation_at(request, OrganisationKind.PARTNERSHIP, code)
    insist(request, Permission.LONG_WAIT_VIEW, partnership)
    return _listed(request, partnership)


def _listed(request: HttpRequest, within: Organisation | None) -> HttpResponseBase:
    person = signed_in(request)
    shown = LongWaitFilter(
        request.GET, queryset=long_waits_for(person), request=request, within=within
    )
    sight, today = Sight.of(person), business_day()
    rule_set = in_force_on(today)
    length = (rule_set.read() if rule_set else DEFAULTS).length_in_words("long_wait_days")
    heading = f"Waits of {length} or longer"
    table = LongWaitTable(
        shown.qs,
        sight=sight,
        hidden=("partnership",) if within or _works_in_one_partnership(person) else (),
        empty_text=f"A wait comes onto this list when a return shows that it reached {length}.",
    )
    response = list_response(
        request,
        table,
        heading=f"{heading} in {within}" if within else heading,
        breadcrumbs=_crumbs(within),
        filterset=shown,
        template="reporting/long_wait_list.html",
        states=_state_counts(request, shown),
        length=length,
        as_at=as_at_of_waits(person, within, rule_set=rule_set, today=today),
    )
    if request.GET.get("format") in table.downloads and sight:
        asked = request.GET.copy()
        form = asked.pop("format")[-1]
        record_download(by=person, rows=len(table.rows), form=form, asked=asked.urlencode())
    return response


def _works_in_one_partnership(person: User) -> bool:
    reach = person.reach(Permission.LONG_WAIT_VIEW)
    return len(reach.partnerships) == 1 and not (reach.providers or reach.regions or reach.nation)


def _crumbs(within: Organisation | None) -> Crumbs:
    if within is None:
        return []
    return [(LONG_WAITS, reverse("reporting:long-wait-list")), (within.name, "")]


def _state_counts(request: HttpRequest, shown: LongWaitFilter) -> list[StateCount]:
    """Counts by state of what every other filter leaves."""
    others = request.GET.copy()
    for name in ("state", "page", "format"):
        others.pop(name, None)
    rows = LongWaitFilter(others, queryset=shown.queryset, request=request).qs
    counts = rows.counted_by_state()
    chosen = request.GET.get("state", "")
    found = []
    for state, words in STATES[: len(LongWaitState.choices)]:
        here = others.copy()
        here["state"] = state
        found.append(
            StateCount(words, counts.get(state, 0), f"?{here.urlencode()}", state == chosen)
        )
    everything = StateCount("All", sum(counts.values()), f"?{others.urlencode()}", not chosen)
    return [*found, everything]
