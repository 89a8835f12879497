"""The page of one line: everything about it, with care, and what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commissioning.components import DataTable, Fact, Summary
from commissioning.forms.plans.line import CHECKED, LineForm
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.kernel.words import MISSING, count, day, joined, pounds
from commissioning.models import Line
from commissioning.roles import Permission
from commissioning.rules.costs import Balance
from commissioning.rules.line_cells import NO_PROVIDER, STREAM
from commissioning.rules.line_tiers import tier_wants_a_reason
from commissioning.selectors.history import doers_since
from commissioning.selectors.plans.lines import (
    HeldStream,
    line_of,
    lists_of,
    priorities_of,
    setting_name,
    streams_of,
    taken_by,
)
from commissioning.selectors.plans.moved import moved_since_agreed
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.line_rows import LinesRefused
from commissioning.services.plans.lines import save_lines
from commissioning.views.history import happenings
from commissioning.views.plans.line_grid import TONES, moved_words
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page
from commissioning.views.requests import signed_in

LINES = "commissioning:plan-lines"
TRIES = 3


@require_http_methods(["GET", "HEAD", "POST"])
def line_detail(request: HttpRequest, code: str, slug: str, number: int) -> HttpResponse:
    """One line of the plan, to read, or for whoever may, to write."""
    reached = plan_or_404(request, code, slug)
    line = _line_or_404(reached, number)
    if request.method != "POST":
        return _page(request, reached, line, _form(reached, line) if reached.may_edit else None)
    if not reached.may(Permission.PLAN_EDIT):
        raise PermissionDenied("Your role does not let you change this plan.")
    form = _form(reached, line, request.POST)
    if not form.is_valid():
        return _page(request, reached, line, form)
    return _save(request, reached, line, form)


def _save(
    request: HttpRequest, reached: ReachedPlan, line: Line, form: LineForm, tries: int = TRIES
) -> HttpResponse:
    plan = reached.plan
    posted = request.POST.get("revision", "")
    revision = int(posted) if posted.isdecimal() and tries == TRIES else plan.revision
    try:
        save_lines(plan=plan, rows=[form.row()], by=signed_in(request), revision=revision)
    except ChangedMeanwhile as changed:
        reached = plan_or_404(request, plan.partnership.code, plan.slug)
        line = _line_or_404(reached, line.number)
        data, news = _form(reached, line, request.POST).merged()
        if not news and tries:  # something else of the plan was saved
            return _save(request, reached, line, form, tries - 1)
        who = joined(doers_since(reached.plan, revision)) or "Somebody"
        form = _form(reached, line, data)
        form.add_error(None, str(changed))
        return _page(request, reached, line, form, news=news, who=who)
    except LinesRefused as refused:
        form.add_errors(refused.errors)
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except DomainError as refused:
        form.add_error(None, str(refused))
    else:
        messages.success(request, f"Line {line.number} is saved.")
        return redirect(_href(reached, line))
    return _page(request, reached, line, form)


def _line_or_404(reached: ReachedPlan, number: int) -> Line:
    line = line_of(reached.plan, number)
    if line is None:
        raise Http404
    return line


def _form(reached: ReachedPlan, line: Line, data: Any = None) -> LineForm:
    plan = reached.plan
    return LineForm(
        data,
        line=line,
        lists=lists_of(plan),
        streams=streams_of(plan),
        priorities=priorities_of(plan),
    )


def _page(
    request: HttpRequest,
    reached: ReachedPlan,
    line: Line,
    form: LineForm | None,
    *,
    news: Any = (),
    who: str = "",
) -> HttpResponse:
    page = plan_page(
        reached,
        LINES,
        line=line,
        form=form,
        groups=_groups(form) if form else [],
        quarters=_quarters(reached, form) if form else [],
        summary=_summary(line),
        warnings=_warnings(line),
        moved=_moved(reached, line),
        facts=_facts(line) if form is None else [],
        trajectory=_trajectory(reached, line),
        happenings=happenings(line),
        news=news,
        who=who,
        cancel_href=plan_href(reached.plan, LINES),
    )
    page["breadcrumbs"] = [*page["breadcrumbs"], ("Lines", plan_href(reached.plan, LINES))]
    return render(
        request, "commissioning/plans/line.html", {**page, "page_heading": f"Line {line}"}
    )


def _groups(form: LineForm) -> list[tuple[str, list[Any]]]:
    """The form's fields under their headings."""
    streams = [name for name in form.fields if name.startswith(STREAM)]
    named = (
        ("What is bought", ["name", "intervention", "tier", "provider", "setting", "purchase"]),
        ("How much", ["planned_starts", "places"]),
        ("Cost", ["unit", "unit_cost", "volume", "weeks", "plain_sum"]),
        ("Which streams pay", streams),
        ("How it is provided", [*CHECKED, "pathway", "priority", "ends_on", "note"]),
    )
    return [(words, [form[name] for name in names]) for words, names in named if names]


def _quarters(reached: ReachedPlan, form: LineForm) -> list[tuple[str, Any, Any]]:
    return [
        (quarter.label, form[f"starts_{place}"], form[f"spend_{place}"])
        for place, quarter in enumerate(reached.plan.quarters(), start=1)
    ]


def _summary(line: Line) -> Summary:
    balance = Balance(line.cost, taken_by(line))
    return Summary(
        title=str(line),
        state=balance.words if balance.standing != "even" else "Paid in full",
        tone=TONES[balance.standing],
        facts=[
            Fact("Cost", pounds(line.cost)),
            Fact("Streams pay", pounds(balance.taken)),
            Fact("Tier", str(line.tier or "Outside the tiers")),
            Fact("Provider", str(line.provider or NO_PROVIDER)),
        ],
    )


def _warnings(line: Line) -> list[str]:
    said = [
        HeldStream(one.stream, None).warning(line.intervention)
        for one in line.allocations.all()
        if one.amount
    ]
    asked = tier_wants_a_reason(
        line.intervention_id or "", line.tier, setting=line.setting, note=line.note
    )
    return [one for one in (*said, asked) if one]


def _moved(reached: ReachedPlan, line: Line) -> list[tuple[str, str]]:
    """Each virement that the cost of the line does not know of yet: a sentence and its page."""
    plan = reached.plan
    return [
        (
            moved_words(one),
            reverse(
                "commissioning:plan-virement",
                args=[plan.partnership.code, plan.slug, one.virement],
            ),
        )
        for one in moved_since_agreed(plan, line).get(line.number, ())
    ]


def _facts(line: Line) -> list[Fact]:
    """Everything about the line, for whoever only reads."""
    open_then = [label for name, label in CHECKED.items() if getattr(line, name)]
    return [
        Fact("Intervention", str(line.intervention or MISSING)),
        Fact("Setting", setting_name(line.setting) or MISSING),
        Fact("How bought", line.get_purchase_display() or MISSING),
        Fact("Planned starts", count(line.planned_starts)),
        Fact("Places", count(line.places)),
        Fact("Unit cost", pounds(line.unit_cost)),
        Fact("Unit", line.unit or MISSING),
        Fact("Volume", _number(line.volume)),
        Fact("Weeks", _number(line.weeks)),
        Fact("Plain sum", pounds(line.plain_sum)),
        *(
            Fact(f"From {one.stream}", pounds(one.amount))
            for one in line.allocations.all()
            if one.amount
        ),
        Fact("Provision", joined(open_then) or MISSING),
        Fact("Pathway", line.pathway or MISSING),
        Fact("Priority", str(line.priority or MISSING)),
        Fact("Contract ends on", day(line.ends_on)),
        Fact("Note", line.note or MISSING),
    ]


def _number(value: Any) -> str:
    return MISSING if value is None else f"{value.normalize():f}"


def _trajectory(reached: ReachedPlan, line: Line) -> DataTable | None:
    held = {one.quarter: one for one in line.trajectory.all()}
    if not held:
        return None
    return DataTable(
        ["By the end of", "Starts", "Spend"],
        [
            [
                quarter.label,
                count(held[place].starts) if place in held else MISSING,
                pounds(held[place].spend) if place in held else MISSING,
            ]
            for place, quarter in enumerate(reached.plan.quarters(), start=1)
        ],
    )


def _href(reached: ReachedPlan, line: Line) -> str:
    plan = reached.plan
    return reverse("commissioning:plan-line", args=[plan.partnership.code, plan.slug, line.number])
