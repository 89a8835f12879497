"""In which ways a held place can be bought."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from commissioning.models import InterventionType
from providers.models import Contract, DeliveredIntervention, Occupancy
from providers.models.register import opened_by
from providers.selectors.call_offs.blocks import blocks_for
from providers.selectors.contracts.buying import buying_contracts


@dataclass(frozen=True)
class Ways:
    """Interventions that the service delivers (code, name), the partnership's blocks that have the
    place, spot contracts and frameworks with their price a week on the first night, and the
    published price of each intervention that has one."""

    interventions: Sequence[tuple[str, str]]
    blocks: Sequence[Contract]
    spot: Sequence[tuple[Contract, Decimal | None]]
    published: Mapping[str, Decimal]


def ways_to_buy(hold: Occupancy, *, on: dt.date) -> Ways:
    """Of a place that is held for a partnership."""
    assert hold.partnership_id is not None  # noqa: S101 - a hold is somebody's
    assert hold.planned_until is not None  # noqa: S101 - and ends
    start = hold.nights.lower
    delivered = list(
        DeliveredIntervention.objects.filter(opened_by(on), service=hold.place.service_id)
        .select_related("intervention")
        .order_by("-tier", "intervention__position")
    )
    named = {one.intervention_id: str(one.intervention) for one in delivered}
    prices = {
        one.intervention_id: one.weekly_price for one in delivered if one.weekly_price is not None
    }
    return Ways(
        list(named.items()),
        blocks_for(
            hold.place,
            hold.partnership_id,
            nights=(start, hold.planned_until),
            intervention=None,
        ),
        [
            (one.contract, one.weekly_price)
            for one in buying_contracts(
                hold.partnership_id, on=start, providers=[hold.place.service.provider_id]
            )
        ],
        prices,
    )


def intervention_named(code: str) -> InterventionType:
    """By its code, which a form has checked."""
    return InterventionType.objects.get(pk=code)
