"""A provider's services: the list, and one with everything about it."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import django_tables2
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.components import Fact, Summary, Tone
from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.words import MISSING, joined, pounds
from commissioning.rule_settings import RuleSettings
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.tables import CountColumn, NameColumn, Table, TagColumn
from commissioning.views.history import happenings
from commissioning.views.lists import list_response
from providers.models import DeliveredIntervention, Service
from providers.selectors.boards import counts_of_services, freshness_of
from providers.selectors.register.records import services_of
from providers.views.register.reaching import (
    crumbs,
    keeps,
    provider_or_404,
    service_href,
    service_or_404,
    services_href,
    sites_href,
)
from providers.views.register.words import (
    ages_words,
    delivers_words,
    groups_words,
    hours_of,
    setting_words,
    standing_of,
    takes_words,
    wait_of,
)


@dataclass(frozen=True)
class Listed:
    """A service as its provider's list shows it."""

    service: Service
    name: str
    site: str
    delivers: str
    hours: str
    hours_tone: Tone
    waiting_days: int | None
    state: str
    tone: Tone


class ServicesTable(Table):
    """Services of one provider."""

    caption = "Services"
    counted = ("service", "services")
    empty_title = "No service yet"

    name = NameColumn(verbose_name="Service", href=lambda row: service_href(row.service))
    site = django_tables2.Column(verbose_name="Site")
    delivers = django_tables2.Column(verbose_name="Delivers (tier)")
    hours = TagColumn(verbose_name="Hours", tone=lambda row: row.hours_tone, verdict=True)
    waiting_days = CountColumn(verbose_name="Wait, days")
    state = TagColumn(verbose_name="State", tone=lambda row: row.tone)


@require_safe
def service_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """A provider's services, those that closed too."""
    provider, today = provider_or_404(code), business_day()
    rules = settings_in_force(on=today)
    rows = [_listed(one, today, rules) for one in services_of(provider, on=today)]
    may_keep = keeps(request, provider)
    return list_response(
        request,
        ServicesTable(
            rows,
            empty_text="Add a site, then the service that works there."
            if may_keep
            else "The provider adds its services here.",
        ),
        heading=f"Services of {provider}",
        breadcrumbs=crumbs(provider, ("Services", "")),
        template="providers/register/service_list.html",
        provider=provider,
        keeps=may_keep,
    )


@require_safe
def service_detail(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """One service: what it delivers at which tier, whom it takes, when it opens, how to refer."""
    service, today = service_or_404(code, slug), business_day()
    rules = settings_in_force(on=today)
    delivered = list(service.interventions.all())
    page = {
        "page_heading": service.name,
        "breadcrumbs": crumbs(
            service.provider, ("Services", services_href(service.provider)), (service.name, "")
        ),
        "service": service,
        "summary": _summary(service, today, rules),
        "tiers": [
            (tier, f"Interventions of tier {tier}", [_delivered(one) for one in rows])
            for tier, rows in groupby(delivered, key=lambda one: one.tier)
        ],
        "takes": _takes(service),
        "hours": hours_of(service, rules),
        "happenings": happenings(service),
        "keeps": keeps(request, service.provider) and service.closed_on is None,
        "sites_href": sites_href(service.provider),
    }
    return render(request, "providers/register/service_detail.html", page)


def _listed(service: Service, today: dt.date, rules: RuleSettings) -> Listed:
    hours = hours_of(service, rules)
    state, tone = standing_of(service, today)
    delivers = [
        {"name": one.intervention.name, "tier": one.tier} for one in service.interventions.all()
    ]
    return Listed(
        service=service,
        name=service.name,
        site=service.site.name,
        delivers=delivers_words(delivers),
        hours=hours.sentence,
        hours_tone=hours.tone,
        waiting_days=service.waiting_days,
        state=state,
        tone=tone,
    )


def _summary(service: Service, today: dt.date, rules: RuleSettings) -> Summary:
    state, tone = standing_of(service, today)
    site = service.site
    stands = site.partnership
    kinds = [
        words
        for words, holds in {
            "Generic service": service.is_generic,
            "Led by primary care": service.is_primary_care_led,
            service.get_justice_work_display(): bool(service.justice_work),
            "Detoxification attached": service.has_detox_attached,
            service.get_approach_display(): bool(service.approach),
        }.items()
        if holds
    ]
    facts = [
        Fact("Provider", str(service.provider), services_href(service.provider)),
        Fact("Site", f"{site.name}, {site.address}, {site.outcode}"),
        Fact(
            "Stands in",
            str(stands) if stands else MISSING,
            reverse("providers:primary-care", args=[stands.code]) if stands else "",
        ),
        Fact("Kind", joined(kinds) or "Drug service"),
        Fact("Wait", wait_of(service, on=today, rules=rules)),
        Fact("Places tonight", _places(service, today, rules)),
    ]
    if service.justice_work:
        facts.append(Fact("Responsible commissioner", str(service.responsible_commissioner)))
    if service.agency:
        facts.append(Fact("NDTMS agency", f"{service.agency} ({service.agency.code})"))
    return Summary("At a glance", state, tone, facts)


def _places(service: Service, today: dt.date, rules: RuleSettings) -> str:
    counts = counts_of_services([service.pk], night=today)[service.pk]
    if not counts.open:
        return "None kept"
    board = getattr(service, "board", None)
    fresh = freshness_of([board] if board else [], now=technical_now(), rules=rules)
    held = fresh.get(service.pk)
    if held is None or held.is_unknown:
        return f"Not known: {held.words if held else 'never said'}"
    return f"{counts.free} of {counts.in_service} free, {held.words}"


def _delivered(one: DeliveredIntervention) -> dict[str, Any]:
    """A row of the record's table of interventions."""
    address = [one.service.provider.code, one.service.slug, one.intervention_id, one.setting]
    return {
        "name": one.intervention.name,
        "setting": setting_words(one.setting),
        "care_planned": "Yes" if one.is_care_planned else "No",
        "why": one.tier_reason,
        "overruled": f"The rule proposed Tier {one.proposed_tier}" if one.is_overruled else "",
        "price": pounds(one.weekly_price),
        "weeks": MISSING if one.usual_weeks is None else str(one.usual_weeks),
        "change_href": reverse("providers:delivery-change", args=address),
        "end_href": reverse("providers:delivery-end", args=address),
    }


def _takes(service: Service) -> list[Fact]:
    areas = [str(one) for one in service.catchment.all()]
    where = "All England" if service.is_national else joined(areas)
    if not where:
        stands = service.site.partnership
        where = f"Residents of {stands}" if stands else "Not stated"
    return [
        Fact("Who may come", service.get_sex_display()),
        Fact("Age", ages_words(service)),
        Fact("Meant for", joined(groups_words(service)) or "Everybody"),
        Fact("Also takes", joined(takes_words(service)) or MISSING),
        Fact("Access", service.access_note or MISSING),
        Fact("Languages besides English", joined(service.languages) or MISSING),
        Fact("From", where),
    ]
