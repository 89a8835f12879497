"""What every page of links begins with: whose they are, and who may write them."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from aftercare.models import AftercareLink, PartnerAgency
from aftercare.services.partners import editing_permission
from commissioning.choices import OrganisationKind
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.views.requests import insist, organisation_at, signed_in


def owner_at(request: HttpRequest, kind: str, code: str) -> Organisation:
    """The partnership or provider the address names; 404 unless the person may view it."""
    return organisation_at(request, kind, code)


def written_by(request: HttpRequest, kind: str, code: str) -> Organisation:
    """The same for whoever may write its links; 403 for others who may view it."""
    owner = owner_at(request, kind, code)
    insist(request, editing_permission(owner), owner)
    return owner


def may_write(request: HttpRequest, owner: Organisation) -> bool:
    return signed_in(request).reach(editing_permission(owner)).covers(owner.pk)


def partner_at(request: HttpRequest, owner: Organisation, slug: str) -> PartnerAgency:
    reached = PartnerAgency.objects.permitted(signed_in(request), Permission.ORGANISATION_VIEW)
    return get_object_or_404(reached.select_related("organisation"), organisation=owner, slug=slug)


def link_at(request: HttpRequest, owner: Organisation, number: int) -> AftercareLink:
    reached = AftercareLink.objects.permitted(signed_in(request), Permission.ORGANISATION_VIEW)
    return get_object_or_404(
        reached.select_related("partner__organisation", "service", "partnership", "document"),
        partner__organisation=owner,
        pk=number,
    )


def href(name: str, owner: Organisation, *more: object) -> str:
    """A page of the owner's: `partners` or `partnership-partners` by whose it is."""
    return reverse(f"aftercare:{owner.kind.lower()}-{name}", args=[owner.code, *more])


def crumbs(owner: Organisation, *more: tuple[str, str]) -> Sequence[tuple[str, str]]:
    place = OrganisationKind(owner.kind).value.lower()
    return [
        (owner.name, f"/{place}/{owner.code}/"),
        ("Aftercare links", href("partners", owner)),
        *more,
    ]
