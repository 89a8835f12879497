"""Writing the parts of a needs assessment, one at a time; each replaces what the part held.

Every deed takes the `revision` the person was shown and raises `ChangedMeanwhile` when somebody
saved meanwhile; `NotPermitted` and `TransitionRefused` as `lock_assessment` does.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import models, transaction

from commissioning.choices import BullseyeRing
from commissioning.kernel.errors import DomainError
from commissioning.models import (
    BullseyeFigure,
    CapacityNeed,
    Gap,
    GroupNeed,
    HarmFigure,
    NeedsAssessment,
    View,
)
from commissioning.rules.needs import (
    CapacityInput,
    FoundGap,
    GroupFigure,
    HarmValue,
    RingFigure,
    Said,
)
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.plans.needs import lock_assessment

Part = TypeVar("Part", bound=models.Model)


class NeedsNotSaved(DomainError):
    """A part of the assessment does not hold together."""


@transaction.atomic
def save_rings(
    *,
    assessment: NeedsAssessment,
    rings: Sequence[RingFigure],
    by: Actor,
    revision: int | None = None,
) -> NeedsAssessment:
    """The rings that planners know, an area at a time: each with its source.

    Raises `NeedsNotSaved` for an area that is not covered, for a number outside its interval, and
    for the same ring twice.
    """
    held = lock_assessment(assessment=assessment, by=by, revision=revision)
    covered = set(held.covered.values_list("partnership_id", flat=True))
    _refuse_twice((one.partnership, one.ring) for one in rings)
    for one in rings:
        _refuse_ring(one, covered)
    rows = [
        BullseyeFigure(
            assessment=held,
            partnership_id=one.partnership,
            ring=one.ring,
            value=one.value,
            lower=one.lower,
            upper=one.upper,
            source=one.source,
        )
        for one in rings
    ]
    return _replaced(held, BullseyeFigure, rows, "rings", by=by)


@transaction.atomic
def save_groups(
    *,
    assessment: NeedsAssessment,
    groups: Iterable[GroupFigure],
    by: Actor,
    revision: int | None = None,
) -> NeedsAssessment:
    """What is known of groups of people; a group of which nothing is known is left out."""
    held = lock_assessment(assessment=assessment, by=by, revision=revision)
    known = [one for one in groups if one.says_something]
    _refuse_twice(one.group for one in known)
    rows = [
        GroupNeed(
            assessment=held,
            group=one.group,
            estimate=one.estimate,
            in_treatment=one.in_treatment,
            source=one.source,
            need=one.need,
        )
        for one in known
    ]
    return _replaced(held, GroupNeed, rows, "groups", by=by)


@transaction.atomic
def save_harms(
    *,
    assessment: NeedsAssessment,
    harms: Sequence[HarmValue],
    by: Actor,
    revision: int | None = None,
) -> NeedsAssessment:
    """Local figures of harm, each beside its comparator and with its source."""
    held = lock_assessment(assessment=assessment, by=by, revision=revision)
    _refuse_twice(one.comparator for one in harms)
    rows = [
        HarmFigure(
            assessment=held, comparator_id=one.comparator, value=one.value, source=one.source
        )
        for one in harms
    ]
    return _replaced(held, HarmFigure, rows, "harms", by=by)


@transaction.atomic
def save_views(
    *,
    assessment: NeedsAssessment,
    views: Sequence[Said],
    by: Actor,
    revision: int | None = None,
) -> NeedsAssessment:
    """What service users and carers said, in the order given."""
    held = lock_assessment(assessment=assessment, by=by, revision=revision)
    rows = [
        View(assessment=held, of=one.of, said=one.said, how_asked=one.how_asked) for one in views
    ]
    return _replaced(held, View, rows, "views", by=by)


@transaction.atomic
def save_gaps(
    *,
    assessment: NeedsAssessment,
    gaps: Sequence[FoundGap],
    by: Actor,
    revision: int | None = None,
) -> NeedsAssessment:
    """The gaps between need and what there is, in the order given."""
    held = lock_assessment(assessment=assessment, by=by, revision=revision)
    rows = [Gap(assessment=held, text=one.text, item_id=one.item) for one in gaps]
    return _replaced(held, Gap, rows, "gaps", by=by)


@transaction.atomic
def save_capacity(
    *,
    assessment: NeedsAssessment,
    capacity: Sequence[CapacityInput],
    by: Actor,
    revision: int | None = None,
) -> NeedsAssessment:
    """What capacity is worked out from, an intervention at a time."""
    held = lock_assessment(assessment=assessment, by=by, revision=revision)
    _refuse_twice(one.intervention for one in capacity)
    rows = [
        CapacityNeed(
            assessment=held,
            intervention_id=one.intervention,
            need=one.need,
            penetration=one.penetration,
            weeks=one.weeks,
            occupancy=one.occupancy,
            source=one.source,
        )
        for one in capacity
    ]
    return _replaced(held, CapacityNeed, rows, "capacity", by=by)


@transaction.atomic
def save_summary(
    *,
    assessment: NeedsAssessment,
    summary: str,
    by: Actor,
    region_estimate: int | None = None,
    region_estimate_source: str = "",
    revision: int | None = None,
) -> NeedsAssessment:
    """What it comes to, and the estimate of the region to compare with.

    Raises `NeedsNotSaved` for an estimate without a source.
    """
    held = lock_assessment(assessment=assessment, by=by, revision=revision)
    if region_estimate is not None and not region_estimate_source:
        raise NeedsNotSaved(
            "Enter the source of the estimate for the region.", field="region_estimate_source"
        )
    held.summary = summary
    held.region_estimate = region_estimate
    held.region_estimate_source = region_estimate_source
    held.save(update_fields=["summary", "region_estimate", "region_estimate_source"])
    return _saved(held, "summary", 1, by=by)


def _replaced(
    held: NeedsAssessment, part: type[Part], rows: Sequence[Part], name: str, *, by: Actor
) -> NeedsAssessment:
    part._default_manager.filter(assessment=held).delete()
    part._default_manager.bulk_create(rows)
    return _saved(held, name, len(rows), by=by)


def _saved(held: NeedsAssessment, part: str, rows: int, *, by: Actor) -> NeedsAssessment:
    record(
        "needs.written",
        held,
        by=by,
        organisation=held.partnership.organisation,
        part=part,
        rows=rows,
    )
    return held


def _refuse_twice(keys: Iterable[object]) -> None:
    if any(times > 1 for times in Counter(keys).values()):
        raise NeedsNotSaved("Each row can be stated once.")


def _refuse_ring(one: RingFigure, covered: set[int]) -> None:
    ring = BullseyeRing(one.ring).label
    if one.partnership not in covered:
        raise NeedsNotSaved("The assessment does not cover this area.")
    if not one.source:
        raise NeedsNotSaved(f"{ring}: enter where the number comes from.")
    low, high = one.lower, one.upper
    if (low is not None and low > one.value) or (high is not None and high < one.value):
        raise NeedsNotSaved(f"{ring}: the number lies outside its interval.")
