"""Published figures for the country beside what an assessment says of its own."""

from dataclasses import dataclass
from decimal import Decimal

from commissioning.kernel.words import MISSING, NOT_APPLICABLE
from commissioning.models import NationalComparator
from commissioning.rules.needs import HarmValue
from commissioning.selectors.plans.needs_parts import AssessmentParts


@dataclass(frozen=True)
class Comparison:
    """A published figure for the country and what the assessment says of its own."""

    comparator: NationalComparator
    own: HarmValue | None

    @property
    def here(self) -> str:
        """The local figure in its unit; not applicable where none stands beside it."""
        if self.own is None:
            return MISSING if self.comparator.compares else NOT_APPLICABLE
        return self._written(self.own.value)

    @property
    def england(self) -> str:
        return self._written(self.comparator.value)

    def _written(self, value: Decimal) -> str:
        bare = f"{value.normalize():,f}"
        return f"{bare}%" if self.comparator.unit == "%" else bare


def comparisons(parts: AssessmentParts) -> list[Comparison]:
    """Every national comparator, with the local figure where one was entered. One query."""
    own = {one.comparator: one for one in parts.harms}
    return [Comparison(one, own.get(one.code)) for one in NationalComparator.objects.all()]
