"""The tab “Lines”: the budget grid, its file, and the order of its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commissioning.exports import csv_response, xlsx_response
from commissioning.forms.plans.order import OrderForm
from commissioning.forms.plans.sheet import (
    BLANK_ROWS,
    MORE_ROWS,
    Meanwhile,
    Sheet,
    cell_id,
    sheet_of,
    typed_sheet,
    values_of,
)
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.kernel.words import count, joined
from commissioning.models import Line, Plan
from commissioning.roles import Permission
from commissioning.rules.line_cells import BY_NAME
from commissioning.selectors.history import doers_since
from commissioning.selectors.plans.joint import joint_by_stream, joint_parts_of
from commissioning.selectors.plans.lines import lines_of, lists_of, streams_of
from commissioning.selectors.plans.moved import moved_since_agreed
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.line_checks import errors_of
from commissioning.services.plans.line_rows import LineRow, LinesRefused, SavedLines
from commissioning.services.plans.lines import reorder_lines, save_lines
from commissioning.views.plans.comments import TAB as COMMENTS
from commissioning.views.plans.comments import may_comment_on
from commissioning.views.plans.joint import shown_parts
from commissioning.views.plans.line_grid import datalists, file_header, grid_of, not_allocated
from commissioning.views.plans.reaching import edited_by, plan_href, plan_or_404, plan_page
from commissioning.views.requests import attempt, signed_in

LINES = "commissioning:plan-lines"
TRIES = 3


@require_http_methods(["GET", "HEAD", "POST"])
def line_list(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Every line of the plan as a grid: to read, or for whoever may, to write."""
    reached = plan_or_404(request, code, slug)
    if request.method == "POST":
        if not reached.may(Permission.PLAN_EDIT):
            raise PermissionDenied("Your role does not let you change this plan.")
        return _posted(request, reached)
    sheet = _sheet(reached)
    wanted = request.GET.get("format", "")
    if wanted in {"csv", "xlsx"}:
        return _file(reached, sheet, wanted)
    if reached.may_edit:
        sheet.add_blank(BLANK_ROWS)
    return _page(request, reached, sheet)


def _sheet(reached: ReachedPlan) -> Sheet:
    plan = reached.plan
    lists = lists_of(plan) if reached.may_edit else {}  # for whoever types in its cells
    return sheet_of(lines_of(plan), revision=plan.revision, streams=streams_of(plan), lists=lists)


def _posted(request: HttpRequest, reached: ReachedPlan) -> HttpResponse:
    """Save, or add rows to type in. Whatever is wrong, all that was typed comes back."""
    plan = reached.plan
    sheet = typed_sheet(request.POST, streams=streams_of(plan), lists=lists_of(plan))
    if request.POST.get("do") == "add":
        sheet.attach(lines_of(plan))
        sheet.add_blank(MORE_ROWS)
        return _page(request, reached, sheet)
    rows = sheet.read()
    if sheet.errors():
        sheet.add_errors(errors_of(plan, sheet.checkable(rows)))
        outcome = _Outcome(plan)
    else:
        outcome = _save(request, plan, sheet, rows)
    if outcome.saved:
        messages.success(request, saved_words(outcome.saved))
        return redirect(plan_href(plan, LINES))
    sheet.attach(lines_of(outcome.plan))
    return _page(request, reached, sheet, outcome)


@dataclass(frozen=True)
class _Outcome:
    """What became of a save: done, refused as a whole, or overtaken by somebody else's."""

    plan: Plan
    saved: SavedLines | None = None
    refusal: str = ""
    news: Sequence[Meanwhile] = ()
    who: str = ""


def _save(
    request: HttpRequest, plan: Plan, sheet: Sheet, rows: Sequence[LineRow], tries: int = TRIES
) -> _Outcome:
    try:
        saved = save_lines(plan=plan, rows=rows, by=signed_in(request), revision=sheet.revision)
    except ChangedMeanwhile as changed:
        seen = sheet.revision
        plan = plan_or_404(request, plan.partnership.code, plan.slug).plan
        news = sheet.merge(lines_of(plan), plan.revision)
        if news:
            who = joined(doers_since(plan, seen)) or "Somebody"
            return _Outcome(plan, news=news, who=who)
        if not tries:
            return _Outcome(plan, refusal=str(changed))
        # Something else of the plan was saved; these lines are as they were seen.
        return _save(request, plan, sheet, rows, tries - 1)
    except LinesRefused as refused:
        sheet.add_errors(refused.errors)
        return _Outcome(plan)
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except DomainError as refused:
        return _Outcome(plan, refusal=str(refused))
    return _Outcome(plan, saved)


def saved_words(saved: SavedLines) -> str:
    """What a save did, for whoever did it."""
    parts = [
        f"{count(len(numbers))} {'line' if len(numbers) == 1 else 'lines'} {deed}"
        for numbers, deed in (
            (saved.added, "added"),
            (saved.changed, "changed"),
            (saved.removed, "removed"),
        )
        if numbers
    ]
    if not parts:
        return "Nothing was changed, so nothing was saved."
    return f"Saved: {joined(parts)}. See what is over or under at the foot of the grid."


def _page(
    request: HttpRequest,
    reached: ReachedPlan,
    sheet: Sheet,
    outcome: _Outcome | None = None,
) -> HttpResponse:
    writable = reached.may(Permission.PLAN_EDIT) and (
        reached.is_written or request.method == "POST"
    )
    errors = [
        (f"{row.label}: {_about(sheet, column)}{sentence}", cell_id(row, column))
        for row, column, sentence in sheet.errors()
    ]
    parts = joint_parts_of(reached.plan)
    grid = grid_of(
        sheet,
        writable=writable,
        joint=joint_by_stream(parts),
        comments_href=plan_href(reached.plan, COMMENTS) if may_comment_on(reached) else "",
        moved=moved_since_agreed(reached.plan),
    )
    return render(
        request,
        "commissioning/plans/lines.html",
        plan_page(
            reached,
            LINES,
            grid=grid,
            sheet=sheet,
            lists=datalists(sheet) if writable else "",
            columns=BY_NAME.values(),
            writable=writable,
            errors=errors,
            refusal=outcome.refusal if outcome else "",
            news=outcome.news if outcome else [],
            who=outcome.who if outcome else "",
            has_lines=any(row.number for row in sheet.rows),
            order_href=plan_href(reached.plan, "commissioning:plan-line-order"),
            file_href=plan_href(reached.plan, "commissioning:plan-line-file"),
            money_href=plan_href(reached.plan, "commissioning:plan-money"),
            joint=shown_parts(parts),
        ),
    )


def _about(sheet: Sheet, column: str) -> str:
    return f"{sheet.heading(column)}. " if column else ""


def _file(reached: ReachedPlan, sheet: Sheet, wanted: str) -> HttpResponseBase:
    plan = reached.plan
    name = f"lines-{plan.partnership.code}-{plan.slug}.{wanted}"
    if wanted == "csv":
        return csv_response(name, file_header(sheet), _file_rows(sheet))
    return xlsx_response(name, file_header(sheet), _file_rows(sheet), sheet="Lines")


def _file_rows(sheet: Sheet) -> Iterator[list[Any]]:
    for row in sheet.rows:
        line: Line | None = row.line
        if line is None:
            continue
        amounts = {stream: amount for stream, amount in line.taken if amount}
        yield [
            line.number,
            *values_of(line),
            *(amounts.get(stream.code) for stream in sheet.streams),
            line.cost,
            not_allocated(row),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def line_order(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Put the lines in another order."""
    reached = edited_by(request, code, slug)
    plan = reached.plan
    form = OrderForm(
        request.POST or None, lines=lines_of(plan), initial={"revision": plan.revision}
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: reorder_lines(
                plan=plan,
                numbers=form.numbers(),
                by=signed_in(request),
                revision=form.cleaned_data["revision"],
            ),
        )
        if done:
            messages.success(request, "The lines are in their new order.")
            return redirect(plan_href(plan, LINES))
    return render(
        request,
        "commissioning/plans/line_order.html",
        {
            **plan_page(reached, LINES, form=form, cancel_href=plan_href(plan, LINES)),
            "page_heading": "Order of the lines",
        },
    )
