"""What every page of preferred providers begins with: whose lists, and who decides of them."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from commissioning.choices import OrganisationKind
from commissioning.components import Fact
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.views.requests import insist, organisation_at, signed_in
from providers.models import PreferredList, PreferredProvider
from providers.selectors.preferred import lists_for, lists_of, named_on
from providers.services.preferred import editing_permission


def may_decide(request: HttpRequest, owner: Organisation) -> bool:
    """Whether the person decides of the owner's lists."""
    return signed_in(request).reach(editing_permission(owner)).covers(owner.pk)


def decided_by(request: HttpRequest, kind: str, code: str) -> Organisation:
    """The owner, for whoever decides of its lists; 403 for others who may view it."""
    owner = organisation_at(request, kind, code)
    insist(request, editing_permission(owner), owner)
    return owner


def list_at(request: HttpRequest, owner: Organisation, slug: str) -> PreferredList:
    """A list of the owner's own; 404 where there is none of the name."""
    reached = PreferredList.objects.permitted(signed_in(request), Permission.ORGANISATION_VIEW)
    return get_object_or_404(reached.select_related("organisation"), organisation=owner, slug=slug)


def preferred_at(owner: Organisation, slug: str, number: int) -> PreferredProvider:
    """On a list of the owner's, or of its region's that is for it."""
    lists = lists_of(owner)
    if owner.kind == OrganisationKind.PARTNERSHIP:
        lists = lists_for(owner, on=business_day())
    return get_object_or_404(named_on(lists), preferred_list__slug=slug, pk=number)


def own_at(request: HttpRequest, owner: Organisation, slug: str, number: int) -> PreferredProvider:
    """One on a list of the owner's own; 403 where it is the region's."""
    held = preferred_at(owner, slug, number)
    insist(
        request,
        editing_permission(held.preferred_list.organisation),
        held.preferred_list.organisation,
    )
    return held


def facts_of(held: PreferredProvider) -> list[Fact]:
    """What is known of a provider on a list."""
    reviewed = MISSING
    if held.reviewed_on:
        reviewed = f"{day(held.reviewed_on)}, by {held.reviewed_by}"
    left = f"{day(held.until_on)}: {held.removed_for}" if held.until_on else MISSING
    return [
        Fact("List", str(held.preferred_list)),
        Fact("Evidence", held.evidence),
        Fact("Since", day(held.from_on)),
        Fact("Decided by", str(held.decided_by)),
        Fact("Reviewed", reviewed),
        Fact("Review by", day(held.review_by)),
        Fact("Left", left),
    ]


def preferred_href(name: str, owner: Organisation, *more: object) -> str:
    """A page of the owner's lists by its name."""
    return reverse(f"providers:{owner.kind.lower()}-preferred-{name}", args=[owner.code, *more])


def crumbs(owner: Organisation) -> list[tuple[str, str]]:
    """Where pages below the lists lead back to."""
    return [
        (owner.name, f"/{owner.kind.lower()}/{owner.code}/"),
        ("Preferred providers", preferred_href("list", owner)),
    ]
