"""Moving money between lines of a plan: the list, asking, deciding."""

import uuid

import django_tables2
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.choices import VirementState
from commissioning.components import Fact, Summary, Tone
from commissioning.filters import VirementFilter
from commissioning.forms.plans.ledger import AskForm, DecideForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, pounds
from commissioning.models import Virement
from commissioning.roles import Permission
from commissioning.selectors.plans.ledger import (
    approves_up_to,
    money_of_plan,
    virements_of_plan,
)
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.ledger import ask_for_virement, decide_virement
from commissioning.tables import (
    MomentColumn,
    NameColumn,
    PoundsColumn,
    Table,
    TagColumn,
    moment,
)
from commissioning.views.lists import list_response
from commissioning.views.plans.ledger import LIST, form_page, ledger_page
from commissioning.views.plans.posting import PAGE, poster_of
from commissioning.views.plans.reaching import plan_href, plan_or_404
from commissioning.views.requests import attempt, signed_in

VIREMENTS = "commissioning:plan-virements"
TONES: dict[str, Tone] = {
    VirementState.ASKED: "watch",
    VirementState.APPROVED: "good",
    VirementState.REFUSED: "plain",
}


class VirementTable(Table):
    """Moves of money between lines."""

    caption = "Virements"
    counted = ("virement", "virements")
    empty_title = "No virement"

    pk = NameColumn(verbose_name="Number")
    source = django_tables2.Column(verbose_name="From", order_by=("source__line__number", "pk"))
    target = django_tables2.Column(verbose_name="To", order_by=("target__line__number", "pk"))
    stream = django_tables2.Column(
        accessor="source__stream",
        verbose_name="Stream",
        order_by=("source__stream__position", "pk"),
    )
    amount = PoundsColumn(verbose_name="Amount")
    state = TagColumn(verbose_name="State", tone=lambda one: TONES[one.state])
    asked_by = django_tables2.Column(verbose_name="Asked by", order_by=("asked_by__name",))
    asked_at = MomentColumn(verbose_name="Asked")
    reason = django_tables2.Column(verbose_name="Reason")

    class Meta:
        model = Virement
        fields: tuple[str, ...] = ()
        sequence = (
            "pk",
            "source",
            "target",
            "stream",
            "amount",
            "state",
            "asked_by",
            "asked_at",
            "reason",
        )

    def render_source(self, record: Virement) -> str:
        return str(record.source.line)

    def render_target(self, record: Virement) -> str:
        return str(record.target.line)

    def value_source(self, record: Virement) -> str:
        return str(record.source.line)

    def value_target(self, record: Virement) -> str:
        return str(record.target.line)

    def value_stream(self, value: object) -> str:
        return str(value)

    def value_asked_by(self, value: object) -> str:
        return str(value)


@require_safe
def plan_virements(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Every move of money between the plan's lines, whatever became of it."""
    reached = plan_or_404(request, code, slug)
    shown = VirementFilter(request.GET, queryset=virements_of_plan(reached.plan), request=request)
    table = VirementTable(shown.qs)
    here = plan_href(reached.plan, VIREMENTS)
    table.columns["pk"].column.href = lambda one: f"{here}{one.pk}/"
    return list_response(
        request, table, filterset=shown, template=LIST, **ledger_page(reached, "Virements")
    )


@require_http_methods(PAGE)
def plan_virement_ask(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Ask to move money from one line to another."""
    reached = poster_of(request, code, slug)
    plan = reached.plan
    form = AskForm(
        request.POST if request.method == "POST" else None,
        money=money_of_plan(plan),
        lines=list(plan.lines.all()),
        initial={"cause": f"asked:{uuid.uuid4().hex}"},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        virement = attempt(
            form,
            lambda: ask_for_virement(
                source=given["part"],
                target=given["target"],
                amount=given["amount"],
                reason=given["reason"],
                cause=given["cause"],
                by=signed_in(request),
                on=business_day(),
            ),
        )
        if virement:
            messages.success(
                request,
                f"Virement {virement.pk} is asked for. It moves when another person approves it.",
            )
            return redirect(plan_href(plan, VIREMENTS))
    return render(
        request,
        "commissioning/plans/virement_ask.html",
        form_page(
            reached,
            "Ask for a virement",
            form=form,
            cancel_href=plan_href(plan, VIREMENTS),
        ),
    )


@require_http_methods(PAGE)
def plan_virement(request: HttpRequest, code: str, slug: str, number: int) -> HttpResponse:
    """One move of money; whoever may, decides it."""
    reached = plan_or_404(request, code, slug)
    virement = get_object_or_404(virements_of_plan(reached.plan), pk=number)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not reached.may(Permission.MONEY_APPROVE):
        raise PermissionDenied("Your role does not let you decide a virement.")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        decided = attempt(
            form,
            lambda: decide_virement(
                virement=virement, by=signed_in(request), on=business_day(), **given
            ),
        )
        if decided:
            said = "approved: the money moved" if given["approve"] else "refused: nothing moved"
            messages.success(request, f"Virement {virement.pk} is {said}.")
            return redirect(plan_href(reached.plan, VIREMENTS))
    return render(
        request,
        "commissioning/plans/virement.html",
        form_page(
            reached,
            f"Virement {virement.pk}",
            summary=_summary(virement),
            form=form if _decides(reached, virement) else None,
            why_not=_why_not(reached, virement),
            cancel_href=plan_href(reached.plan, VIREMENTS),
        ),
    )


def _decides(reached: ReachedPlan, virement: Virement) -> bool:
    return (
        virement.state == VirementState.ASKED
        and reached.may(Permission.MONEY_APPROVE)
        and not _why_not(reached, virement)
    )


def _why_not(reached: ReachedPlan, virement: Virement) -> str:
    """Why somebody who approves virements does not approve this one."""
    if virement.state != VirementState.ASKED or not reached.may(Permission.MONEY_APPROVE):
        return ""
    if virement.asked_by_id == reached.person.pk:
        return "You asked for this virement: another person approves it."
    limit = approves_up_to(reached.person, virement.partnership_id)
    if limit is not None and virement.amount > limit:
        return f"You approve up to {pounds(limit)}."
    return ""


def _summary(virement: Virement) -> Summary:
    facts = [
        Fact("From", str(virement.source.line)),
        Fact("To", str(virement.target.line)),
        Fact("Stream", str(virement.source.stream)),
        Fact("Amount", pounds(virement.amount)),
        Fact("Free on the line it leaves", pounds(virement.source.headroom)),
        Fact("Asked by", f"{virement.asked_by}, {moment(virement.asked_at)}"),
        Fact("Why", virement.reason),
    ]
    if virement.decided_by:
        facts += [
            Fact("Decided by", f"{virement.decided_by}, {moment(virement.decided_at)}"),
            Fact("Reason of the decision", virement.decision or MISSING),
        ]
    return Summary(
        title=f"Virement {virement.pk}",
        state=virement.get_state_display(),
        tone=TONES[virement.state],
        facts=facts,
    )
