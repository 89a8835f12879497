"""What a plan's money is expected to come to by the end of its year, as it looked on a day."""

from django.db import models
from django.db.models import Q

from commissioning.kernel.money import AMOUNT
from commissioning.models import FundingStream, Line, Plan
from commissioning.scoping import Permitted
from reporting.choices import ForecastBasis


class ForecastQuerySet(Permitted["Forecast"]):
    """Forecasts of plans."""

    partnership_path = "plan__partnership"


class Forecast(models.Model):
    """The expected out-turn of a line, of a stream over all lines, or of the plan; pounds.

    A plan keeps the last of each month, so that one can see how the expectation moved. The
    ledger's sums of that day stand beside it.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="forecasts")
    line = models.ForeignKey(Line, models.CASCADE, null=True, blank=True, related_name="forecasts")
    stream = models.ForeignKey(
        FundingStream, models.PROTECT, null=True, blank=True, related_name="+"
    )
    month = models.DateField()
    as_at = models.DateField()
    basis = models.CharField(max_length=10, choices=ForecastBasis.choices)
    planned = models.DecimalField(**AMOUNT)
    committed = models.DecimalField(**AMOUNT)
    paid = models.DecimalField(**AMOUNT)
    expected = models.DecimalField(**AMOUNT)
    low = models.DecimalField(null=True, blank=True, **AMOUNT)
    high = models.DecimalField(null=True, blank=True, **AMOUNT)
    chance = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)

    objects = ForecastQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "line", "stream", "month"],
                nulls_distinct=False,
                name="forecast_is_kept_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=True) | Q(stream__isnull=True),
                name="forecast_is_of_a_line_or_a_stream",
            ),
            models.CheckConstraint(
                condition=Q(chance__isnull=True) | Q(chance__range=(0, 1)),
                name="chance_lies_between_nought_and_one",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=ForecastBasis.values), name="forecast_basis_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line or self.stream or self.plan}: £{self.expected}"
