"""Return history: who sent what for which month, and who did not."""

from collections.abc import Sequence
from typing import Any

import django_tables2
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.choices import OrganisationKind
from commissioning.components import Tone
from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Period
from commissioning.kernel.words import MISSING, count
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.rule_settings import DEFAULTS
from commissioning.selectors.rule_sets import in_force_on
from commissioning.tables import (
    CountColumn,
    DayColumn,
    NameColumn,
    PercentColumn,
    Table,
    TagColumn,
)
from commissioning.views.lists import Crumbs, list_response
from commissioning.views.requests import insist, organisation_at, signed_in
from pathways.choices import ReturnStanding, UploadState
from pathways.filters import HistoryFilter, NationFilter
from pathways.selectors.return_history import (
    MONTHS_SHOWN,
    AgencyMonth,
    AreaMonth,
    by_region,
    history_of,
    last_known,
    months_until,
    nation_by_partnership,
)
from pathways.selectors.returns import address_of, files_of, reporting_agencies
from pathways.views.as_at import as_at_of_areas, as_at_of_history
from providers.models import Agency, Provider

FILES_SHOWN = 5
TONES: dict[str, Tone] = {
    ReturnStanding.OVERDUE: "bad",
    ReturnStanding.DUE: "plain",
    ReturnStanding.WAITING: "watch",
    ReturnStanding.LOADING: "info",
    ReturnStanding.LOADED: "good",
    ReturnStanding.COVERED: "plain",
}
FILE_TONES: dict[str, Tone] = {
    UploadState.UPLOADED: "info",
    UploadState.CHECKED: "watch",
    UploadState.CONFIRMED: "info",
    UploadState.LOADED: "good",
    UploadState.REJECTED: "bad",
    UploadState.UNDONE: "plain",
}


def _return_href(line: AgencyMonth) -> str:
    provider = line.agency.provider.code
    return address_of(line.sent.upload, provider) if line.sent else ""


class _Month(NameColumn):
    """The month, leading to its return where there is one."""

    def render(self, value: Period, record: AgencyMonth) -> Any:
        href = self.href(record) if self.href else ""
        return super().render(value.label, record) if href else value.label

    def value(self, value: Period) -> str:
        return value.code


class HistoryTable(Table):
    """A line for each month and agency."""

    caption = "Returns by month and agency"
    counted = ("line", "lines")
    empty_title = "No return is owed"

    month = _Month(href=_return_href)
    agency = django_tables2.Column(order_by=("agency__name", "agency__code"))
    provider = django_tables2.Column(
        accessor="agency__provider__organisation__name", verbose_name="Provider"
    )
    standing = TagColumn(
        verbose_name="State", tone=lambda line: TONES[line.standing], verdict=True
    )
    due_on = DayColumn(verbose_name="Due by")
    days_late = CountColumn(verbose_name="Days late")
    number = CountColumn(verbose_name="Return")
    episodes = CountColumn(accessor="sent__episodes", verbose_name="Episodes")
    completeness = PercentColumn(accessor="sent__completeness", verbose_name="Complete")

    class Meta:
        fields: tuple[str, ...] = ()
        sequence = (
            "month",
            "agency",
            "provider",
            "standing",
            "due_on",
            "days_late",
            "number",
            "episodes",
            "completeness",
        )

    def render_agency(self, value: Agency) -> str:
        return f"{value.name} ({value.code})"

    def value_agency(self, value: Agency) -> str:
        return f"{value.name} ({value.code})"

    def render_standing(self, value: ReturnStanding, record: AgencyMonth, column: Any) -> Any:
        return column.render(value.label, record)

    def value_standing(self, value: ReturnStanding) -> str:
        return value.label

    def render_days_late(self, value: int) -> str:
        return count(value) if value else MISSING


class AreaTable(Table):
    """A line for each partnership."""

    caption = "Returns by partnership"
    counted = ("partnership", "partnerships")
    empty_title = "No agency owes a return"

    name = NameColumn(verbose_name="Partnership")
    region = django_tables2.Column(default=MISSING)
    owing = CountColumn(verbose_name="Agencies")
    sent = CountColumn(verbose_name="Loaded")
    waiting = CountColumn(verbose_name="Waiting to be confirmed")
    missing = CountColumn(verbose_name="Not sent")
    share = PercentColumn(verbose_name="Share loaded")
    completeness = PercentColumn(verbose_name="Values complete")

    class Meta:
        fields: tuple[str, ...] = ()
        sequence = (
            "name",
            "region",
            "owing",
            "sent",
            "waiting",
            "missing",
            "share",
            "completeness",
        )


@require_safe
def return_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """A provider's own: the newest month on top, with the files it sent last."""
    organisation = organisation_at(request, "provider", code)
    insist(request, Permission.RETURN_VIEW, organisation)
    person = signed_in(request)
    files = files_of(person, Provider(organisation=organisation))[:FILES_SHOWN]
    return _history(
        request,
        organisation,
        late_first=False,
        hidden=("provider",),
        files=[(one, FILE_TONES[one.state], address_of(one, code)) for one in files],
        may_send=person.reach(Permission.RETURN_SEND).covers(organisation.pk),
        send_href=reverse("pathways:return-send", args=[code]),
    )


@require_safe
def area_returns(request: HttpRequest, kind: str, code: str) -> HttpResponseBase:
    """Of the agencies that stand in a partnership or a region: the late ones first."""
    organisation = organisation_at(request, kind, code)
    insist(request, Permission.RETURN_VIEW, organisation)
    return _history(request, organisation, late_first=True, hidden=("number",))


@require_safe
def england_returns(request: HttpRequest) -> HttpResponseBase:
    """One month by region and partnership, those with most missing first."""
    nation = organisation_at_nation(request)
    insist(request, Permission.RETURN_VIEW, nation)
    today = business_day()
    agencies = reporting_agencies(signed_in(request), nation, on=today)
    shown = NationFilter(request.GET, queryset=agencies, request=request, today=today)
    month = shown.asked_month() or months_until(today, how_many=2)[1]
    partnerships = nation_by_partnership(shown.qs, month, today=today)
    region = shown.asked("region")
    lines = [one for one in partnerships if not region or one.region_code == region]
    table = AreaTable(lines, empty_text=f"No agency owes a return for {month.label}.")
    table.columns["name"].column.href = lambda one: (
        f"{reverse('pathways:partnership-returns', args=[one.code])}?month={month.code}"
    )
    return list_response(
        request,
        table,
        heading=f"Returns in England for {month.label}",
        filterset=shown,
        template="pathways/return_england.html",
        breadcrumbs=[(nation.name, "/england/"), ("Returns", "")],
        regions=[(one, _region_href(one, month)) for one in by_region(partnerships)],
        month=month,
        as_at=as_at_of_areas(
            partnerships,
            month,
            cut_off=last_known(shown.qs, [month]),
            rule_set=in_force_on(today),
        ),
    )


def organisation_at_nation(request: HttpRequest) -> Organisation:
    """England, for whoever may view it."""
    reached = Organisation.objects.permitted(signed_in(request), Permission.ORGANISATION_VIEW)
    found = reached.of_kind(OrganisationKind.NATION).first()
    return found or organisation_at(request, "nation", "none")


def _region_href(region: AreaMonth, month: Period) -> str:
    if not region.code:
        return ""
    return f"{reverse('pathways:region-returns', args=[region.code])}?month={month.code}"


def _history(
    request: HttpRequest,
    organisation: Organisation,
    *,
    late_first: bool,
    hidden: Sequence[str] = (),
    **words: Any,
) -> HttpResponseBase:
    today = business_day()
    agencies = reporting_agencies(signed_in(request), organisation, on=today)
    shown = HistoryFilter(request.GET, queryset=agencies, request=request, today=today)
    chosen = shown.asked_month()
    months = [chosen] if chosen else months_until(today, how_many=MONTHS_SHOWN)
    rule_set = in_force_on(today)
    rules = rule_set.read() if rule_set else DEFAULTS
    lines = history_of(shown.qs, months, today=today, due_days=rules.return_due_days)
    late = [one for one in lines if one.standing == ReturnStanding.OVERDUE]
    as_at = as_at_of_history(
        lines, today=today, cut_off=last_known(shown.qs, months), rule_set=rule_set
    )
    if state := shown.asked("state"):
        lines = [one for one in lines if one.standing == state]
    if late_first:
        lines.sort(key=lambda one: one.standing != ReturnStanding.OVERDUE)
    return list_response(
        request,
        HistoryTable(
            lines,
            exclude=hidden,
            empty_text="No agency here owes a return for these months.",
        ),
        heading=f"Returns of {organisation}",
        filterset=shown,
        template="pathways/return_list.html",
        breadcrumbs=_crumbs(organisation),
        as_at=as_at,
        late=len(late),
        late_agencies=len({one.agency.pk for one in late}),
        months=months,
        **words,
    )


def _crumbs(organisation: Organisation) -> Crumbs:
    """Overviews belong to the app above: only their addresses are known here."""
    return [
        (organisation.name, f"/{organisation.kind.lower()}/{organisation.code}/"),
        ("Returns", ""),
    ]
