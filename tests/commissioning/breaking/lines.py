"""The lines of a plan and what they are meant to have reached."""

from decimal import Decimal

from django.db.models import DecimalField, Value
from django.db.models.functions import Cast

from commissioning.models import Line, LineTrajectory
from tests.architecture.constraints import again
from tests.factories.plans import LineFactory

# Any comparison with `>=` alone lets it through.
NAN = Cast(Value("NaN"), DecimalField(max_digits=12, decimal_places=2))


def line(**words):
    return LineFactory(**{"plain_sum": None, "cost": Decimal(0)} | words)


def reached(**words):
    given = {"line": line(), "quarter": 1}
    return LineTrajectory.objects.create(**given | words)


def changed(**words):
    Line.objects.filter(pk=line().pk).update(**words)


BREAKING = {
    "line_has_a_number": lambda: again(line()),
    "line_tier_is_one_to_four": lambda: line(tier=5),
    "line_cost_is_an_amount": lambda: changed(cost=NAN),
    "line_plain_sum_is_an_amount": lambda: changed(plain_sum=NAN),
    "line_unit_cost_is_an_amount": lambda: changed(unit_cost=-1),
    "line_volume_is_a_number": lambda: changed(volume=-1),
    "line_weeks_fit_a_year": lambda: changed(weeks=54),
    "line_is_priced_one_way": lambda: changed(plain_sum=1, unit_cost=1),
    "trajectory_has_one_value_a_quarter": lambda: again(reached()),
    "trajectory_quarter_is_one_to_four": lambda: reached(quarter=5),
    "trajectory_spend_is_an_amount": lambda: reached(spend=-1),
    "trajectory_is_of_its_lines_plan": lambda: reached(plan=line().plan),
    "trajectory_stays_with_its_line": lambda: LineTrajectory.objects.filter(
        pk=reached().pk
    ).update(line=line()),
}
