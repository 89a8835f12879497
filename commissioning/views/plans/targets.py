"""Priorities and targets: what the year is about, and the way to each number by quarter."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commissioning.charts import as_asked, time_series_chart
from commissioning.choices import TargetSource
from commissioning.components import Fact
from commissioning.forms.plans.priorities import PrioritiesForm
from commissioning.forms.plans.targets import TargetForm
from commissioning.kernel import words
from commissioning.kernel.errors import DomainError
from commissioning.models import Evidence, Plan, Target
from commissioning.reference.targets import TARGET_SUBJECTS, TargetSubject, target_subject
from commissioning.selectors.plans.parts import baselines_of, priorities_of, rules_on, targets_of
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.priorities import write_priorities
from commissioning.services.plans.targets import drop_target, set_target
from commissioning.views.lists import list_response
from commissioning.views.plans.reaching import edited_by, plan_href, plan_or_404, plan_page
from commissioning.views.plans.saving import editing_page
from commissioning.views.plans.target_list import ShownTarget, TargetFilter, TargetTable, shown
from commissioning.views.plans.target_pictures import (
    CHART_HEIGHT,
    quarters_of,
    target_href,
    trajectory,
    trajectory_chart,
)
from commissioning.views.records import save_record
from commissioning.views.requests import signed_in

TARGETS = "commissioning:plan-targets"


@require_safe
def plan_targets(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """The year's priorities and every target, set or not."""
    reached = plan_or_404(request, code, slug)
    plan = reached.plan
    held, known = targets_of(plan), baselines_of(plan, seen_by=reached.person)
    filterset = TargetFilter(request.GET, queryset=plan.targets.none(), request=request)
    rows = filterset.passing(
        _shown(plan, subject, source, held.get((source, subject.code)), known)
        for source in TargetSource
        for subject in TARGET_SUBJECTS
        if source in subject.sources
    )
    page = plan_page(reached, TARGETS)
    return list_response(
        request,
        TargetTable(
            rows,
            quarters=[f"{one.last_day:%b %Y}" for one in plan.quarters()],
            exclude=() if reached.may_edit else ("change",),
        ),
        heading=page.pop("page_heading"),
        breadcrumbs=page.pop("breadcrumbs"),
        filterset=filterset,
        template="commissioning/plans/targets.html",
        priorities=priorities_of(plan),
        charts=[one.chart for one in rows if one.chart],
        **page,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_priorities(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Write the year's priorities."""
    reached = edited_by(request, code, slug)
    plan = reached.plan
    form = PrioritiesForm(
        request.POST or None, revision=plan.revision, priorities=list(priorities_of(plan))
    )
    if request.method == "POST" and form.is_valid():
        saved = save_record(
            form,
            plan,
            lambda: write_priorities(
                plan=plan, rows=list(form.rows()), by=signed_in(request), revision=form.seen
            ),
        )
        if saved is not None:
            messages.success(request, "The priorities are saved.")
            return redirect(plan_href(plan, TARGETS))
    return editing_page(
        request,
        reached,
        TARGETS,
        form=form,
        heading="Priorities of the year",
        button="Save the priorities",
        lead="What matters most this year, from the needs assessment. Lines and planning grids"
        " refer to a priority by its number, which stays.",
        now=lambda: [Fact(f"Priority {one.number}", one.text) for one in priorities_of(plan)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_target_set(
    request: HttpRequest, code: str, slug: str, source: str, indicator: str
) -> HttpResponse:
    """Set a target: baseline, number, quarters."""
    reached = edited_by(request, code, slug)
    plan = reached.plan
    subject, whose = _named(source, indicator)
    target = targets_of(plan).get((whose, subject.code))
    known = baselines_of(plan, seen_by=reached.person).get(subject.evidence)
    form = TargetForm(
        request.POST or None,
        revision=plan.revision,
        subject=subject,
        source=whose,
        quarters=plan.quarters(),
        initial=_initial(target) if target else _suggested(plan, subject, whose, known),
    )
    if request.method == "POST" and form.is_valid():
        saved = save_record(
            form,
            plan,
            lambda: set_target(
                plan=plan,
                indicator=subject.code,
                source=whose,
                words=form.words(),
                by=signed_in(request),
                revision=form.seen,
            ),
        )
        if saved:
            messages.success(request, f"The target for {subject.name.lower()} is saved.")
            return redirect(plan_href(plan, TARGETS))
    return editing_page(
        request,
        reached,
        TARGETS,
        form=form,
        heading=f"{subject.name}: {whose.label.lower()}",
        button="Save the target",
        lead=f"{subject.what}. Leave the quarters empty to have a straight line from the"
        " baseline; change them afterwards as you like.",
        facts=[Fact("Source", subject.source), *_known_facts(known, subject)],
        withdraw_href=target_href(plan, whose, subject.code, "plan-target-drop") if target else "",
        withdraw_words="Take the target out",
        now=lambda: _now(plan, subject, whose),
    )


@require_POST
def plan_target_drop(
    request: HttpRequest, code: str, slug: str, source: str, indicator: str
) -> HttpResponse:
    """Take a target out of the plan."""
    reached = edited_by(request, code, slug)
    target = _target(reached, source, indicator)
    try:
        drop_target(target=target, by=signed_in(request))
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The target is taken out.")
    return redirect(plan_href(reached.plan, TARGETS))


@require_safe
def plan_target_chart(  # noqa: PLR0917 - the names in its address
    request: HttpRequest, code: str, slug: str, source: str, indicator: str, form: str
) -> HttpResponse:
    """The picture of a trajectory; or for the browser to draw."""
    reached = plan_or_404(request, code, slug)
    target = _target(reached, source, indicator)
    option = time_series_chart(trajectory_chart(reached.plan, target))
    name = f"{source}-{indicator}"
    return as_asked(request, option, form=form, name=name, height=CHART_HEIGHT)


def _named(source: str, indicator: str) -> tuple[TargetSubject, TargetSource]:
    try:
        subject, whose = target_subject(indicator), TargetSource(source.upper().replace("-", "_"))
    except (KeyError, ValueError) as unknown:
        raise Http404 from unknown
    if whose not in subject.sources:
        raise Http404
    return subject, whose


def _target(reached: ReachedPlan, source: str, indicator: str) -> Target:
    subject, whose = _named(source, indicator)
    found = targets_of(reached.plan).get((whose, subject.code))
    if found is None:
        raise Http404
    return found


def _shown(
    plan: Plan,
    subject: TargetSubject,
    source: TargetSource,
    target: Target | None,
    known: Any,
) -> ShownTarget:
    evidence = known.get(subject.evidence)
    baseline = target.baseline if target else (evidence.value if evidence else None)
    where = target.baseline_source if target else (_said_of(evidence) if evidence else "")
    first, second, third, fourth = quarters_of(target)
    return ShownTarget(
        subject=subject,
        source=source,
        target=target,
        baseline=baseline,
        baseline_source=where,
        first=first,
        second=second,
        third=third,
        fourth=fourth,
        href=target_href(plan, source, subject.code),
        chart=trajectory(plan, target) if target else None,
    )


def _said_of(evidence: Evidence) -> str:
    if evidence.value is None:
        return f"Not measured since {words.day(evidence.as_at)}: {evidence.source}"
    return f"{evidence.source}, known on {words.day(evidence.as_at)}"


def _initial(target: Target) -> dict[str, Any]:
    quarters = dict(zip(("first", "second", "third", "fourth"), target.trajectory, strict=False))
    return {
        "baseline": target.baseline,
        "baseline_source": target.baseline_source,
        "target": target.target,
        "agreed_with": target.agreed_with,
        **quarters,
    }


def _suggested(
    plan: Plan, subject: TargetSubject, source: TargetSource, known: Evidence | None
) -> dict[str, Any]:
    """The baseline where it is known, and the target where the rules have one."""
    found: dict[str, Any] = {}
    if known and known.value is not None:
        found |= {"baseline": known.value, "baseline_source": _said_of(known)[:200]}
    if subject.setting and source == TargetSource.NATIONAL:
        percent = getattr(rules_on(plan.period.start), subject.setting)
        found["target"] = Decimal(percent) / 100
    return found


def _known_facts(known: Evidence | None, subject: TargetSubject) -> list[Fact]:
    if known is None:
        return [Fact("Known of the year before", "Nothing yet: type the baseline and its source")]
    return [Fact("Known of the year before", f"{shown(known.value, subject)}: {_said_of(known)}")]


def _now(plan: Plan, subject: TargetSubject, source: TargetSource) -> list[Fact]:
    target = targets_of(plan).get((source, subject.code))
    if target is None:
        return [Fact("Target", "Not set")]
    return [
        Fact("Baseline", shown(target.baseline, subject)),
        Fact("Target", shown(target.target, subject)),
        Fact("Quarters", words.joined(shown(one, subject) for one in target.trajectory)),
    ]
