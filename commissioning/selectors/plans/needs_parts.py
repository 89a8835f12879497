"""Reading a needs assessment with all its parts in one query."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet
from django.db.models.functions import Cast

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
from commissioning.selectors.together import rows_within


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
    return _first(plan, seen_by, tuple(_PARTS))


def bullseye_of(plan: Plan, *, seen_by: User) -> AssessmentParts | None:
    """The same with its areas and rings alone: nothing else of it is read."""
    return _first(plan, seen_by, ("areas", "rings"))


def _first(plan: Plan, seen_by: User, wanted: tuple[str, ...]) -> AssessmentParts | None:
    rows = _with_parts(wanted).permitted(seen_by, Permission.PLAN_VIEW)
    found = rows.covering(plan.partnership, plan.year).first()
    return None if found is None else _read(found)


@cache
def _with_parts(wanted: tuple[str, ...]) -> Any:
    """Assessments with these parts of them; put together once, and asked anew for each plan."""
    lists = {f"found_{name}": _PARTS[name].rows() for name in wanted}
    return NeedsAssessment.objects.with_names().annotate(**lists)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _exactly(name: str) -> Cast:
    """A decimal as text: a number in JSON would pass through a float."""
    return Cast(name, CharField())


class _Part(NamedTuple):
    """A part of an assessment: its model, its order, and where each of its values is."""

    model: Any
    order: Sequence[str]
    columns: Mapping[str, Any]

    def rows(self) -> ArraySubquery:
        found = self.model._default_manager.filter(assessment=OuterRef("pk")).order_by(*self.order)
        return rows_within(found, *self.columns.values())


_PARTS: Mapping[str, _Part] = {
    "areas": _Part(
        NeedsArea,
        ["partnership__organisation__name", "pk"],
        {
            "pk": "partnership",
            "code": "partnership__organisation__code",
            "name": "partnership__organisation__name",
        },
    ),
    "rings": _Part(
        BullseyeFigure, ["pk"], _same("partnership", "ring", "value", "lower", "upper", "source")
    ),
    "groups": _Part(
        GroupNeed, ["pk"], _same("group", "estimate", "in_treatment", "source", "need")
    ),
    "harms": _Part(
        HarmFigure,
        ["comparator__position"],
        {**_same("comparator", "source"), "value": _exactly("value")},
    ),
    "views": _Part(View, ["pk"], _same("of", "said", "how_asked")),
    "gaps": _Part(Gap, ["pk"], _same("text", "item")),
    "capacity": _Part(
        CapacityNeed,
        ["intervention__position"],
        {
            **_same("intervention", "need", "source"),
            **{name: _exactly(name) for name in ("penetration", "weeks", "occupancy")},
        },
    ),
}


def _read(found: NeedsAssessment) -> AssessmentParts:
    held = {
        name: [
            dict(zip(part.columns, one, strict=True))
            for one in vars(found).get(f"found_{name}", ())
        ]
        for name, part in _PARTS.items()
    }
    return AssessmentParts(
        assessment=found,
        areas=[CoveredArea(**one) for one in held["areas"]],
        rings=[RingFigure(**one) for one in held["rings"]],
        groups=[GroupFigure(**one) for one in held["groups"]],
        harms=[HarmValue(**_decimals(one, "value")) for one in held["harms"]],
        views=[Said(**one) for one in held["views"]],
        gaps=[FoundGap(**one) for one in held["gaps"]],
        capacity=[
            CapacityInput(**_decimals(one, "penetration", "weeks", "occupancy"))
            for one in held["capacity"]
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
