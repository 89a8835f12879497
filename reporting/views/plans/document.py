"""The whole plan as one document: a page to read and print, and a file to keep."""

import base64
from collections import defaultdict
from collections.abc import Iterator
from html import escape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from commissioning import charts
from commissioning.charts.drawing import HEIGHT
from commissioning.charts.rings import HEIGHT as RINGS_HEIGHT
from commissioning.choices import PlanSection, PlanState
from commissioning.kernel.clock import business_day
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import MISSING, day, pounds
from commissioning.printing import Facts, Grid, Paper, Part, Picture, Words, as_pdf
from commissioning.selectors.plans.content import content_of
from commissioning.selectors.plans.joint import JointPart
from commissioning.selectors.plans.money import PlanMoney, money_said
from commissioning.selectors.plans.needs_parts import bullseye_of
from commissioning.selectors.plans.parts import targets_of
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.selectors.plans.wording import facts_of, tables_of
from commissioning.views.plans.money_pictures import tiers_by_stream
from commissioning.views.plans.needs import shown_to
from commissioning.views.plans.needs_words import bullseye_chart
from commissioning.views.plans.reaching import plan_or_404, plan_page
from commissioning.views.plans.target_pictures import trajectory_chart
from reporting.selectors.forecasts import newest_forecasts, spend_profile
from reporting.views.plans.forecast import picture as spend_picture

DOCUMENT = "reporting:plan-document"
WIDTH, LOW = 1090, 260  # pixels
Block = Words | Facts | Grid | Picture
ROW = '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">'
PLAIN = '<td class="govuk-table__cell">'
NUMERIC = '<td class="govuk-table__cell govuk-table__cell--numeric">'


@require_safe
def plan_document(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Everything the plan says on one page, for a screen or for paper."""
    reached = plan_or_404(request, code, slug)
    paper = paper_of(reached)
    return render(
        request,
        "reporting/plan_document.html",
        plan_page(reached, DOCUMENT, paper=paper, parts=[_shown(part) for part in paper.parts]),
    )


@require_safe
def plan_document_pdf(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The same as an accessible PDF."""
    reached = plan_or_404(request, code, slug)
    name = f"plan-{reached.plan.partnership.code}-{reached.plan.slug}.pdf"
    return HttpResponse(
        as_pdf(paper_of(reached)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def paper_of(reached: ReachedPlan) -> Paper:
    """The plan as it stands on the business day, its pictures in the sections they belong to."""
    plan = reached.plan
    content = content_of(plan)
    money = money_said(plan, content)
    blocks: dict[PlanSection, list[Block]] = defaultdict(list)
    blocks[PlanSection.SUMMARY].append(Facts(facts_of(content)))
    for section, drawn in _pictures(reached, money):
        blocks[section].append(drawn)
    for told in tables_of(content):
        blocks[told.section].append(Grid(told.title, told.header, told.rows))
    blocks[PlanSection.LINES] += [_of_joint(part) for part in money.joint_parts]
    if money.joint_parts:
        blocks[PlanSection.MONEY].append(_with_joint(money))
    return Paper(
        title=f"Treatment plan {plan.period.label}",
        about=f"{plan.name or plan.partnership}. {PlanState(plan.state).label}.",
        as_at=f"As at {day(business_day())}",
        parts=[Part(one.label, blocks[one]) for one in PlanSection if blocks[one]],
    )


def _of_joint(part: JointPart) -> Grid:
    """The member's part of a joint plan, line by line, and all of it."""
    rows = [
        [
            f"{one.number}. {one.name}",
            str(one.tier or MISSING),
            one.intervention or MISSING,
            one.provider or "To be commissioned",
            pounds(one.cost),
            "; ".join(f"{name} {pounds(amount)}" for name, amount in one.by_name) or MISSING,
            pounds(one.part),
        ]
        for one in part.lines
    ]
    whole = sum((one.cost for one in part.lines), ZERO)
    return Grid(
        f"Our {part.share.normalize():f}% of {part.plan.name}, led by {part.plan.partnership}",
        ["Line", "Tier", "Intervention", "Provider", "Whole cost", "From", "Our part"],
        [*rows, ["All lines", "", "", "", pounds(whole), "", pounds(part.part)]],
    )


def _with_joint(money: PlanMoney) -> Grid:
    """What each stream holds, and what the lines and our part of joint plans take of it."""
    taken = [
        (one.stream.name, one.balance.have, one.pounds.planned, one.joint, one.balance.words)
        for one in money.by_stream
    ]
    own, joint = money.pounds.planned, money.joint_total
    return Grid(
        "Streams with our part of joint plans",
        ["Stream", "There is", "Our lines take", "Our part of joint plans", "All", "Balance"],
        [
            [name, *(pounds(one) for one in (there, lines, part, lines + part)), words]
            for name, there, lines, part, words in [
                *taken,
                ("All streams", money.available, own, joint, money.balance.words),
            ]
        ],
    )


def _pictures(reached: ReachedPlan, money: PlanMoney) -> Iterator[tuple[PlanSection, Picture]]:
    """Bullseye, trajectories, money by tier and stream, and the year's spending."""
    plan = reached.plan
    parts = bullseye_of(plan, seen_by=reached.person)
    if parts is not None:
        area = shown_to(parts, reached.person, wider=False).area(plan.partnership_id)
        if area is not None:
            rings = bullseye_chart(area, period=plan.period.label)
            yield PlanSection.NEEDS, _drawn(rings, charts.ring_chart(rings), RINGS_HEIGHT)
    for target in targets_of(plan).values():
        line = trajectory_chart(plan, target)
        yield PlanSection.TARGETS, _drawn(line, charts.time_series_chart(line), LOW)
    tiers = tiers_by_stream(money, about=str(plan))
    if tiers is not None:
        yield PlanSection.MONEY, _drawn(tiers, charts.stacked_chart(tiers), tiers.height)
    whole = newest_forecasts([plan.pk]).get(plan.pk)
    if whole is not None:
        spent = spend_picture(reached, whole, spend_profile(plan, whole, on=whole.as_at))
        yield PlanSection.MONEY, _drawn(spent, charts.time_series_chart(spent), HEIGHT)


Told = charts.Rings | charts.TimeSeries | charts.StackedBars


def _drawn(told: Told, option: charts.Option, height: int) -> Picture:
    return Picture(
        told.title,
        told.subtitle,
        told.description,
        charts.draw(option, width=WIDTH, height=height),
    )


def _shown(part: Part) -> tuple[str, list[tuple[str, object, str]]]:
    """A part for the page: each block with its kind, and what of it is written here: the source
    of a picture's image, the rows of a grid."""
    return part.title, [(one.kind, one, _written(one)) for one in part.blocks]


def _written(block: Block) -> str:
    if isinstance(block, Picture):
        return _source(block.svg)
    return _rows(block) if isinstance(block, Grid) else ""


def _rows(grid: Grid) -> SafeString:
    """The rows of a table: in a template hundreds of lines take ten times as long."""
    written = []
    for (name, _), *cells in grid.marked_rows:
        rest = "".join(f"{NUMERIC if right else PLAIN}{escape(one)}</td>" for one, right in cells)
        written.append(f"{ROW}{escape(name)}</th>{rest}</tr>")
    return mark_safe("\n".join(written))  # noqa: S308 - every cell is escaped above


def _source(svg: str) -> str:
    """A picture that may style itself and nothing else: as data, not as part of the page."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
