"""The five planning grids as one list, and the rows of them."""

from typing import Any

import django_filters
import django_tables2
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commissioning.choices import MilestoneStatus, PlanningGrid, PlanState
from commissioning.components import Fact, Tone
from commissioning.forms.plans.grids import GridRowForm, StatusForm
from commissioning.kernel import words
from commissioning.kernel.errors import DomainError
from commissioning.list_filters import ListFilter
from commissioning.models import GridRow, Plan
from commissioning.reference.planning import STARTING_ROWS
from commissioning.roles import Permission
from commissioning.selectors.plans.parts import (
    grid_row,
    grid_rows_of,
    priorities_of,
    rows_to_start_from,
)
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.grids import (
    add_grid_row,
    change_grid_row,
    remove_grid_row,
    tell_status,
)
from commissioning.tables import DayColumn, NameColumn, Table, TagColumn
from commissioning.views.lists import list_response
from commissioning.views.plans.reaching import edited_by, plan_href, plan_or_404, plan_page
from commissioning.views.plans.saving import editing_page
from commissioning.views.records import save_record
from commissioning.views.requests import attempt, insist, signed_in

PAGE = "commissioning:plan-grids"
STATUS_TONES: dict[MilestoneStatus, Tone] = {
    MilestoneStatus.NOT_STARTED: "plain",
    MilestoneStatus.ON_TRACK: "good",
    MilestoneStatus.LATE: "bad",
    MilestoneStatus.DONE: "good",
    MilestoneStatus.DROPPED: "watch",
}


class GridFilter(ListFilter):
    """By grid, status and who is to do it."""

    grid = django_filters.ChoiceFilter(
        label="Grid", choices=PlanningGrid.choices, empty_label="Any grid"
    )
    status = django_filters.ChoiceFilter(
        label="Status", choices=MilestoneStatus.choices, empty_label="Any status"
    )
    by_whom = django_filters.CharFilter(label="By whom", lookup_expr="icontains")

    class Meta:
        model = GridRow
        fields: list[str] = []


def _row_href(row: GridRow, page: str = "plan-grid-row") -> str:
    plan = row.plan
    return reverse(
        f"commissioning:{page}",
        args=[plan.partnership.code, plan.slug, row.grid.lower(), row.number],
    )


class GridTable(Table):
    """Rows of the planning grids."""

    caption = "Rows of the planning grids"
    counted = ("row", "rows")

    action = NameColumn(verbose_name="Action and milestone", href=_row_href)
    grid = django_tables2.Column(verbose_name="Grid")
    priority = django_tables2.Column(verbose_name="Priority", default=words.MISSING)
    objective = django_tables2.Column(verbose_name="Objective")
    by_when = DayColumn(verbose_name="By when")
    by_whom = django_tables2.Column(verbose_name="By whom")
    status = TagColumn(
        verbose_name="Status",
        tone=lambda row: STATUS_TONES[MilestoneStatus(row.status)],
        verdict=True,
    )
    status_note = django_tables2.Column(verbose_name="Note", default="", orderable=False)

    def render_grid(self, record: GridRow) -> str:
        return record.get_grid_display()

    def value_grid(self, record: GridRow) -> str:
        return record.get_grid_display()

    def value_status(self, record: GridRow) -> str:
        return record.get_status_display()

    class Meta:
        model = GridRow
        fields: tuple[str, ...] = ()
        sequence = (
            "action",
            "grid",
            "priority",
            "objective",
            "by_when",
            "by_whom",
            "status",
            "status_note",
        )


@require_safe
def plan_grids(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Every row of the five grids; what each grid may start from."""
    reached = plan_or_404(request, code, slug)
    every = list(grid_rows_of(reached.plan).order_by("grid", "number"))
    filterset = GridFilter(request.GET or None, queryset=grid_rows_of(reached.plan))
    page = plan_page(reached, PAGE)
    return list_response(
        request,
        GridTable(filterset.qs.order_by("grid", "number")),
        heading=page.pop("page_heading"),
        breadcrumbs=page.pop("breadcrumbs"),
        filterset=filterset,
        template="commissioning/plans/grids.html",
        grids=[
            (grid, grid.label, sum(row.grid == grid for row in every)) for grid in PlanningGrid
        ],
        starting=[(one, PlanningGrid(one.grid).label) for one in rows_to_start_from(every)],
        **page,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_grid_add(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """A new row, from nothing or from one of those offered."""
    reached = edited_by(request, code, slug)
    plan = reached.plan
    form = _form(request, plan, initial=_start_from(request), may_move=True)
    if request.method == "POST" and form.is_valid():
        saved = save_record(
            form,
            plan,
            lambda: add_grid_row(
                plan=plan,
                grid=PlanningGrid(form.cleaned_data["grid"]),
                words=form.words(),
                by=signed_in(request),
                revision=form.seen,
            ),
        )
        if saved:
            messages.success(request, f"The row is in “{saved.get_grid_display()}”.")
            return redirect(plan_href(plan, PAGE))
    return editing_page(
        request,
        reached,
        PAGE,
        form=form,
        heading="Add a row to a grid",
        button="Add the row",
        now=lambda: [
            Fact(f"{one.get_grid_display()}, {one.number}", one.action)
            for one in grid_rows_of(plan).order_by("grid", "number")
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_grid_row(
    request: HttpRequest, code: str, slug: str, grid: str, number: int
) -> HttpResponse:
    """One row: what it says and how it stands, with what may be done to it."""
    reached = plan_or_404(request, code, slug)
    row = _row(reached, grid, number)
    may_tell = reached.may(Permission.PLAN_EDIT) and reached.plan.state != PlanState.CLOSED
    if request.method == "POST":
        insist(request, Permission.PLAN_EDIT, reached.plan.partnership.organisation)
    form = StatusForm(
        request.POST or None, initial={"status": row.status, "note": row.status_note}
    )
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form, lambda: tell_status(row=row, by=signed_in(request), **form.cleaned_data)
        )
        if saved:
            messages.success(request, f"The status is “{saved.get_status_display()}” now.")
            return redirect(plan_href(reached.plan, PAGE))
    page = plan_page(reached, PAGE)
    page["breadcrumbs"] = [*page["breadcrumbs"], ("Grids", plan_href(reached.plan, PAGE))]
    page["page_heading"] = f"{row.get_grid_display()}, row {row.number}"
    return render(
        request,
        "commissioning/plans/grid_row.html",
        {
            **page,
            "row": row,
            "facts": _facts(row),
            "status_tone": STATUS_TONES[MilestoneStatus(row.status)],
            "may_tell": may_tell,
            "form": form,
            "change_href": _row_href(row, "plan-grid-change"),
            "remove_href": _row_href(row, "plan-grid-remove"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_grid_change(
    request: HttpRequest, code: str, slug: str, grid: str, number: int
) -> HttpResponse:
    """Change what a row says."""
    reached = edited_by(request, code, slug)
    plan, row = reached.plan, _row(reached, grid, number)
    initial = {
        "priority": row.priority,
        "objective": row.objective,
        "action": row.action,
        "by_when": row.by_when,
        "by_whom": row.by_whom,
    }
    form = _form(request, plan, initial=initial, may_move=False)
    if request.method == "POST" and form.is_valid():
        saved = save_record(
            form,
            plan,
            lambda: change_grid_row(
                row=row, words=form.words(), by=signed_in(request), revision=form.seen
            ),
        )
        if saved:
            messages.success(request, "The row is saved.")
            return redirect(plan_href(plan, PAGE))
    return editing_page(
        request,
        reached,
        PAGE,
        form=form,
        heading=f"{row.get_grid_display()}, row {row.number}",
        button="Save the row",
        now=lambda: _facts(grid_row(plan, grid=grid, number=number)),
    )


@require_POST
def plan_grid_remove(
    request: HttpRequest, code: str, slug: str, grid: str, number: int
) -> HttpResponse:
    """Take a row out."""
    reached = edited_by(request, code, slug)
    try:
        remove_grid_row(row=_row(reached, grid, number), by=signed_in(request))
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The row is taken out.")
    return redirect(plan_href(reached.plan, PAGE))


def _row(reached: ReachedPlan, grid: str, number: int) -> GridRow:
    found = grid_row(reached.plan, grid=grid, number=number)
    if found is None:
        raise Http404
    return found


def _form(
    request: HttpRequest, plan: Plan, *, initial: dict[str, Any], may_move: bool
) -> GridRowForm:
    return GridRowForm(
        request.POST or None,
        revision=plan.revision,
        priorities=priorities_of(plan),
        year=plan.period,
        may_move=may_move,
        initial=initial,
    )


def _start_from(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for: a row that was offered, or a grid."""
    asked = request.GET.get("start", "")
    offered = next((one for one in STARTING_ROWS if one.code == asked), None)
    if offered:
        return {
            "grid": offered.grid,
            "objective": offered.objective,
            "action": offered.action,
        }
    return {"grid": request.GET.get("grid", "").upper()}


def _facts(row: GridRow | None) -> list[Fact]:
    if row is None:
        return [Fact("Row", "Taken out")]
    return [
        Fact("Priority", str(row.priority) if row.priority else words.MISSING),
        Fact("Objective", row.objective),
        Fact("Action and milestone", row.action),
        Fact("By when", words.day(row.by_when)),
        Fact("By whom", row.by_whom),
        Fact("Status", row.get_status_display()),
        Fact("Note", row.status_note or words.MISSING),
    ]
