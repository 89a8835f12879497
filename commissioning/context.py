"""What every page shows around its content: service, day, person, organisation and navigation."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest

from commissioning.choices import OrganisationKind
from commissioning.kernel.clock import business_day
from commissioning.roles import GRANTS, Permission, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commissioning.models import Membership, User

SERVICE_NAME = "Treatment commissioning"
ACTING_AS = "acting_as"  # the session's key: the id of the membership one acts by


class Word(NamedTuple):
    """A word, where it leads (`{code}` is the organisation's), and who has it."""

    words: str
    address: str
    permission: Permission | None = None  # the role must hold it; without one it is everybody's


# At most six words for anybody.
HOME = Word("Home", "/")
FRAMEWORK = Word("Framework", "/framework/")
REGISTER = Word("Register", "/register/")
INDICATORS = Word("Indicators", "/indicators/")
PLACES = Word("Places", "/vacancies/", Permission.PLACE_FIND)
WAITS = Word("Waits", "/long-waits/", Permission.LONG_WAIT_VIEW)


def _plans(address: str) -> Word:
    return Word("Plans", address, Permission.PLAN_VIEW)


NAVIGATION: dict[OrganisationKind, tuple[Word, ...]] = {
    OrganisationKind.PARTNERSHIP: (
        HOME,
        Word("Partnership", "/partnership/{code}/"),
        _plans("/partnership/{code}/plan/"),
        Word("Contracts", "/partnership/{code}/contracts/", Permission.CONTRACT_VIEW),
        PLACES,
        INDICATORS,
    ),
    OrganisationKind.PROVIDER: (
        HOME,
        Word("Provider", "/provider/{code}/"),
        Word("Places", "/provider/{code}/places/", Permission.PLACES_KEEP),
        Word("Contracts", "/provider/{code}/contracts/", Permission.CONTRACT_VIEW),
        Word("Returns", "/provider/{code}/returns/", Permission.RETURN_VIEW),
        INDICATORS,
    ),
    OrganisationKind.REGION: (
        HOME,
        Word("Region", "/region/{code}/"),
        _plans("/region/{code}/plans/"),
        Word("Capacity", "/region/{code}/capacity/"),
        INDICATORS,
        WAITS,
    ),
    OrganisationKind.NATION: (
        HOME,
        Word("England", "/england/"),
        _plans("/england/plans/"),
        Word("Capacity", "/england/capacity/"),
        INDICATORS,
        WAITS,
    ),
}
ADMINISTRATION = (
    HOME,
    Word("People", "/admin/people/"),
    Word("Organisations", "/admin/organisations/"),
    Word("Rules", "/admin/rule-sets/"),
    Word("Jobs", "/jobs/"),
    REGISTER,
)


# Of the market of a region and of England, open to whoever sees its pages.
_MARKET = (
    Word("Capacity", "capacity/"),
    Word("Map", "market/"),
    Word("Boards", "freshness/"),
)
# What an organisation's pages are about: shown on each of them to whoever holds the permission
# there. Addresses go on from the organisation's own, unless they begin with a stroke.
PAGES: dict[OrganisationKind, tuple[Word, ...]] = {
    OrganisationKind.PARTNERSHIP: (
        Word("Overview", ""),
        Word("Indicators", "indicators/", Permission.FIGURES_VIEW),
        _plans("plan/"),
        Word("Primary care", "primary-care/"),
        Word("Contracts", "contracts/", Permission.CONTRACT_VIEW),
        Word("Utilisation", "utilisation/", Permission.CONTRACT_VIEW),
        Word("Call-offs", "call-offs/", Permission.CALL_OFF_VIEW),
        Word("Returns", "returns/", Permission.RETURN_VIEW),
        Word("Long waits", "long-waits/", Permission.LONG_WAIT_VIEW),
        Word("Preferred", "preferred/", Permission.ORGANISATION_VIEW),
        Word("Activity", "activity/", Permission.FIGURES_VIEW),
        Word("Aftercare", "partners/", Permission.ORGANISATION_VIEW),
        REGISTER,
        Word("People", "people/", Permission.PEOPLE_MANAGE),
    ),
    OrganisationKind.PROVIDER: (
        Word("Overview", ""),
        Word("Services", "services/"),
        Word("Places", "places/", Permission.PLACES_KEEP),
        Word("Call-offs", "call-offs/", Permission.CALL_OFF_VIEW),
        Word("Contracts", "contracts/", Permission.CONTRACT_VIEW),
        Word("Indicators", "indicators/", Permission.FIGURES_VIEW),
        Word("Returns", "returns/", Permission.RETURN_VIEW),
        Word("Quality", "quality/", Permission.ORGANISATION_VIEW),
        Word("Utilisation", "utilisation/", Permission.FIGURES_VIEW),
        Word("Activity", "activity/", Permission.FIGURES_VIEW),
        Word("Aftercare", "partners/", Permission.ORGANISATION_VIEW),
        Word("Long waits", WAITS.address, Permission.LONG_WAIT_VIEW),
        REGISTER,
        Word("Agencies", "agencies/", Permission.ORGANISATION_VIEW),
        Word("People", "people/", Permission.PEOPLE_MANAGE),
    ),
    OrganisationKind.REGION: (
        Word("Overview", ""),
        Word("Indicators", "indicators/", Permission.FIGURES_VIEW),
        _plans("plans/"),
        Word("Contracts", "contracts/dates/", Permission.CONTRACT_VIEW),
        Word("Utilisation", "utilisation/", Permission.CONTRACT_VIEW),
        *_MARKET,
        Word("Returns", "returns/", Permission.RETURN_VIEW),
        Word("Preferred", "preferred/", Permission.ORGANISATION_VIEW),
        Word("Aftercare", "partners/", Permission.ORGANISATION_VIEW),
        PLACES,
        REGISTER,
    ),
    OrganisationKind.NATION: (
        Word("Overview", ""),
        Word("Indicators", "indicators/", Permission.FIGURES_VIEW),
        _plans("plans/"),
        Word("Utilisation", "utilisation/", Permission.CONTRACT_VIEW),
        *_MARKET,
        Word("Returns", "returns/", Permission.RETURN_VIEW),
        PLACES,
        REGISTER,
    ),
}
_OF_ORGANISATION = re.compile(r"/(?:(partnership|provider|region)/([^/]+)|(england))/")


@dataclass(frozen=True)
class Link:
    """A word of the navigation."""

    words: str
    href: str

    def leads_to(self, path: str) -> bool:
        return path == self.href if self.href == "/" else path.startswith(self.href)


@dataclass(frozen=True)
class NavigationItem:
    """A word of the navigation on one page; `current` where the page lies under it."""

    words: str
    href: str
    current: bool


@dataclass(frozen=True)
class Shell:
    """The frame of a page."""

    service_name: str
    business_day: dt.date
    demonstration: bool
    navigation: tuple[NavigationItem, ...] = ()
    pages: tuple[NavigationItem, ...] = ()
    acting_for: str = ""
    acting_as: str = ""
    can_switch: bool = False
    person: str = ""
    account_href: str = "/account/"
    switch_href: str = "/account/organisation/"


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame, for every template, as `shell`. An error page may have no user: it gets less."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell": _frame()}
    membership = acting_membership(request)
    return {
        "shell": _frame(
            navigation=_marked(navigation(user, membership), request.path),
            pages=_marked(pages_of(user, request.path), request.path),
            acting_for=membership.organisation.name if membership else "",
            acting_as=membership.get_role_display() if membership else "",
            can_switch=len(user.held_memberships()) > 1,
            person=str(user),
        )
    }


def acting_membership(request: HttpRequest) -> "Membership | None":
    """The membership one acts by: the one chosen in this session, or else the first in force.

    It decides the home page and the navigation, never what one may see or do.
    """
    user: Any = request.user
    held: list[Membership] = user.held_memberships()
    session = getattr(request, "session", {})
    chosen = session.get(ACTING_AS)
    return next((one for one in held if one.pk == chosen), held[0] if held else None)


def navigation(
    user: "User | AnonymousUser", membership: "Membership | None" = None
) -> tuple[Link, ...]:
    """At most six words for this person, by the organisation and role they act in."""
    if not user.is_authenticated:
        return ()
    if membership is None:
        membership = next(iter(user.held_memberships()), None)
    if membership is None:
        return tuple(Link(one.words, one.address) for one in (HOME, FRAMEWORK))
    organisation, granted = membership.organisation, GRANTS[Role(membership.role)]
    words: tuple[Word, ...]
    if membership.role == Role.ADMINISTRATOR:
        words = ADMINISTRATION
    else:
        words = NAVIGATION.get(OrganisationKind(organisation.kind), (HOME, FRAMEWORK))
    return tuple(
        Link(one.words, one.address.format(code=organisation.code))
        for one in words
        if one.permission is None or one.permission in granted
    )


def pages_of(user: "User", path: str) -> tuple[Link, ...]:
    """The other pages of the organisation whose page this is, where the person has a right."""
    found = _OF_ORGANISATION.match(path)
    if found is None:
        return ()
    kind = OrganisationKind(found[1].upper()) if found[1] else OrganisationKind.NATION
    held = user.permissions_at(kind, found[2] or "")
    if not held:
        return ()
    return tuple(
        Link(one.words, one.address if one.address.startswith("/") else f"{found[0]}{one.address}")
        for one in PAGES[kind]
        if one.permission is None or one.permission in held
    )


def _frame(**parts: Any) -> Shell:
    return Shell(
        service_name=SERVICE_NAME,
        business_day=business_day(),
        demonstration=settings.DEMONSTRATION,
        **parts,
    )


def _marked(links: tuple[Link, ...], path: str) -> tuple[NavigationItem, ...]:
    """The longest address that the page lies under is where one is."""
    here = max(
        (one for one in links if one.leads_to(path)), key=lambda one: len(one.href), default=None
    )
    return tuple(NavigationItem(one.words, one.href, one is here) for one in links)
