"""The frozen versions of a plan: the list, one as it stood, and two side by side."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from commissioning.choices import VersionReason
from commissioning.components import Tone
from commissioning.exports import csv_response
from commissioning.kernel.clock import business_day
from commissioning.models import Plan, PlanVersion
from commissioning.selectors.plans.comparing import Comparison, compare
from commissioning.selectors.plans.content import Content, content_of
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.selectors.plans.wording import Told, facts_of, tables_of
from commissioning.views.plans.deeds import amendment_href, buttons_of
from commissioning.views.plans.reaching import plan_or_404, plan_page

TAB = "commissioning:plan-versions"
NOW = "now"
VERSION_TONES: dict[VersionReason, Tone] = {
    VersionReason.SUBMITTED: "info",
    VersionReason.AGREED: "good",
    VersionReason.VARIED: "good",
}
_ROW = '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{}</th>{}</tr>'
_CELL = '<td class="govuk-table__cell">{}</td>'
COMPARED = ("Section", "What", "Change", "Part", "From", "To", "Difference in pounds")


@require_safe
def version_list(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Every version, the newest first, and the amendments between them."""
    reached = plan_or_404(request, code, slug)
    plan = reached.plan
    versions = list(plan.versions.defer("content").select_related("taken_by").order_by("-number"))
    amendments = list(plan.amendments.select_related("decided_by").order_by("-number"))
    for one in amendments:
        one.plan = plan
    return render(
        request,
        "commissioning/plans/versions.html",
        plan_page(
            reached,
            TAB,
            buttons=buttons_of(reached, today=business_day()),
            versions=[
                (one, version_href(plan, one.number), VERSION_TONES[VersionReason(one.reason)])
                for one in versions
            ],
            amendments=[(one, amendment_href(one)) for one in amendments],
            choices=_choices(versions),
            compare_href=_compare_href(plan),
            chosen=_ends(versions),
        ),
    )


@require_safe
def version_detail(request: HttpRequest, code: str, slug: str, number: int) -> HttpResponseBase:
    """A version as it stood."""
    reached = plan_or_404(request, code, slug)
    version = get_object_or_404(reached.plan.versions.select_related("taken_by"), number=number)
    return render(
        request,
        "commissioning/plans/version.html",
        plan_page(
            reached,
            TAB,
            version=version,
            facts=facts_of(version.content),
            tables=[_written(one) for one in tables_of(version.content)],
            page_heading=f"{version} of the plan {reached.plan.period.label}",
        ),
    )


@require_safe
def version_compare(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Two versions side by side, or a version and what the plan says now; also as CSV."""
    reached = plan_or_404(request, code, slug)
    plan = reached.plan
    versions = list(plan.versions.defer("content").order_by("-number"))
    first, last = _ends(versions)
    asked = [request.GET.get("from", first), request.GET.get("to", last)]
    comparison = compare(*_contents(reached, asked)) if versions else None
    if comparison and request.GET.get("format") == "csv":
        name = f"{plan.partnership.code}-{plan.slug}-{asked[0]}-to-{asked[1]}.csv"
        return csv_response(name, COMPARED, _rows(comparison))
    return render(
        request,
        "commissioning/plans/compare.html",
        plan_page(
            reached,
            TAB,
            comparison=comparison,
            choices=_choices(versions),
            chosen=asked,
            compare_href=_compare_href(plan),
            csv_href=f"?from={asked[0]}&to={asked[1]}&format=csv",
            titles=[_title(one) for one in asked],
            page_heading=f"What changed from {_title(asked[0])} to {_title(asked[1])}"
            if comparison
            else "Compare versions",
        ),
    )


def _written(told: Told) -> dict[str, Any]:
    """A table with its rows written: in a template hundreds of lines take ten times as long."""
    rows = (
        (format_html_join("", _CELL, ((one,) for one in row[1:])), row[0]) for row in told.rows
    )
    return {
        "title": told.title,
        "header": told.header,
        "written_rows": format_html_join("\n", _ROW, ((name, cells) for cells, name in rows)),
    }


def version_href(plan: Plan, number: int) -> str:
    return reverse("commissioning:plan-version", args=[plan.partnership.code, plan.slug, number])


def _compare_href(plan: Plan) -> str:
    return reverse("commissioning:plan-compare", args=[plan.partnership.code, plan.slug])


def _choices(versions: list[PlanVersion]) -> list[tuple[str, str]]:
    frozen = [
        (str(one.number), f"Version {one.number}, {one.get_reason_display().lower()}")
        for one in versions
    ]
    return [(NOW, "As it stands now"), *frozen]


def _ends(versions: list[PlanVersion]) -> list[str]:
    """What is compared when nothing else is asked: the last version with the one before it."""
    numbers = [str(one.number) for one in versions[:2]]
    if len(numbers) > 1:
        return numbers[::-1]
    return [*numbers, NOW, NOW][:2]


def _contents(reached: ReachedPlan, asked: list[str]) -> list[Content]:
    """What both say; 404 for a version there is none of."""
    numbers = [int(one) for one in asked if one.isascii() and one.isdigit()]
    frozen = {
        str(one.number): one.content
        for one in reached.plan.versions.filter(number__in=numbers[:2])
    }
    if NOW in asked:
        frozen[NOW] = content_of(reached.plan)
    if missing := [one for one in asked if one not in frozen]:
        raise Http404(f"There is no version {missing[0]}.")
    return [frozen[one] for one in asked]


def _title(asked: str) -> str:
    return "what it says now" if asked == NOW else f"version {asked}"


def _rows(comparison: Comparison) -> list[list[Any]]:
    return [
        [
            str(section.section.label),
            change.what,
            change.kind,
            one.name,
            one.before,
            one.after,
            one.difference,
        ]
        for section in comparison.sections
        for change in section.changes
        for one in change.columns
    ]
