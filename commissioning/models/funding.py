"""Where the money comes from: the streams, what each may pay for, and what a partnership has."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from commissioning.choices import FundingStanding
from commissioning.kernel.money import AMOUNT, MOST
from commissioning.models.organisations import Organisation, Partnership
from commissioning.scoping import Permitted

# The stream of what was left of the year before; the ring-fences of where it came from go on.
CARRIED_FORWARD = "carried-forward"


class FundingStream(models.Model):
    """A source of money, and its ring-fence as data.

    `pays_only` lists the intervention types it may pay for; empty means anything. `rule` is the
    sentence people read, with its source and mark (R read, B background: an assumption).
    """

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    pays_only = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    rule = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200)
    mark = models.CharField(max_length=1)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class FundingQuerySet(Permitted["Funding"]):
    """What partnerships have of each stream."""

    partnership_path = "partnership"

    def in_year(self, year: int) -> Self:
        return self.filter(year=year)


class Funding(models.Model):
    """What a partnership has of a stream in a financial year, and who holds it; pounds."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="funding")
    year = models.PositiveSmallIntegerField()
    stream = models.ForeignKey(FundingStream, models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)
    standing = models.CharField(
        max_length=10, choices=FundingStanding.choices, default=FundingStanding.EXPECTED
    )
    holder = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = FundingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "year", "stream"],
                name="stream_is_allocated_once_a_partnership_and_year",
            ),
            models.CheckConstraint(
                condition=Q(amount__range=(0, MOST)), name="funding_is_an_amount"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=FundingStanding.values), name="funding_standing_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream} of {self.partnership}, {self.year}: £{self.amount}"
