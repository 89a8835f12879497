"""The checks of a plan: every one, how the plan stands to it, and where it is mended."""

import django_tables2
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commissioning.checks import Answer, CheckResult, CheckState
from commissioning.components import Fact, Tone
from commissioning.forms.plans.declarations import HOLDS, NOT, DeclarationForm
from commissioning.kernel.errors import DomainError
from commissioning.models import Plan
from commissioning.selectors.plans.checking import checks_of
from commissioning.selectors.plans.parts import documents_kept_for
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.declarations import declare, withdraw_declaration
from commissioning.tables import NameColumn, Table, TagColumn
from commissioning.views.lists import list_response
from commissioning.views.plans.mending import mend_href
from commissioning.views.plans.reaching import edited_by, plan_href, plan_or_404, plan_page
from commissioning.views.plans.saving import editing_page
from commissioning.views.records import save_record
from commissioning.views.requests import signed_in

PAGE = "commissioning:plan-checks"
STATE_TONES: dict[CheckState, Tone] = {
    CheckState.PASSES: "good",
    CheckState.DECLARED: "good",
    CheckState.FAILS: "bad",
    CheckState.NEEDS_REASON: "watch",
    CheckState.REASON_GIVEN: "info",
    CheckState.NOT_ASKED: "plain",
}
_LINK = '<a class="govuk-link govuk-link--no-visited-state" href="{}">{}</a>'


class CheckTable(Table):
    """Checks with what was found, in the order of the plan's parts."""

    caption = "Checks of the plan"
    counted = ("check", "checks")

    title = NameColumn(verbose_name="Check")
    section = django_tables2.Column(verbose_name="Part of the plan")
    state = TagColumn(
        verbose_name="State", tone=lambda result: STATE_TONES[result.state], verdict=True
    )
    said = django_tables2.Column(verbose_name="What was found", orderable=False)
    source = django_tables2.Column(verbose_name="Source", orderable=False)
    todo = django_tables2.Column(
        verbose_name="What to do", orderable=False, empty_values=(), exclude_from_export=True
    )

    def __init__(self, results: list[CheckResult], *, reached: ReachedPlan) -> None:
        super().__init__(results)
        self.reached = reached

    def render_title(self, record: CheckResult) -> SafeString:
        return format_html(
            '<span id="{}">{}</span><br><span class="app-quiet">{}</span>',
            record.code,
            record.title,
            record.sentence,
        )

    def value_title(self, record: CheckResult) -> str:
        return f"{record.title}: {record.sentence}"

    def render_section(self, record: CheckResult) -> str:
        return str(record.section.label)

    def value_section(self, record: CheckResult) -> str:
        return str(record.section.label)

    def value_state(self, record: CheckResult) -> str:
        return record.state.value

    def render_said(self, record: CheckResult) -> SafeString:
        items = format_html_join("", "<li>{}</li>", ((item,) for item in record.finding.items))
        listed = format_html(
            '<ul class="govuk-list govuk-list--bullet govuk-body-s">{}</ul>', items
        )
        grounds = ""
        if record.declaration:
            grounds = format_html(
                "<p>{}: {}{}</p>",
                "Declared" if record.declaration.holds else "Reason",
                record.declaration.grounds,
                _attached(record),
            )
        return format_html("{}{}{}", record.said, listed if record.finding.items else "", grounds)

    def value_said(self, record: CheckResult) -> str:
        return " · ".join([record.said, *record.finding.items])

    def render_todo(self, record: CheckResult) -> SafeString | str:
        links = []
        if record.blocks and (href := mend_href(self.reached, record.check)):
            links.append((href, _words("Mend", record)))
        if self.reached.may_edit and (record.may_be_answered or record.declaration):
            word = "Declare" if record.check.answer is Answer.DECLARE else "Give a reason"
            if record.declaration:
                word = "Change what is said"
            links.append((_check_href(self.reached.plan, record.code), _words(word, record)))
        if not links:
            return ""
        return format_html_join("", f'<p class="govuk-body-s">{_LINK}</p>', links)

    class Meta:
        fields: tuple[str, ...] = ()
        sequence = ("title", "section", "state", "said", "source", "todo")


@require_safe
def plan_checks(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Every check, or those that stand in one way."""
    reached = plan_or_404(request, code, slug)
    results = checks_of(reached.plan)
    wanted = next(
        (one for one in CheckState if one.name.lower() == request.GET.get("state")), None
    )
    shown = [one for one in results if wanted in {None, one.state}]
    page = plan_page(reached, PAGE)
    return list_response(
        request,
        CheckTable(shown, reached=reached),
        heading=page.pop("page_heading"),
        breadcrumbs=page.pop("breadcrumbs"),
        template="commissioning/plans/checks.html",
        blocking=sum(one.blocks for one in results),
        every=len(results),
        wanted=wanted,
        states=[
            (state.name.lower(), state.value, number)
            for state in CheckState
            if (number := sum(one.state is state for one in results))
        ],
        **page,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_check_declare(request: HttpRequest, code: str, slug: str, check: str) -> HttpResponse:
    """Declare what the service does not hold, or give the reason why a check is not kept."""
    reached = edited_by(request, code, slug)
    plan, result = reached.plan, _result(reached.plan, check)
    if result.check.answer is Answer.MEND:
        raise Http404
    said = result.declaration
    form = DeclarationForm(
        request.POST or None,
        revision=plan.revision,
        check=result.check,
        kept=documents_kept_for(plan, seen_by=signed_in(request)),
        initial={
            "holds": (HOLDS if said.holds else NOT) if said else None,
            "items": said.items if said else [],
            "grounds": said.grounds if said else "",
            "document": said.document_id if said else None,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = save_record(
            form,
            plan,
            lambda: declare(
                plan=plan,
                check_code=check,
                holds=form.declares,
                grounds=given["grounds"],
                items=given.get("items", []),
                document=given["document"],
                by=signed_in(request),
                revision=form.seen,
            ),
        )
        if saved:
            messages.success(request, f"What is said of “{result.title}” is saved.")
            return redirect(f"{plan_href(plan, PAGE)}#{check}")
    return editing_page(
        request,
        reached,
        PAGE,
        form=form,
        heading=result.title,
        button="Save the declaration" if "holds" in form.fields else "Save the reason",
        lead=result.sentence,
        facts=[
            Fact("Source", result.source),
            Fact("What was found", " ".join([result.said, *result.finding.items])),
        ],
        withdraw_href=_check_href(plan, check, "plan-check-withdraw") if said else "",
        now=lambda: _now(plan, check),
    )


@require_POST
def plan_check_withdraw(request: HttpRequest, code: str, slug: str, check: str) -> HttpResponse:
    """Take back what was said of a check."""
    reached = edited_by(request, code, slug)
    result = _result(reached.plan, check)
    if result.declaration is None:
        raise Http404
    try:
        withdraw_declaration(declaration=result.declaration, by=signed_in(request))
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"What was said of “{result.title}” is taken back.")
    return redirect(plan_href(reached.plan, PAGE))


def _result(plan: Plan, code: str) -> CheckResult:
    found = next((one for one in checks_of(plan) if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _check_href(plan: Plan, code: str, page: str = "plan-check-declare") -> str:
    return reverse(f"commissioning:{page}", args=[plan.partnership.code, plan.slug, code])


def _words(verb: str, record: CheckResult) -> SafeString:
    """The verb, and for whoever hears links one by one what it is about."""
    return format_html('{}<span class="govuk-visually-hidden"> “{}”</span>', verb, record.title)


def _attached(record: CheckResult) -> SafeString | str:
    document = record.declaration.document if record.declaration else None
    if document is None:
        return ""
    href = reverse("commissioning:document-download", args=[document.pk])
    return format_html(" (" + _LINK + ")", href, document.name)


def _now(plan: Plan, code: str) -> list[Fact]:
    said = _result(plan, code).declaration
    if said is None:
        return [Fact("Said", "Nothing")]
    return [
        Fact("Said", "It holds" if said.holds else "It does not hold"),
        Fact("Grounds", said.grounds),
    ]
