"""A provider's quality, with what its returns say: the page belongs to who knows both."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.components import DataTable
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, count, percent
from commissioning.selectors.rule_sets import settings_in_force
from providers.views.quality.page import provider_or_404, quality_words
from reporting.selectors.compliance import Compliance, compliance_of


@require_safe
def provider_quality(request: HttpRequest, code: str) -> HttpResponse:
    """For whoever is signed in: who buys has to know. No figure of it is about a client."""
    provider, today = provider_or_404(code), business_day()
    due_days = settings_in_force(on=today).return_due_days
    compliance = compliance_of(provider, today=today, due_days=due_days)
    return render(
        request,
        "reporting/provider_quality.html",
        {
            **quality_words(request, provider),
            "compliance": compliance,
            "compliance_table": _table(compliance),
            "due_days": due_days,
        },
    )


def _table(compliance: Compliance) -> DataTable:
    return DataTable(
        [
            "Agency",
            "Months owed",
            "Told of",
            "In time",
            "Overdue",
            "Values given",
            "Episodes refused",
        ],
        [
            [
                f"{one.agency.name} ({one.agency.code})",
                count(one.owed),
                count(one.told),
                f"{count(one.in_time)} of {count(one.judged)}" if one.judged else MISSING,
                count(one.overdue),
                percent(one.completeness) if one.completeness is not None else MISSING,
                f"{count(one.rejected)} of {count(one.episodes)}" if one.episodes else MISSING,
            ]
            for one in compliance.agencies
        ],
    )
