"""A partnership's primary care: who prescribes at which level, practices, shared care."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import django_tables2
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.components import DataTable, Fact, Summary, Tone
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, count, day, joined
from commissioning.models import Partnership
from commissioning.roles import Permission
from commissioning.selectors.areas import partnership_at
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.tables import CountColumn, DayColumn, NameColumn, Table
from commissioning.views.history import happenings
from commissioning.views.lists import Crumbs, list_response
from commissioning.views.requests import signed_in
from providers.choices import PrescriberLevel
from providers.models import Practice, SharedCareScheme
from providers.selectors.gaps import gaps_of
from providers.selectors.primary_care import (
    Standing,
    has_ended,
    is_overdue,
    members_of,
    practices_in,
    scheme_at,
    schemes_of,
    standing_of,
)


@dataclass(frozen=True)
class ListedPractice:
    """A practice with how many of each level prescribe there, as last stated."""

    code: str
    name: str
    contract: str
    levels: dict[str, int]
    stated_on: dt.date | None


class PracticesTable(Table):
    """Practices of the partnership."""

    caption = "Practices"
    counted = ("practice", "practices")
    empty_title = "No practice is recorded"

    name = NameColumn(verbose_name="Practice")
    contract = django_tables2.Column(verbose_name="Contract")
    core = CountColumn(accessor="levels__CORE", verbose_name="Core")
    enhanced = CountColumn(accessor="levels__ENHANCED", verbose_name="Enhanced")
    interest = CountColumn(accessor="levels__SPECIAL_INTEREST", verbose_name="Special interest")
    specialist = CountColumn(accessor="levels__SPECIALIST", verbose_name="Specialist")
    non_medical = CountColumn(accessor="levels__NON_MEDICAL", verbose_name="Non-medical")
    stated_on = DayColumn(verbose_name="Stated on")


@dataclass(frozen=True)
class ShownScheme:
    """A scheme as the page lists it."""

    scheme: SharedCareScheme
    href: str
    members: int
    standing: str
    tone: Tone


@require_safe
def primary_care(request: HttpRequest, code: str) -> HttpResponseBase:
    """The spectrum of prescribers with the levels that are missing, schemes, practices."""
    partnership, today = partnership_or_404(code), business_day()
    rules = settings_in_force(on=today)
    standing = standing_of(partnership, on=today, rules=rules)
    may_keep = keeps_area(request, partnership)
    table = PracticesTable(
        [_listed(one) for one in practices_in(partnership)],
        empty_text="The partnership names its practices here.",
    )
    if may_keep:
        table.columns["name"].column.href = lambda one: reverse(
            "providers:practice-change", args=[code, one.code]
        )
    return list_response(
        request,
        table,
        heading=f"Primary care in {partnership}",
        breadcrumbs=area_crumbs(partnership, ("Primary care", "")),
        template="providers/primary_care/overview.html",
        partnership=partnership,
        keeps=may_keep,
        verdict=_verdict(standing),
        levels=_levels(standing),
        schemes=[_shown(one, today) for one in schemes_of(partnership, on=today)],
        gaps=gaps_of(on=today, rules=rules, partnerships=[partnership.pk])[0].sentences,
    )


@require_safe
def scheme_detail(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """One scheme: who supports it, who is in it, when it is reviewed again."""
    partnership, today = partnership_or_404(code), business_day()
    scheme = scheme_or_404(partnership, slug)
    shown = _shown(scheme, today)
    facts = [
        Fact("Specialist service", *_specialist(scheme)),
        Fact("Practices", count(shown.members)),
        Fact("Last reviewed", day(scheme.reviewed_on)),
        Fact("Next review by", day(scheme.review_by)),
    ]
    page = {
        "page_heading": scheme.name,
        "breadcrumbs": scheme_crumbs(partnership, (scheme.name, "")),
        "partnership": partnership,
        "scheme": scheme,
        "summary": Summary("Shared care", shown.standing, shown.tone, facts),
        "members": members_of(scheme),
        "happenings": happenings(scheme),
        "keeps": keeps_area(request, partnership) and not has_ended(scheme, today),
    }
    return render(request, "providers/primary_care/scheme.html", page)


def partnership_or_404(code: str) -> Partnership:
    found = partnership_at(code)
    if found is None:
        raise Http404
    return found


def scheme_or_404(partnership: Partnership, slug: str) -> SharedCareScheme:
    found = scheme_at(partnership, slug, on=business_day())
    if found is None:
        raise Http404
    return found


def keeps_area(request: HttpRequest, partnership: Partnership) -> bool:
    return signed_in(request).reach(Permission.AREA_EDIT).covers(partnership.pk)


def primary_care_href(partnership: Partnership) -> str:
    return reverse("providers:primary-care", args=[partnership.code])


def scheme_href(scheme: SharedCareScheme) -> str:
    return reverse("providers:scheme-detail", args=[scheme.partnership.code, scheme.slug])


def area_crumbs(partnership: Partnership, *more: tuple[str, str]) -> Crumbs:
    """The partnership's overview, and what follows."""
    return [(str(partnership), f"/partnership/{partnership.code}/"), *more]


def scheme_crumbs(partnership: Partnership, *more: tuple[str, str]) -> Crumbs:
    return area_crumbs(partnership, ("Primary care", primary_care_href(partnership)), *more)


def _verdict(standing: Standing) -> tuple[str, Tone]:
    if not standing.is_kept:
        return "No practice is recorded, so the spectrum is not known", "plain"
    if standing.has_whole_spectrum:
        return "Doctors of every level prescribe here", "good"
    return f"Missing: {joined(one.label for one in standing.missing)}", "bad"


def _levels(standing: Standing) -> DataTable:
    rows: list[Sequence[str]] = []
    for one in standing.levels:
        missing = one.is_missing and standing.is_kept
        beside = "" if one.level is not PrescriberLevel.NON_MEDICAL else "Beside the doctors"
        rows.append(
            [
                one.level.label,
                count(one.people),
                count(one.providers),
                "Missing" if missing else beside or MISSING,
            ]
        )
    return DataTable(["Level", "People", "For providers", "Whole spectrum"], rows)


def _listed(practice: Practice) -> ListedPractice:
    counts = list(practice.provider.prescribers.all())
    return ListedPractice(
        code=practice.provider.code,
        name=str(practice.provider),
        contract=practice.get_contract_kind_display(),
        levels={level: _number(counts, level) for level in PrescriberLevel},
        stated_on=max((one.stated_on for one in counts), default=None),
    )


def _number(counts: Sequence[Any], level: str) -> Any:
    return next((one.people for one in counts if one.level == level), None)


def _shown(scheme: SharedCareScheme, today: dt.date) -> ShownScheme:
    words: str
    tone: Tone
    if has_ended(scheme, today):
        words, tone = f"Ended on {day(scheme.ended_on)}", "plain"
    elif is_overdue(scheme, today):
        words, tone = "Review overdue", "bad"
    elif scheme.reviewed_on is None:
        words, tone = "Not reviewed yet", "watch"
    else:
        words, tone = "Reviewed", "good"
    return ShownScheme(scheme, scheme_href(scheme), len(members_of(scheme)), words, tone)


def _specialist(scheme: SharedCareScheme) -> tuple[str, str]:
    service = scheme.specialist
    if service is None:
        return "None named", ""
    href = reverse("providers:service-detail", args=[service.provider.code, service.slug])
    return f"{service} ({service.provider})", href
