"""Who may see a board, and who keeps it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from commissioning.models import Organisation, User
from commissioning.roles import Permission
from commissioning.views.organisations import overview_of
from commissioning.views.requests import insist, organisation_at, signed_in
from providers.models import Place, Service


@dataclass(frozen=True)
class ReachedBoard:
    """A provider's board and whoever looks at it. `keeps`: may say how the places stand."""

    provider: Organisation
    person: User
    keeps: bool

    @property
    def href(self) -> str:
        return reverse("providers:board", args=[self.provider.code])

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [(self.provider.name, overview_of(self.provider)), ("Places", self.href)]


def board_at(request: HttpRequest, code: str) -> ReachedBoard:
    """The board of a provider: for those who keep it and for the nation's reviewers."""
    provider = organisation_at(request, "provider", code)
    person = signed_in(request)
    keeps = person.reach(Permission.PLACES_KEEP).covers(provider.pk)
    if not keeps and not person.reach(Permission.PLACE_FIND).covers(provider.pk):
        raise PermissionDenied
    return ReachedBoard(provider, person, keeps)


def kept_board_at(request: HttpRequest, code: str) -> ReachedBoard:
    """The board, for those who keep it only."""
    provider = organisation_at(request, "provider", code)
    insist(request, Permission.PLACES_KEEP, provider)
    return ReachedBoard(provider, signed_in(request), keeps=True)


def place_at(reached: ReachedBoard, number: int) -> Place:
    """One place of the provider's; 404 for any other."""
    permission = Permission.PLACES_KEEP if reached.keeps else Permission.PLACE_FIND
    places = Place.objects.permitted(reached.person, permission)
    return get_object_or_404(
        places.select_related("service__provider__organisation"),
        pk=number,
        service__provider=reached.provider.pk,
    )


def service_at(reached: ReachedBoard, slug: str) -> Service:
    """One service of the provider's; 404 for any other."""
    permission = Permission.PLACES_KEEP if reached.keeps else Permission.PLACE_FIND
    services = Service.objects.permitted(reached.person, permission)
    return get_object_or_404(
        services.select_related("provider__organisation"),
        slug=slug,
        provider=reached.provider.pk,
    )
