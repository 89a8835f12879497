"""Partner agencies: written down, changed, and ended with all that they offered."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from aftercare.models import AftercareLink, PartnerAgency
from commissioning.choices import OrganisationKind
from commissioning.kernel.errors import DomainError
from commissioning.kernel.slugs import free_slug
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.plans.editing import ChangedMeanwhile

CHANGED = (
    "Somebody saved this after you opened it. What you typed is still here: compare it with what"
    " it says now, and save again."
)


class PartnerRefused(DomainError):
    """The agency has ended, or is written down already."""


@dataclass(frozen=True, kw_only=True)
class PartnerWords:
    """What is written down of an agency."""

    name: str
    telephone: str = ""
    email: str = ""
    address: str = ""


def editing_permission(organisation: Organisation) -> Permission:
    """What a person needs to write down partners and links of a partnership or a provider."""
    if organisation.kind == OrganisationKind.PARTNERSHIP:
        return Permission.AREA_EDIT
    return Permission.REGISTER_EDIT


@transaction.atomic
def add_partner(*, organisation: Organisation, words: PartnerWords, by: Actor) -> PartnerAgency:
    """Write an agency down. Raises `NotPermitted`, and `PartnerRefused` for a name twice."""
    require(by, editing_permission(organisation), organisation_id=organisation.pk)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    _refuse_twice(organisation, words.name)
    taken = PartnerAgency.objects.filter(organisation=organisation).values_list("slug", flat=True)
    partner = PartnerAgency.objects.create(
        organisation=organisation,
        slug=free_slug(words.name, taken=set(taken), otherwise="partner"),
        **asdict(words),
    )
    record("partner.added", partner, by=by, organisation=organisation, name=words.name)
    return partner


@transaction.atomic
def change_partner(
    *, partner: PartnerAgency, words: PartnerWords, revision: int, by: Actor
) -> PartnerAgency:
    """Write anew what is known of it. Raises `NotPermitted`, `PartnerRefused` and
    `ChangedMeanwhile`."""
    held = _locked(partner)
    require(by, editing_permission(held.organisation), organisation_id=held.organisation_id)
    if held.revision != revision:
        raise ChangedMeanwhile(CHANGED)
    if words.name != held.name:
        _refuse_twice(held.organisation, words.name)
    before = {name: getattr(held, name) for name in asdict(words)}
    for name, value in asdict(words).items():
        setattr(held, name, value)
    held.revision += 1
    held.save()
    changed = {
        name: [before[name], value]
        for name, value in asdict(words).items()
        if before[name] != value
    }
    record("partner.changed", held, by=by, organisation=held.organisation, **changed)
    return held


@transaction.atomic
def end_partner(*, partner: PartnerAgency, on: dt.date, reason: str, by: Actor) -> PartnerAgency:
    """The agency is no partner from the day on; its links end with it, at the latest a day after
    they were agreed. Raises `NotPermitted`, and `PartnerRefused` when it has ended."""
    held = _locked(partner)
    require(by, editing_permission(held.organisation), organisation_id=held.organisation_id)
    if held.ended_on is not None:
        raise PartnerRefused(f"{held} has ended already.")
    held.ended_on = on
    held.revision += 1
    held.save(update_fields=["ended_on", "revision"])
    ended = AftercareLink.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=on), partner=held
    ).update(
        ended_on=Greatest(F("agreed_on") + dt.timedelta(days=1), on),
        revision=F("revision") + 1,
    )
    record(
        "partner.ended",
        held,
        by=by,
        organisation=held.organisation,
        ended_on=on.isoformat(),
        reason=reason,
        links_ended=ended,
    )
    return held


def _locked(partner: PartnerAgency) -> PartnerAgency:
    return (
        PartnerAgency.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=partner.pk)
    )


def _refuse_twice(organisation: Organisation, name: str) -> None:
    same = PartnerAgency.objects.filter(
        organisation=organisation, name__iexact=name, ended_on__isnull=True
    )
    if same.exists():
        raise PartnerRefused(f"{name} is written down already.", field="name")
