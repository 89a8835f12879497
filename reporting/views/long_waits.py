"""The list of waits of six weeks or longer: everywhere in reach, or of one partnership."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import django_tables2
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.choices import OrganisationKind
from commissioning.components import Tone
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.models import Organisation, User
from commissioning.reference import codes
from commissioning.roles import Permission
from commissioning.rule_settings import DEFAULTS
from commissioning.selectors.rule_sets import in_force_on
from commissioning.tables import CountColumn, DayColumn, NameColumn, Table, TagColumn
from commissioning.views.lists import Crumbs, list_response
from commissioning.views.requests import insist, organisation_at, signed_in
from reporting.choices import LongWaitState
from reporting.filters import STATES, LongWaitFilter
from reporting.models import LongWait
from reporting.selectors.long_waits import Sight, long_waits_for
from reporting.services.long_wait_reviews import record_download
from reporting.views.long_wait_as_at import as_at_of_waits

LONG_WAITS = "Long waits"
TONES: dict[str, Tone] = {
    LongWaitState.FOUND: "watch",
    LongWaitState.REVIEWING: "info",
    LongWaitState.CLOSED: "good",
}
WITHDRAWN = "No longer in the records"


def intervention(wait: LongWait) -> str:
    return codes("MODAL").get(str(wait.kind), str(wait.kind))


def standing_of(wait: LongWait) -> tuple[str, Tone]:
    """How far the review of a wait is, in a word."""
    if wait.withdrawn_on is not None:
        return WITHDRAWN, "plain"
    return wait.get_state_display(), TONES[wait.state]


def address_of(wait: LongWait) -> str:
    return reverse("reporting:long-wait-detail", args=[wait.pk])


class LongWaitTable(Table):
    """Waits; without the agency's references for whoever neither commissions nor treats."""

    caption = LONG_WAITS
    counted = ("wait", "waits")
    empty_title = "No such wait"

    pk = NameColumn(verbose_name="Wait", href=address_of)
    days = CountColumn(verbose_name="Days")
    is_open = django_tables2.Column(verbose_name="Offered")
    kind = django_tables2.Column(verbose_name="Intervention")
    referred_on = DayColumn(verbose_name="Asked for")
    partnership = django_tables2.Column(
        accessor="partnership__organisation__name", verbose_name="Partnership", default="Not known"
    )
    agency = django_tables2.Column(accessor="agency__name", verbose_name="Agency")
    client_ref = django_tables2.Column(verbose_name="Client", orderable=False)
    episode_ref = django_tables2.Column(verbose_name="Episode", orderable=False)
    state = TagColumn(verbose_name="Review", tone=lambda wait: standing_of(wait)[1])
    owner = django_tables2.Column(accessor="owner__name", verbose_name="Owner", default="Nobody")
    cause = django_tables2.Column(visible=False)
    action = django_tables2.Column(visible=False, orderable=False)
    outcome = django_tables2.Column(visible=False, orderable=False)
    found_on = DayColumn(verbose_name="Found on")
    closed_on = DayColumn(verbose_name="Closed on", visible=False)

    class Meta:
        model = LongWait
        fields: tuple[str, ...] = ()
        sequence = (
            *("pk", "days", "is_open", "kind", "referred_on", "partnership", "agency"),
            *("client_ref", "episode_ref", "state", "owner", "cause", "action", "outcome"),
            *("found_on", "closed_on"),
        )

    def __init__(self, *args: Any, sight: Sight, hidden: tuple[str, ...] = (), **kwargs: Any):
        unseen = () if sight else ("client_ref", "episode_ref")
        super().__init__(*args, exclude=(*unseen, *hidden), **kwargs)
        self.sight = sight

    def render_is_open(self, record: LongWait) -> str:
        return "Still waiting" if record.is_open else day(record.offered_on)

    def value_is_open(self, record: LongWait) -> dt.date | str | None:
        return "Still waiting" if record.is_open else record.offered_on

    def render_kind(self, record: LongWait) -> str:
        return intervention(record)

    def render_client_ref(self, value: str, record: LongWait) -> str:
        return value if self.sight.covers(record) else MISSING

    def render_episode_ref(self, value: str, record: LongWait) -> str:
        return value if self.sight.covers(record) else MISSING

    def render_state(self, record: LongWait, column: TagColumn) -> str:
        return column.render(standing_of(record)[0], record)

    def value_state(self, record: LongWait) -> str:
        return standing_of(record)[0]


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
        empty_text="A wait comes onto this list when a return shows that it reached "
        f"{length}. Take out a filter to see more.",
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
