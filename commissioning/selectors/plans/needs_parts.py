"""Reading a needs assessment with all its parts in one query."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from commissioning.models import (
    BullseyeFigure,
    CapacityNeed,
    Gap,
    GroupNeed,
    HarmFigure,
    NeedsArea,
    NeedsAssessment,
    Partnership,
    Plan,
    User,
    View,
)
from commissioning.roles import Permission
from commissioning.rules.needs import (
    CapacityInput,
    FoundGap,
    GroupFigure,
    HarmValue,
    RingFigure,
    Said,
)
from commissioning.selectors.organisations import partnerships_in, region_of


@dataclass(frozen=True)
class CoveredArea:
    """A partnership that an assessment covers."""

    pk: int
    code: str
    name: str


@dataclass(frozen=True)
class AssessmentParts:
    """An assessment and everything that is written in it."""

    assessment: NeedsAssessment
    areas: list[CoveredArea]
    rings: list[RingFigure]
    groups: list[GroupFigure]
    harms: list[HarmValue]
    views: list[Said]
    gaps: list[FoundGap]
    capacity: list[CapacityInput]

    @property
    def is_joint(self) -> bool:
        return len(self.areas) > 1


def assessment_of(plan: Plan, *, seen_by: User) -> AssessmentParts | None:
    """The assessment of the plan's year that covers its partnership, its own or a joint one."""
    return _first(plan, seen_by, _PARTS)


def bullseye_of(plan: Plan, *, seen_by: User) -> AssessmentParts | None:
    """The same with its areas and rings alone: nothing else of it is read."""
    return _first(plan, seen_by, ("areas", "rings"))


def _first(plan: Plan, seen_by: User, wanted: Iterable[str]) -> AssessmentParts | None:
    rows = NeedsAssessment.objects.permitted(seen_by, Permission.PLAN_VIEW).covering(
        plan.partnership, plan.year
    )
    lists = {f"found_{name}": _PARTS[name]() for name in wanted}
    found = rows.with_names().annotate(**lists).first()
    return None if found is None else _read(found)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _exactly(name: str) -> Cast:
    """A decimal as text: a number in JSON would pass through a float."""
    return Cast(name, CharField())


def _parts(model: Any, order: list[str], **columns: Any) -> ArraySubquery:
    rows = model._default_manager.filter(assessment=OuterRef("pk")).order_by(*order)
    return ArraySubquery(rows.values(part=JSONObject(**columns)))


# Each part of an assessment as a list of objects.
_PARTS: Mapping[str, Callable[[], ArraySubquery]] = {
    "areas": lambda: _parts(
        NeedsArea,
        ["partnership__organisation__name", "pk"],
        pk="partnership_id",
        code=F("partnership__organisation__code"),
        name=F("partnership__organisation__name"),
    ),
    "rings": lambda: _parts(
        BullseyeFigure,
        ["pk"],
        partnership="partnership_id",
        **_same("ring", "value", "lower", "upper", "source"),
    ),
    "groups": lambda: _parts(
        GroupNeed, ["pk"], **_same("group", "estimate", "in_treatment", "source", "need")
    ),
    "harms": lambda: _parts(
        HarmFigure,
        ["comparator__position"],
        comparator="comparator_id",
        value=_exactly("value"),
        source="source",
    ),
    "views": lambda: _parts(View, ["pk"], **_same("of", "said", "how_asked")),
    "gaps": lambda: _parts(Gap, ["pk"], text="text", item="item_id"),
    "capacity": lambda: _parts(
        CapacityNeed,
        ["intervention__position"],
        intervention="intervention_id",
        penetration=_exactly("penetration"),
        weeks=_exactly("weeks"),
        occupancy=_exactly("occupancy"),
        **_same("need", "source"),
    ),
}


def _read(found: NeedsAssessment) -> AssessmentParts:
    held: dict[str, list[dict[str, Any]]] = vars(found)
    return AssessmentParts(
        assessment=found,
        areas=[CoveredArea(**one) for one in held["found_areas"]],
        rings=[RingFigure(**one) for one in held["found_rings"]],
        groups=[GroupFigure(**one) for one in held.get("found_groups", ())],
        harms=[HarmValue(**_decimals(one, "value")) for one in held.get("found_harms", ())],
        views=[Said(**one) for one in held.get("found_views", ())],
        gaps=[FoundGap(**one) for one in held.get("found_gaps", ())],
        capacity=[
            CapacityInput(**_decimals(one, "penetration", "weeks", "occupancy"))
            for one in held.get("found_capacity", ())
        ],
    )


def _decimals(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return row | {name: Decimal(row[name]) for name in names}


def could_join(partnership: Partnership, year: int, *, on: dt.date) -> QuerySet[Partnership]:
    """Partnerships of the region on the day that no assessment of the year covers yet."""
    region = region_of(partnership.pk, on=on)
    if region is None:
        return Partnership.objects.none()
    return (
        Partnership.objects.filter(organisation__in=partnerships_in(region, on=on))
        .exclude(pk__in=NeedsArea.objects.filter(year=year).values("partnership"))
        .exclude(pk=partnership.pk)
        .select_related("organisation")
        .order_by("organisation__name")
    )
