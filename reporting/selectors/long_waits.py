"""The list of waits of six weeks or longer, as its people see it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from commissioning.choices import OrganisationKind
from commissioning.models import AuditEvent, Membership, Organisation, User
from commissioning.models.organisations import in_force
from commissioning.roles import Permission, roles_with
from commissioning.scoping import Reach
from providers.models import Agency
from reporting.choices import LongWaitState
from reporting.models import LongWait
from reporting.models.long_waits import LongWaitQuerySet

VIEWED = "long_wait.viewed"
DEEDS_SHOWN = 100


def long_waits_for(person: User) -> LongWaitQuerySet:
    """Every wait in the person's reach, with what its row shows; the most pressing first."""
    return (
        LongWait.objects.permitted(person, Permission.LONG_WAIT_VIEW)
        .select_related("partnership__organisation", "agency", "owner")
        .most_pressing_first()
    )


@dataclass(frozen=True)
class Sight:
    """Whose clients somebody may tell apart by the references of their agency."""

    reach: Reach

    @classmethod
    def of(cls, person: User) -> "Sight":
        return cls(person.reach(Permission.CASE_VIEW))

    def __bool__(self) -> bool:
        """Whether they may do so anywhere."""
        return bool(self.reach.partnerships or self.reach.providers)

    def covers(self, wait: LongWait) -> bool:
        """Only who commissions or treats: being of the region or the nation is not enough."""
        return (
            wait.partnership_id in self.reach.partnerships
            or wait.agency.provider_id in self.reach.providers
        )


def partnerships_to_choose(person: User) -> QuerySet[Organisation]:
    """Partnerships to filter by: those in reach; for who treats, those of their clients."""
    reach = person.reach(Permission.LONG_WAIT_VIEW)
    mine = LongWait.objects.permitted(person, Permission.LONG_WAIT_VIEW).order_by()
    return (
        Organisation.objects.of_kind(OrganisationKind.PARTNERSHIP)
        .filter(Q(pk__in=mine.values("partnership")) | Q(pk__in=reach.partnerships))
        .order_by("name", "pk")
    )


def providers_to_choose(person: User) -> QuerySet[Organisation]:
    """Providers to filter by: those with a wait in the person's reach."""
    mine = LongWait.objects.permitted(person, Permission.LONG_WAIT_VIEW).order_by()
    return (
        Organisation.objects.of_kind(OrganisationKind.PROVIDER)
        .filter(pk__in=mine.values("agency__provider"))
        .order_by("name", "pk")
    )


def people_to_own(wait: LongWait, *, on: dt.date) -> QuerySet[User]:
    """Who can look after a wait, by name: its partnership's reviewers, and who does so already."""
    reviews = Membership.objects.filter(
        in_force(on),
        user=OuterRef("pk"),
        organisation=wait.partnership_id,
        role__in=roles_with(Permission.LONG_WAIT_REVIEW),
    )
    return User.objects.filter(Q(Exists(reviews), is_active=True) | Q(pk=wait.owner_id)).order_by(
        "name", "pk"
    )


def agency_telling(wait: LongWait) -> QuerySet[Agency]:
    """The agency whose returns tell of a wait. The caller has reached the wait."""
    return Agency.objects.filter(pk=wait.agency_id)


def deeds_on(wait: LongWait, *, viewed: bool = False) -> Sequence[AuditEvent]:
    """What was done about a wait, or who opened it; the newest first, a hundred at most.

    Of a wait that was another partnership's before, what happened there stays there.
    """
    deeds = AuditEvent.objects.about(wait).filter(
        Q(organisation=wait.partnership_id) | Q(organisation__isnull=True)
    )
    deeds = deeds.filter(action=VIEWED) if viewed else deeds.exclude(action=VIEWED)
    return list(deeds[:DEEDS_SHOWN])


@dataclass(frozen=True)
class LongWaitWork:
    """What a person's waits of six weeks or longer ask of them."""

    to_review: int  # nobody has begun
    reviewing: int
    open_now: int  # of these two, people still waiting
    new: int  # of these two, found within the last week
    unowned: int
    mine: int
    oldest_found_on: dt.date | None  # of those nobody has begun
    longest_days: int | None  # of people still waiting

    @property
    def not_closed(self) -> int:
        return self.to_review + self.reviewing


def waiting_for(person: User, *, on: dt.date) -> LongWaitWork:
    """The work list of one who reviews waits; all noughts for anybody else. One query."""
    return _counted(LongWait.objects.permitted(person, Permission.LONG_WAIT_REVIEW), person, on)


def watched_by(person: User, *, on: dt.date) -> LongWaitWork:
    """The same counts over everything the person may view, as a reviewer of a region reads it."""
    return _counted(LongWait.objects.permitted(person, Permission.LONG_WAIT_VIEW), person, on)


def _counted(rows: LongWaitQuerySet, person: User, on: dt.date) -> LongWaitWork:
    found, still = Q(state=LongWaitState.FOUND), Q(is_open=True)
    since = on - dt.timedelta(days=6)
    counts = (
        rows.to_review()
        .order_by()
        .aggregate(
            to_review=Count("pk", filter=found),
            reviewing=Count("pk", filter=~found),
            open_now=Count("pk", filter=still),
            new=Count("pk", filter=Q(found_on__gte=since)),
            unowned=Count("pk", filter=Q(owner__isnull=True)),
            mine=Count("pk", filter=Q(owner=person)),
            oldest_found_on=Min("found_on", filter=found),
            longest_days=Max("days", filter=still),
        )
    )
    return LongWaitWork(**counts)
