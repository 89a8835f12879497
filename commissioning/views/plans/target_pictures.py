"""Targets as pictures: the way from a baseline to a number, quarter by quarter."""

from decimal import Decimal

from django.urls import reverse

from commissioning.charts import Point, Series, TimeSeries
from commissioning.choices import TargetSource
from commissioning.components import Chart, DataTable
from commissioning.models import Plan, Target
from commissioning.reference.targets import target_subject
from commissioning.rules.trajectories import QUARTERS
from commissioning.views.plans.target_list import shown

CHART_HEIGHT = 260


def target_href(plan: Plan, source: TargetSource, code: str, page: str = "plan-target-set") -> str:
    """A page of the target of a subject and source, set or not."""
    whose = source.lower().replace("_", "-")
    return reverse(f"commissioning:{page}", args=[plan.partnership.code, plan.slug, whose, code])


def quarters_of(target: Target | None) -> list[Decimal | None]:
    """Four values, those not set as None."""
    held: list[Decimal | None] = list(target.trajectory) if target else []
    return [*held, *[None] * QUARTERS][:QUARTERS]


def trajectory_chart(plan: Plan, target: Target) -> TimeSeries:
    """The way from the baseline to the target, as a picture of it says it."""
    subject = target_subject(target.indicator)
    factor = 100 if subject.unit == "share" else 1
    values = [target.baseline, *quarters_of(target)]
    return TimeSeries(
        title=_finding(plan, target),
        description=f"{subject.name}: the baseline and what each quarter is to end with.",
        periods=["Baseline", *(f"{one.last_day:%b %Y}" for one in plan.quarters())],
        series=[
            Series(
                "Planned",
                [Point(None if one is None else float(one * factor)) for one in values],
                part="ours",
            )
        ],
        unit="percent" if subject.unit == "share" else "count",
        target=None if target.target is None else float(target.target * factor),
    )


def _finding(plan: Plan, target: Target) -> str:
    subject = target_subject(target.indicator)
    to = f"{shown(target.target, subject)} by {plan.period.last_day:%B %Y}"
    if target.baseline is None:
        return f"{subject.name}: {to}"
    return f"{subject.name}: from {shown(target.baseline, subject)} to {to}"


def trajectory(plan: Plan, target: Target) -> Chart:
    """The picture on the page, with its table."""
    subject, source = target_subject(target.indicator), TargetSource(target.source)
    series = trajectory_chart(plan, target)
    values = [target.baseline, *quarters_of(target)]
    return Chart(
        identifier=f"{source.lower().replace('_', '-')}-{subject.code}",
        title=series.title,
        description=series.description,
        subtitle=source.label,
        name=f"{subject.name}, {source.label.lower()}",
        svg_href=target_href(plan, source, subject.code, "plan-target-svg"),
        json_href=target_href(plan, source, subject.code, "plan-target-json"),
        table=DataTable(
            header=["", "Planned"],
            rows=[
                [period, shown(value, subject)]
                for period, value in zip(series.periods, values, strict=True)
            ],
        ),
        height=CHART_HEIGHT,
    )
