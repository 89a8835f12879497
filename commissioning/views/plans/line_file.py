"""Lines from a file: its faults, or what it would make of the plan; then saved in one go."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commissioning.exports import csv_response
from commissioning.forms.plans.line_file import (
    Fault,
    FileOfLines,
    LineFileForm,
    difference_of,
    faults_of,
    with_all_streams,
)
from commissioning.forms.plans.sheet import Meanwhile, Sheet
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.kernel.words import joined
from commissioning.models import Line, Plan
from commissioning.selectors.history import doers_since
from commissioning.selectors.plans.lines import lines_of, lists_of, streams_of
from commissioning.selectors.plans.money import all_streams
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.line_checks import errors_of
from commissioning.services.plans.line_rows import LineRow
from commissioning.services.plans.lines import save_lines
from commissioning.services.plans.sheet_file import FileRefused
from commissioning.views.plans.lines import saved_words
from commissioning.views.plans.reaching import edited_by, plan_href, plan_or_404, plan_page
from commissioning.views.requests import signed_in

LINES, FILE = "commissioning:plan-lines", "commissioning:plan-line-file"
SHOWN = 100  # faults on the page; the file has all
FAULT_HEADER = ["Row", "Column", "What is wrong"]


@require_http_methods(["GET", "HEAD", "POST"])
def line_file(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Send a file of lines, look at what it would do, and confirm it."""
    reached = edited_by(request, code, slug)
    if request.method != "POST":
        return _ask(request, reached, LineFileForm())
    kept = request.POST.get("kept", "")
    form = LineFileForm(request.POST, request.FILES)
    if not kept and not form.is_valid():
        return _ask(request, reached, form)
    try:
        if kept:
            file = FileOfLines.kept(kept, _salt(request, reached.plan))
        else:
            lines = lines_of(reached.plan)
            file = FileOfLines.of(form.cleaned_data["file"], lines, _sheet(reached.plan))
    except FileRefused as refused:
        return _ask(request, reached, _refused(str(refused)))
    return _look(request, reached, file)


def _ask(request: HttpRequest, reached: ReachedPlan, form: LineFileForm) -> HttpResponse:
    return _render(request, reached, "line_file.html", "Lines from a file", form=form)


def _refused(sentence: str) -> LineFileForm:
    """The form again, with what is wrong about the file."""
    form = LineFileForm({}, {})
    form.full_clean()
    form.errors.clear()
    form.add_error("file", sentence)
    return form


def _look(request: HttpRequest, reached: ReachedPlan, file: FileOfLines) -> HttpResponseBase:
    plan = reached.plan
    lines = lines_of(plan)
    sheet, rows, faults = _read(plan, file, lines)
    deed = request.POST.get("do")
    if deed == "faults":
        found = [[one.row, one.column, one.said] for one in faults]
        return csv_response(f"faults-{plan.slug}.csv", FAULT_HEADER, found)
    news: Sequence[Meanwhile] = ()
    who = ""
    if deed == "save" and plan.revision != file.revision:
        news = file.news(sheet, lines)
        who = joined(doers_since(plan, file.revision)) or "Somebody"
    if deed == "save" and not faults and not news:
        try:
            saved = save_lines(plan=plan, rows=rows, by=signed_in(request), revision=plan.revision)
        except ChangedMeanwhile:
            # Saved by somebody else this very moment: told by what they changed.
            return _look(request, plan_or_404(request, plan.partnership.code, plan.slug), file)
        except NotPermitted as refused:
            raise PermissionDenied(str(refused)) from refused
        except DomainError as refused:
            faults = [Fault("", "", str(refused))]
        else:
            messages.success(request, saved_words(saved))
            return redirect(plan_href(plan, LINES))
    return _page(request, reached, file, sheet, lines, faults=faults, news=news, who=who)


def _read(
    plan: Plan, file: FileOfLines, lines: Sequence[Line]
) -> tuple[Sheet, list[LineRow], list[Fault]]:
    """The file beside the plan as it is now, what it asks for, and what is wrong with it."""
    sheet = _sheet(plan)
    file.faults.clear()
    file.fill(sheet, lines)
    rows = sheet.read()
    sheet.add_errors(errors_of(plan, sheet.checkable(rows)))
    return sheet, rows, faults_of(file, sheet)


def _page(
    request: HttpRequest,
    reached: ReachedPlan,
    file: FileOfLines,
    sheet: Sheet,
    lines: Sequence[Line],
    *,
    faults: list[Fault],
    news: Sequence[Meanwhile],
    who: str,
) -> HttpResponse:
    plan = reached.plan
    seen = file.seen_beside(sheet, lines)
    return _render(
        request,
        reached,
        "line_file_look.html",
        "Mend the file" if faults else "Check what the file changes",
        faults=faults[:SHOWN],
        how_many=len(faults),
        difference=difference_of(sheet),
        formulas=file.formulas,
        news=news,
        who=who,
        kept=seen.signed(_salt(request, plan)),
        again_href=plan_href(plan, FILE),
    )


def _sheet(plan: Plan) -> Sheet:
    streams = with_all_streams(streams_of(plan), all_streams())
    return Sheet([], plan.revision, streams, lists_of(plan))


def _salt(request: HttpRequest, plan: Plan) -> str:
    """Kept for one person and one plan."""
    return f"lines-of-a-file:{plan.pk}:{signed_in(request).pk}"


def _render(
    request: HttpRequest, reached: ReachedPlan, template: str, heading: str, **more: object
) -> HttpResponse:
    page = plan_page(reached, LINES, cancel_href=plan_href(reached.plan, LINES), **more)
    crumbs = [*page["breadcrumbs"], ("Lines", plan_href(reached.plan, LINES))]
    return render(
        request,
        f"commissioning/plans/{template}",
        {**page, "breadcrumbs": crumbs, "page_heading": heading},
    )
