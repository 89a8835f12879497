"""Links to housing, support and work: agreed, changed, confirmed again, ended."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction

from aftercare.choices import LinkKind
from aftercare.models import AftercareLink, PartnerAgency
from aftercare.services.partners import CHANGED, editing_permission
from commissioning.choices import OrganisationKind
from commissioning.kernel.errors import DomainError
from commissioning.models import Document, Organisation, User
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.documents import add_document
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.models import Service


class LinkRefused(DomainError):
    """The days, or whose agency and service they are, do not fit together."""


@dataclass(frozen=True, kw_only=True)
class LinkWords:
    """What a link says, and the document of its agreement where one is given."""

    kind: LinkKind
    offers: str
    how_to_refer: str
    agreement: str = ""
    agreed_on: dt.date
    file: "File[bytes] | None" = None


@transaction.atomic
def add_link(
    *, partner: PartnerAgency, words: LinkWords, by: User, service: Service | None = None
) -> AftercareLink:
    """A link for a partnership's residents, or for those who leave the provider's service.

    Whoever agrees it has just asked the agency, so it is sure on that day. Raises `NotPermitted`
    and `LinkRefused`.
    """
    owner = partner.organisation
    require(by, editing_permission(owner), organisation_id=owner.pk)
    _refuse_others(partner, service)
    if partner.ended_on is not None and partner.ended_on <= words.agreed_on:
        raise LinkRefused(f"{partner} is no partner on that day any more.", field="agreed_on")
    link = AftercareLink.objects.create(
        partner=partner,
        partnership_id=None if service else owner.pk,
        service=service,
        kind=words.kind,
        offers=words.offers,
        how_to_refer=words.how_to_refer,
        agreement=words.agreement,
        agreed_on=words.agreed_on,
        confirmed_on=words.agreed_on,
        confirmed_by=by,
        document=_document(owner, words, by),
    )
    record(
        "link.added",
        link,
        by=by,
        organisation=owner,
        partner=partner.name,
        kind=LinkKind(words.kind).label,
        service=service.name if service else "",
    )
    return link


@transaction.atomic
def change_link(
    *, link: AftercareLink, words: LinkWords, revision: int, by: User
) -> AftercareLink:
    """Write anew what it offers. Raises `NotPermitted`, `LinkRefused` and `ChangedMeanwhile`."""
    held = _locked(link, by)
    if held.revision != revision:
        raise ChangedMeanwhile(CHANGED)
    if held.ended_on is not None and held.ended_on <= words.agreed_on:
        raise LinkRefused(
            "The link ended before the day on which it is said to be agreed.", field="agreed_on"
        )
    changed = {
        name: [str(getattr(held, name)), str(getattr(words, name))]
        for name in ("kind", "offers", "how_to_refer", "agreement", "agreed_on")
        if getattr(held, name) != getattr(words, name)
    }
    for name in ("kind", "offers", "how_to_refer", "agreement", "agreed_on"):
        setattr(held, name, getattr(words, name))
    if document := _document(held.partner.organisation, words, by):
        held.document = document
        changed["document"] = ["", document.name]
    held.revision += 1
    held.save()
    record("link.changed", held, by=by, organisation=held.partner.organisation, **changed)
    return held


@transaction.atomic
def confirm_link(*, link: AftercareLink, on: dt.date, by: User) -> AftercareLink:
    """The agency was asked, and it still holds. The same day twice is once.

    Raises `NotPermitted`, and `LinkRefused` when it has ended.
    """
    held = _locked(link, by)
    if held.ended_on is not None and held.ended_on <= on:
        raise LinkRefused("The link has ended: agree a new one.")
    if held.confirmed_on == on:
        return held
    held.confirmed_on, held.confirmed_by = on, by
    held.save(update_fields=["confirmed_on", "confirmed_by"])
    record("link.confirmed", held, by=by, organisation=held.partner.organisation)
    return held


@transaction.atomic
def end_link(*, link: AftercareLink, on: dt.date, reason: str, by: User) -> AftercareLink:
    """It holds no longer from the day on. Raises `NotPermitted` and `LinkRefused`."""
    held = _locked(link, by)
    if held.ended_on is not None:
        raise LinkRefused("The link has ended already.")
    if on <= held.agreed_on:
        raise LinkRefused("A link ends after the day on which it was agreed.", field="on")
    held.ended_on = on
    held.revision += 1
    held.save(update_fields=["ended_on", "revision"])
    record(
        "link.ended",
        held,
        by=by,
        organisation=held.partner.organisation,
        ended_on=on.isoformat(),
        reason=reason,
    )
    return held


def _locked(link: AftercareLink, by: Actor) -> AftercareLink:
    held = (
        AftercareLink.objects.select_for_update(of=("self",))
        .select_related("partner__organisation", "service")
        .get(pk=link.pk)
    )
    owner = held.partner.organisation
    require(by, editing_permission(owner), organisation_id=owner.pk)
    return held


def _refuse_others(partner: PartnerAgency, service: Service | None) -> None:
    """A provider's agency serves one of its services; a partnership's none."""
    is_provider = partner.organisation.kind == OrganisationKind.PROVIDER
    if is_provider and service is None:
        raise LinkRefused("Say which service the link is for.", field="service")
    if service is not None and service.provider_id != partner.organisation_id:
        raise LinkRefused(
            f"{service} is not a service of {partner.organisation}.", field="service"
        )


def _document(owner: Organisation, words: LinkWords, by: User) -> Document | None:
    if words.file is None:
        return None
    return add_document(organisation=owner, file=words.file, by=by)
