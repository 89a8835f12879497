"""Why a figure moved: the last change of its counts, split by what caused it, summing exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from commissioning.kernel.periods import Period
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from reporting.indicators.declared import Form, Indicator
from reporting.models import Movement, Refresh
from reporting.selectors.areas import Area


class Cause(StrEnum):
    """What can move a figure."""

    NEW = "new"
    CORRECTED = "corrected"
    BOUNDARIES = "boundaries"
    RULES = "rules"

    @property
    def label(self) -> str:
        return {
            Cause.NEW: "New people and records: dated after what was known before",
            Cause.CORRECTED: "Late or corrected records: dated before, added, changed or removed",
            Cause.BOUNDARIES: "Partnerships that joined or left the area",
            Cause.RULES: "The rule set changed",
        }[self]


@dataclass(frozen=True)
class Part:
    """How many of the change one cause accounts for; below nought, how many went."""

    cause: Cause
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Explanation:
    """The counts before and after the last change, and its parts: they add up exactly."""

    refresh: Refresh
    numerator_before: int
    numerator_now: int
    denominator_before: int
    denominator_now: int
    parts: tuple[Part, ...]


def explain(
    *, indicator: type[Indicator], area: Area, period: Period, by: Actor
) -> Explanation | None:
    """The last time the counts of a figure changed, for those who see it exactly.

    None when it has not changed since it was first measured. Raises `NotPermitted` for areas one
    does not belong to: a change of one is a person.
    """
    require(by, Permission.FIGURES_VIEW, organisation_id=area.organisation_id)
    moved = (
        Movement.objects.select_related("refresh")
        .filter(
            family=indicator.family.code,
            area_kind=area.kind,
            area_code=area.code,
            grain=period.grain.value,
            start=period.start,
        )
        .first()
    )
    return None if moved is None else explanation_of(moved, indicator)


def explanation_of(moved: Movement, indicator: type[Indicator]) -> Explanation | None:
    """What a cell's movement says of one of its indicators; None when that did not change."""
    if indicator.form is Form.LONGEST:
        return None
    top, bottom = indicator.numerator, indicator.denominator or indicator.numerator
    above, below = _split(moved, top), _split(moved, bottom)
    if not any([*above.values(), *below.values()]):
        return None
    return Explanation(
        refresh=moved.refresh,
        numerator_before=moved.before.get(top, 0),
        numerator_now=moved.now.get(top, 0),
        denominator_before=moved.before.get(bottom, 0),
        denominator_now=moved.now.get(bottom, 0),
        parts=tuple(Part(cause, above[cause], below[cause]) for cause in Cause),
    )


def _split(moved: Movement, column: str) -> Mapping[Cause, int]:
    """One count's change by cause. What no other cause accounts for is late or corrected."""
    before, now = moved.before.get(column, 0), moved.now.get(column, 0)
    by_old_rules = now if moved.as_if is None else moved.as_if.get(column, 0)
    rules = now - by_old_rules
    boundaries = moved.boundaries.get(column, 0)
    new = moved.new.get(column, 0)
    return {
        Cause.NEW: new,
        Cause.CORRECTED: now - before - rules - boundaries - new,
        Cause.BOUNDARIES: boundaries,
        Cause.RULES: rules,
    }
