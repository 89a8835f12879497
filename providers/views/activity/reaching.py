"""What every page of activity begins with: the provider, the service and the quarter."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Grain, Period, UnknownPeriod
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.rule_settings import RuleSettings
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.views.lists import Crumbs
from commissioning.views.requests import insist, organisation_at, signed_in
from providers.models import Service
from providers.selectors.activity import AskedRow, asked_of


@dataclass(frozen=True)
class ReachedQuarter:
    """One service's quarter, with what it is asked, for whoever may see the provider's figures."""

    provider: Organisation
    service: Service
    period: Period
    rows: list[AskedRow]
    rules: RuleSettings

    def href(self, name: str = "activity-quarter") -> str:
        at = [self.provider.code, self.period.code, self.service.slug]
        return reverse(f"providers:{name}", args=at)

    @property
    def heading(self) -> str:
        return f"{self.service}, {self.period.label}"

    def crumbs(self, *more: tuple[str, str]) -> Crumbs:
        return [*crumbs_of(self.provider), *more]


def crumbs_of(provider: Organisation) -> Crumbs:
    listed = reverse("providers:activity-list", args=[provider.code])
    return [(provider.name, f"/provider/{provider.code}/"), ("Activity", listed)]


def provider_seen(request: HttpRequest, code: str) -> Organisation:
    """404 unless the person may view the provider, 403 unless they may see its figures."""
    provider = organisation_at(request, "provider", code)
    insist(request, Permission.FIGURES_VIEW, provider)
    return provider


def quarter_at(request: HttpRequest, code: str, quarter: str, service: str) -> ReachedQuarter:
    """404 too where the service counts nothing in the quarter, or it has not begun."""
    provider = provider_seen(request, code)
    period, today = quarter_named(quarter), business_day()
    reached = Service.objects.permitted(signed_in(request), Permission.FIGURES_VIEW)
    found = get_object_or_404(
        reached.select_related("provider__organisation", "site"),
        provider=provider.pk,
        slug=service,
    )
    rows = asked_of(found, period)
    if not rows or period.start > today:
        raise Http404
    return ReachedQuarter(provider, found, period, rows, settings_in_force(on=today))


def sent_by(request: HttpRequest, code: str, quarter: str, service: str) -> ReachedQuarter:
    """The same for whoever may fill it in; 403 for others who may view it."""
    provider = organisation_at(request, "provider", code)
    insist(request, Permission.ACTIVITY_SEND, provider)
    return quarter_at(request, code, quarter, service)


def quarter_named(words: str) -> Period:
    try:
        period = Period.parse(words)
    except UnknownPeriod as unknown:
        raise Http404 from unknown
    if period.grain is not Grain.QUARTER:
        raise Http404
    return period


def may_send(request: HttpRequest, provider: Organisation) -> bool:
    return signed_in(request).reach(Permission.ACTIVITY_SEND).covers(provider.pk)
