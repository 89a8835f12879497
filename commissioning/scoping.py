"""Whose rows a person may reach: the one door between a view and a tenant's records."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol, Self, TypeVar

from django.db import models
from django.db.models import Q

from commissioning.roles import Permission

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

Model_co = TypeVar("Model_co", bound=models.Model, covariant=True)


@dataclass(frozen=True)
class Reach:
    """The organisations (by id) on whose rows someone holds one permission.

    `partnerships` already holds every partnership of the `regions`; `nation` means everything.
    """

    partnerships: frozenset[int] = frozenset()
    providers: frozenset[int] = frozenset()
    regions: frozenset[int] = frozenset()
    nation: bool = False

    def covers(self, organisation_id: int) -> bool:
        return self.nation or any(
            organisation_id in held for held in (self.partnerships, self.providers, self.regions)
        )

    def __bool__(self) -> bool:
        return bool(self.nation or self.partnerships or self.providers or self.regions)


class Actor(Protocol):
    """Whoever does a deed: a signed-in person or the service itself."""

    @property
    def is_authenticated(self) -> bool: ...

    def reach(self, permission: Permission) -> Reach: ...


@dataclass(frozen=True)
class System:
    """The service itself, by the name of the command or task that acts. Reaches everything."""

    name: str
    is_authenticated: bool = field(default=True, init=False)

    def reach(self, permission: Permission) -> Reach:
        return Reach(nation=True)

    def __str__(self) -> str:
        return self.name


class Permitted(models.QuerySet[Model_co]):
    """Rows of tenants. Each queryset says which path leads to whom they belong.

    `partnership_path`, `provider_path` and `region_path` lead to an organisation's id; a row is
    reached through any of them. `region_path` is for what belongs to the region itself: the rows
    of its partnerships are reached through them.
    """

    partnership_path: ClassVar[str | None] = None
    provider_path: ClassVar[str | None] = None
    region_path: ClassVar[str | None] = None

    def permitted(self, user: "Actor | AnonymousUser", permission: Permission) -> Self:
        """The rows on which `user` holds `permission`."""
        if not user.is_authenticated:
            return self.none()
        reach: Reach = user.reach(permission)
        if reach.nation:
            return self
        mine: tuple[tuple[str | None, frozenset[int]], ...] = (
            (self.partnership_path, reach.partnerships),
            (self.provider_path, reach.providers),
            (self.region_path, reach.regions),
        )
        asked = Q()
        for path, organisations in mine:
            if path and organisations:
                asked |= Q(**{f"{path}__in": organisations})
        if reach.partnerships:
            asked |= self.shared_with(reach.partnerships, permission)
        return self.filter(asked) if asked else self.none()

    def shared_with(self, partnerships: frozenset[int], permission: Permission) -> Q:
        """Rows of others that the partnerships hold the permission on too: none, unless said."""
        return Q()
