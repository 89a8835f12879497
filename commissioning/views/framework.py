"""The framework of the four tiers, for anybody signed in."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.reference import (
    ClientGroup,
    DanosUnit,
    FrameworkItem,
    InterventionType,
    Setting,
    Tier,
    framework,
)
from commissioning.reference.framework import MARKS, REQUIREMENTS


@dataclass(frozen=True)
class ShownItem:
    """An item of a tier's list, in words."""

    item: FrameworkItem
    requirement: str
    client_groups: tuple[str, ...]


@dataclass(frozen=True)
class ShownTier:
    """A tier with everything that belongs to it."""

    tier: Tier
    items: tuple[ShownItem, ...]
    settings: tuple[Setting, ...]
    danos: tuple[DanosUnit, ...]
    interventions: tuple[InterventionType, ...]


@require_safe
def framework_page(request: HttpRequest) -> HttpResponse:
    read = framework()
    groups = {group.code: group for group in read.client_groups}
    return render(
        request,
        "commissioning/framework.html",
        {
            "tiers": [_shown(tier, groups) for tier in read.tiers],
            "outside": [kind for kind in read.intervention_types if kind.tier is None],
            "client_groups": read.client_groups,
            "marks": MARKS,
        },
    )


def _shown(tier: Tier, groups: dict[str, ClientGroup]) -> ShownTier:
    read = framework()
    return ShownTier(
        tier=tier,
        items=tuple(
            ShownItem(
                item=item,
                requirement=REQUIREMENTS[item.requirement],
                client_groups=tuple(groups[code].name for code in item.client_groups),
            )
            for item in tier.items
        ),
        settings=tuple(one for one in read.settings if tier.number in one.tiers),
        danos=tuple(unit for unit in read.danos if unit.code in tier.danos),
        interventions=tuple(one for one in read.intervention_types if one.tier == tier.number),
    )
