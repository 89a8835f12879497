"""Practices of a partnership, and how many people of each level prescribe."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.models import Partnership
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.refusals import refused_by
from providers.choices import PracticeContract, PrescriberLevel
from providers.models import Practice, PrescriberCount, Provider


class PrimaryCareRefused(DomainError):
    """Practices and shared care cannot be changed so."""


@transaction.atomic
def add_practice(
    *, provider: Provider, partnership: Partnership, contract_kind: str, by: Actor
) -> Practice:
    """A provider is a general practice in the partnership's area."""
    require(by, Permission.AREA_EDIT, organisation_id=partnership.pk)
    with refused_by(
        "providers_practice_pkey",
        f"{provider} is already a practice.",
        error=PrimaryCareRefused,
        field="provider",
    ):
        practice = Practice.objects.create(
            provider=provider,
            partnership=partnership,
            contract_kind=PracticeContract(contract_kind),
        )
    _record("practice.added", practice, by, contract=practice.get_contract_kind_display())
    return practice


@transaction.atomic
def change_practice(*, practice: Practice, contract_kind: str, by: Actor) -> Practice:
    """Change how the practice is contracted for drug treatment."""
    require(by, Permission.AREA_EDIT, organisation_id=practice.partnership_id)
    held = (
        Practice.objects.select_related("provider__organisation", "partnership__organisation")
        .select_for_update(of=["self"])
        .get(pk=practice.pk)
    )
    before = held.get_contract_kind_display()
    held.contract_kind = PracticeContract(contract_kind)
    held.save(update_fields=["contract_kind"])
    _record("practice.changed", held, by, contract=[before, held.get_contract_kind_display()])
    return held


@transaction.atomic
def state_prescribers(
    *, provider: Provider, people: Mapping[str, int], on: dt.date, by: Actor
) -> list[PrescriberCount]:
    """State how many people of each level prescribe for a provider; 0 is kept, not asked is not.

    The provider itself may say so, and for a practice the partnership it stands in.
    """
    _require_known_to(provider, by)
    Provider.objects.select_for_update(of=["self"]).get(pk=provider.pk)
    PrescriberCount.objects.filter(provider=provider).exclude(level__in=people).delete()
    rows = PrescriberCount.objects.bulk_create(
        (
            PrescriberCount(
                provider=provider, level=PrescriberLevel(level), people=number, stated_on=on
            )
            for level, number in people.items()
        ),
        update_conflicts=True,
        unique_fields=["provider", "level"],
        update_fields=["people", "stated_on"],
    )
    record(
        "prescribers.stated",
        provider.organisation,
        by=by,
        organisation=provider.organisation,
        people={str(PrescriberLevel(level).label): number for level, number in people.items()},
    )
    return rows


def _require_known_to(provider: Provider, by: Actor) -> None:
    try:
        require(by, Permission.REGISTER_EDIT, organisation_id=provider.pk)
    except NotPermitted:
        practice = Practice.objects.filter(pk=provider.pk).first()
        if practice is None:
            raise
        require(by, Permission.AREA_EDIT, organisation_id=practice.partnership_id)


def _record(action: str, practice: Practice, by: Actor, **details: object) -> None:
    record(
        action,
        practice,
        by=by,
        organisation=practice.partnership.organisation,
        practice=str(practice),
        **details,
    )
