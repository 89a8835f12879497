"""The tab “Money”: what there is, who holds it, and what the lines make of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import django_tables2
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.charts import as_asked, stacked_chart
from commissioning.choices import FundingStanding
from commissioning.components import Chart, Figure, Tone
from commissioning.forms.plans.streams import (
    CELLS,
    StreamRow,
    cells_of,
    stream_rows,
    typed_streams,
)
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.kernel.words import MISSING, count, joined, percent, pounds
from commissioning.roles import Permission
from commissioning.selectors.history import doers_since
from commissioning.selectors.plans.money import (
    PlanMoney,
    all_streams,
    funding_of,
    holders_of,
    money_of,
)
from commissioning.selectors.plans.pounds import Total
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.funding import FundingRefused, save_funding
from commissioning.tables import CountColumn, NameColumn, PercentColumn, PoundsColumn, Table
from commissioning.views.lists import list_response
from commissioning.views.plans.carried import shown_carried
from commissioning.views.plans.joint import shown_parts
from commissioning.views.plans.line_grid import TONES
from commissioning.views.plans.money_pictures import tiers_by_stream, tiers_table
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page
from commissioning.views.requests import signed_in

MONEY = "commissioning:plan-money"
WORDS = {"amount": "Amount", "standing": "Standing", "holder": "Held by", "note": "Note"}
TRIES = 3


@require_http_methods(["GET", "HEAD", "POST"])
def plan_money(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The streams of the year, and the lines' money added up every way it is asked for."""
    reached = plan_or_404(request, code, slug)
    if request.method != "POST":
        return _page(request, reached)
    if not reached.may(Permission.PLAN_EDIT) or reached.plan.is_joint:
        raise PermissionDenied("Your role does not let you change this plan's funding.")
    rows = typed_streams(all_streams(), request.POST)
    members = {one.name.casefold(): one for one in holders_of(reached.plan)}
    read = [found for row in rows if (found := row.read(members)) is not None]
    if any(row.errors for row in rows):
        return _page(request, reached, rows=rows)
    posted = request.POST.get("revision", "")
    revision = int(posted) if posted.isdecimal() else 0
    return _save(request, reached, rows, read, revision=revision)


def _save(
    request: HttpRequest,
    reached: ReachedPlan,
    rows: list[StreamRow],
    read: list[Any],
    *,
    revision: int,
    tries: int = TRIES,
) -> HttpResponse:
    plan = reached.plan
    try:
        save_funding(plan=plan, rows=read, by=signed_in(request), revision=revision)
    except ChangedMeanwhile as changed:
        reached = plan_or_404(request, plan.partnership.code, plan.slug)
        held = funding_of(reached.plan)
        news = [
            (row.stream.name, WORDS[name], now, typed)
            for row in rows
            for name, now, typed in row.merge(cells_of(held.get(row.stream.pk)))
        ]
        if not news and tries:  # something else of the plan was saved
            return _save(
                request, reached, rows, read, revision=reached.plan.revision, tries=tries - 1
            )
        who = joined(doers_since(reached.plan, revision)) or "Somebody"
        return _page(request, reached, rows=rows, refusal=str(changed), news=news, who=who)
    except FundingRefused as refused:
        row = next((row for row in rows if row.stream.pk == refused.stream), rows[0])
        row.errors["amount"] = str(refused)
        return _page(request, reached, rows=rows)
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except DomainError as refused:
        return _page(request, reached, rows=rows, refusal=str(refused))
    messages.success(request, "The streams are saved. Lines can take from them now.")
    return redirect(plan_href(plan, MONEY))


def _page(
    request: HttpRequest,
    reached: ReachedPlan,
    *,
    rows: list[StreamRow] | None = None,
    refusal: str = "",
    news: Sequence[tuple[str, str, str, str]] = (),
    who: str = "",
) -> HttpResponse:
    plan = reached.plan
    money = money_of(plan)
    writable = reached.may_edit and not plan.is_joint
    if rows is None and writable:
        rows = stream_rows(money.streams, money.funding)
    by_code = {one.stream.pk: one for one in money.by_stream}
    errors = [
        (f"{row.stream}: {row.errors[name]}", f"f-{row.stream.pk}-{name}")
        for row in rows or []
        for name in CELLS
        if name in row.errors
    ]
    return render(
        request,
        "commissioning/plans/money.html",
        plan_page(
            reached,
            MONEY,
            money=money,
            figures=_figures(money),
            rows=[(row, by_code.get(row.stream.pk)) for row in rows or []],
            streams=money.by_stream,
            errors=errors,
            refusal=refusal,
            news=news,
            who=who,
            standings=FundingStanding.choices,
            holders=holders_of(plan) if rows else [],
            tones=TONES,
            chart=_chart(reached, money),
            totals=[_shown(reached, name, money) for name in ("tier", "provider", "priority")],
            aftercare=_aftercare(money),
            joint=shown_parts(money.joint_parts),
            carried=shown_carried(reached, money),
            lines_href=plan_href(plan, "commissioning:plan-lines"),
            streams_href=_totals_href(reached, "stream"),
        ),
    )


def _aftercare(money: PlanMoney) -> str:
    """What there is of drug-related aftercare, in a sentence or two."""
    found = money.for_aftercare
    if not found.lines and not found.joint:
        return "No line provides it yet."
    own = "No line of the plan's own provides it"
    if found.lines:
        one = found.lines == 1
        own = (
            f"{count(found.lines)} {'line provides' if one else 'lines provide'} it and"
            f" {'costs' if one else 'cost'} {pounds(found.cost)}"
        )
    ours = f"; our part of it in joint plans is {pounds(found.joint)}" if found.joint else ""
    that = "Together that" if found.lines and found.joint else "That"
    return f"{own}{ours}. {that} is {percent(found.share)} of the plan."


def _figures(money: PlanMoney) -> list[Figure]:
    balance = money.balance
    verdict, tone = _paid_for(money)
    return [
        Figure("There is", pounds(money.available), limits=_certain(money)),
        Figure("Lines cost", pounds(money.cost), n=f"in {count(len(money.lines))} lines"),
        Figure(
            "Streams pay",
            pounds(money.pounds.planned),
            n=f"and {pounds(money.joint_total)} of joint plans" if money.joint_total else "",
            verdict=verdict,
            tone=tone,
        ),
        Figure(
            "Left of the streams",
            pounds(balance.left),
            verdict="Allocated in full" if balance.standing == "even" else balance.words,
            tone="bad" if balance.standing == "over" else "info",
        ),
    ]


def _paid_for(money: PlanMoney) -> tuple[str, Tone]:
    """Whether streams pay what lines cost: all lines together, and then each."""
    unpaid, short = money.unfunded, money.unpaid_lines
    if unpaid.standing != "even":
        how = "is not paid for" if unpaid.standing == "under" else "more than lines cost"
        return f"{pounds(abs(unpaid.left))} {how}", "watch"
    if short:
        are = "line is" if short == 1 else "lines are"
        return f"{count(short)} {are} not paid in full, others more", "watch"
    return "Every line is paid for", "good"


def _certain(money: PlanMoney) -> str:
    expected = [
        one.amount for one in money.funding.values() if one.standing == FundingStanding.EXPECTED
    ]
    return f"{pounds(sum(expected))} of it expected, not confirmed" if expected else ""


def _chart(reached: ReachedPlan, money: PlanMoney) -> Chart | None:
    drawn = tiers_by_stream(money, about=str(reached.plan))
    if drawn is None:
        return None
    plan = reached.plan
    return Chart(
        identifier="money-by-tier",
        title=drawn.title,
        subtitle=drawn.subtitle,
        description=drawn.description,
        svg_href=reverse("commissioning:plan-money-svg", args=[plan.partnership.code, plan.slug]),
        json_href=reverse(
            "commissioning:plan-money-json", args=[plan.partnership.code, plan.slug]
        ),
        table=tiers_table(money),
        height=drawn.height,
        name="money by tier and stream",
    )


@require_safe
def money_chart(request: HttpRequest, code: str, slug: str, form: str) -> HttpResponse:
    """The picture of money by tier and stream; or for the browser to draw again."""
    reached = plan_or_404(request, code, slug)
    drawn = tiers_by_stream(money_of(reached.plan), about=str(reached.plan))
    if drawn is None:
        raise Http404
    option = stacked_chart(drawn)
    return as_asked(request, option, form=form, name="money-by-tier", height=drawn.height)


class TotalTable(Table):
    """Lines added up under a name, and beside them what lines of joint plans take."""

    caption = "Money"
    counted = ("row", "rows")
    empty_title = "No line yet"

    name = NameColumn(verbose_name="Name")
    lines = CountColumn(verbose_name="Lines")
    cost = PoundsColumn(verbose_name="Cost")
    share = PercentColumn(verbose_name="Share of cost")
    planned = PoundsColumn(verbose_name="Streams pay", accessor="pounds__planned")
    joint = PoundsColumn(verbose_name="Joint plans take")
    agreed = PoundsColumn(verbose_name="Agreed", accessor="pounds__agreed")
    committed = PoundsColumn(verbose_name="Committed", accessor="pounds__committed")
    paid = PoundsColumn(verbose_name="Paid", accessor="pounds__paid")
    headroom = PoundsColumn(verbose_name="Headroom", accessor="pounds__headroom")


class StreamTable(Table):
    """Streams, what there is of each and what the lines take."""

    caption = "Money by stream"
    counted = ("stream", "streams")
    empty_title = "No stream yet"

    name = NameColumn(verbose_name="Stream", accessor="stream__name")
    have = PoundsColumn(verbose_name="There is", accessor="balance__have")
    standing = django_tables2.Column(
        verbose_name="Standing", accessor="funding__get_standing_display", default=MISSING
    )
    holder = django_tables2.Column(verbose_name="Held by")
    taken = PoundsColumn(verbose_name="Lines take", accessor="pounds__planned")
    joint = PoundsColumn(verbose_name="Joint plans take")
    left = PoundsColumn(verbose_name="Left", accessor="balance__left")
    words = django_tables2.Column(
        verbose_name="Over or under", accessor="balance__words", orderable=False
    )
    agreed = PoundsColumn(verbose_name="Agreed", accessor="pounds__agreed")
    committed = PoundsColumn(verbose_name="Committed", accessor="pounds__committed")
    paid = PoundsColumn(verbose_name="Paid", accessor="pounds__paid")


TITLES: Mapping[str, str] = {
    "tier": "Money by tier",
    "stream": "Money by stream",
    "provider": "Money by provider",
    "priority": "Money by priority",
    "aftercare": "Money for drug-related aftercare",
}


@require_safe
def money_totals(request: HttpRequest, code: str, slug: str, by: str) -> HttpResponseBase:
    """One table of totals by itself: sortable, and as a file."""
    reached = plan_or_404(request, code, slug)
    if by not in TITLES:
        raise Http404
    money = money_of(reached.plan)
    table = StreamTable(money.by_stream) if by == "stream" else TotalTable(_totals(money, by))
    table.caption = TITLES[by]
    page = plan_page(reached, MONEY)
    crumbs = [*page["breadcrumbs"], ("Money", plan_href(reached.plan, MONEY))]
    return list_response(
        request, table, heading=f"{TITLES[by]}, {reached.plan}", breadcrumbs=crumbs
    )


def _totals(money: PlanMoney, by: str) -> list[Total]:
    match by:
        case "tier":
            return money.by_tier
        case "provider":
            return money.by_provider
        case "priority":
            return money.by_priority
        case _:
            return [money.for_aftercare] if money.for_aftercare.whole else []


def _shown(reached: ReachedPlan, by: str, money: PlanMoney) -> dict[str, Any]:
    """A table of totals as the tab shows it: its first rows, and where all of it is."""
    totals = _totals(money, by)
    return {
        "title": TITLES[by],
        "href": _totals_href(reached, by),
        "rows": [
            (
                one.name,
                [str(one.lines), pounds(one.cost), percent(one.share)],
                pounds(one.pounds.planned),
                pounds(one.joint) if one.joint else "",
                [pounds(sums) for sums in one.pounds[1:]],
            )
            for one in totals[:12]
        ],
        "more": max(0, len(totals) - 12),
    }


def _totals_href(reached: ReachedPlan, by: str) -> str:
    plan = reached.plan
    return reverse("commissioning:plan-money-totals", args=[plan.partnership.code, plan.slug, by])
