"""Primary care of partnerships: practices, the spectrum of prescribers, shared care (MoC 3.5)."""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, QuerySet

from commissioning.kernel.periods import add_months
from commissioning.models import Partnership
from commissioning.rule_settings import RuleSettings
from providers.choices import PrescriberLevel
from providers.models import (
    Practice,
    PrescriberCount,
    Provider,
    Service,
    SharedCareMember,
    SharedCareScheme,
)

# The levels of doctors of Models of Care 2006, 3.5.3. Non-medical prescribers stand beside them.
DOCTORS = tuple(one for one in PrescriberLevel if one is not PrescriberLevel.NON_MEDICAL)


@dataclass(frozen=True)
class Level:
    """How many people of a level prescribe for a partnership, and for how many providers."""

    level: PrescriberLevel
    people: int
    providers: int

    @property
    def is_missing(self) -> bool:
        """A level of doctors at which there is nobody."""
        return self.level in DOCTORS and not self.people


@dataclass(frozen=True)
class Standing:
    """What the register knows of a partnership's primary care on a day.

    `is_kept`: it has practices there; `has_schemes`: schemes that run, or ran. Without them
    nothing is known and nothing is said.
    """

    partnership_id: int
    levels: Sequence[Level]
    is_kept: bool
    running: Sequence[SharedCareScheme] = field(default_factory=list)
    has_schemes: bool = False
    members: int = 0
    reviewed_since: dt.date = dt.date.min

    @property
    def missing(self) -> list[PrescriberLevel]:
        return [one.level for one in self.levels if one.is_missing]

    @property
    def has_whole_spectrum(self) -> bool:
        return not self.missing

    @property
    def unreviewed(self) -> list[SharedCareScheme]:
        """Schemes that run and were not reviewed lately enough."""
        return [
            one
            for one in self.running
            if one.reviewed_on is None or one.reviewed_on < self.reviewed_since
        ]

    @property
    def has_shared_care(self) -> bool:
        """A scheme with practices in it runs, and every one that runs was reviewed."""
        return bool(self.running and self.members) and not self.unreviewed


def practices_in(partnership: Partnership) -> QuerySet[Practice]:
    """The partnership's practices by name, each with its prescribers."""
    counts = PrescriberCount.objects.order_by("pk")
    return (
        Practice.objects.filter(partnership=partnership)
        .select_related("provider__organisation", "partnership__organisation")
        .prefetch_related(Prefetch("provider__prescribers", counts))
        .order_by("provider__organisation__name", "pk")
    )


def practice_at(partnership: Partnership, code: str) -> Practice | None:
    """The partnership's practice with a provider's code."""
    return practices_in(partnership).filter(provider__organisation__code=code).first()


def schemes_of(partnership: Partnership, *, on: dt.date) -> list[SharedCareScheme]:
    """The partnership's schemes: those overdue for review first, those that ended last.

    `members_of` tells who is in one on the day.
    """
    rows = (
        SharedCareScheme.objects.filter(partnership=partnership)
        .select_related("specialist__provider__organisation", "partnership__organisation")
        .prefetch_related(Prefetch("members", _members(on), to_attr="current"))
    )
    return sorted(rows, key=lambda one: (has_ended(one, on), one.review_by, one.name, one.pk))


def scheme_at(partnership: Partnership, slug: str, *, on: dt.date) -> SharedCareScheme | None:
    """The partnership's scheme by its slug."""
    return next((one for one in schemes_of(partnership, on=on) if one.slug == slug), None)


def members_of(scheme: SharedCareScheme) -> Sequence[SharedCareMember]:
    """The members of the day, of a scheme that this module read."""
    current: Sequence[SharedCareMember] = scheme.current  # type: ignore[attr-defined]  # prefetched
    return current


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months before; the last where that month is shorter."""
    first = add_months(day.replace(day=1), -months)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def has_ended(scheme: SharedCareScheme, on: dt.date) -> bool:
    return scheme.ended_on is not None and scheme.ended_on <= on


def is_overdue(scheme: SharedCareScheme, on: dt.date) -> bool:
    """Whether its day of review has passed."""
    return not has_ended(scheme, on) and scheme.review_by < on


def member_at(scheme: SharedCareScheme, code: str) -> SharedCareMember | None:
    """A practice that is in the scheme, by its provider's code."""
    return (
        SharedCareMember.objects.filter(
            scheme=scheme, provider__organisation__code=code, left_on__isnull=True
        )
        .select_related("scheme__partnership__organisation", "provider__organisation")
        .first()
    )


def provider_coded(code: str) -> Provider | None:
    """The provider of a code, typed in capitals or not, with the practice it may be already."""
    rows = Provider.objects.select_related("organisation", "practice__partnership__organisation")
    return rows.filter(organisation__code__iexact=code).first()


def practices_to_join(scheme: SharedCareScheme) -> QuerySet[Provider]:
    """Practices of the area that are not in the scheme."""
    inside = SharedCareMember.objects.filter(scheme=scheme, left_on__isnull=True)
    return (
        Provider.objects.filter(practice__partnership=scheme.partnership_id)
        .exclude(pk__in=inside.values("provider"))
        .by_name()
    )


def specialists_for(partnership: Partnership, *, on: dt.date) -> QuerySet[Service]:
    """Services that could support a scheme: open ones in the area, in it, or national."""
    return (
        Service.objects.open_on(on)
        .filter(Q(site__partnership=partnership) | Q(catchment=partnership) | Q(is_national=True))
        .exclude(is_generic=True)
        .select_related("provider__organisation")
        .order_by("name", "pk")
        .distinct()
    )


def standing_of(partnership: Partnership, *, on: dt.date, rules: RuleSettings) -> Standing:
    """What the register knows of the partnership's primary care."""
    return standings(on=on, rules=rules, partnerships=[partnership.pk])[partnership.pk]


def standings(
    *, on: dt.date, rules: RuleSettings, partnerships: Sequence[int] | None = None
) -> Mapping[int, Standing]:
    """The same of every partnership, or of some: six statements however many.

    People count for a partnership who prescribe for its practices, for practices in its schemes,
    for the services that support those, and for primary-care-led services in its area.
    """
    numbers = partnerships
    if numbers is None:
        numbers = list(Partnership.objects.order_by("pk").values_list("pk", flat=True))
    serving = _serving(numbers, on)
    people: dict[int, list[PrescriberCount]] = defaultdict(list)
    everyone = {provider for providers in serving.values() for provider in providers}
    for one in PrescriberCount.objects.filter(provider__in=everyone, people__gt=0):
        people[one.provider_id].append(one)
    schemes: dict[int, list[SharedCareScheme]] = defaultdict(list)
    for scheme in SharedCareScheme.objects.filter(partnership__in=numbers).prefetch_related(
        Prefetch("members", _members(on), to_attr="current")
    ):
        schemes[scheme.partnership_id].append(scheme)
    kept = set(
        Practice.objects.filter(partnership__in=numbers).values_list("partnership", flat=True)
    )
    since = months_before(on, rules.shared_care_review_months)
    return {
        number: Standing(
            partnership_id=number,
            levels=_levels([one for held in serving[number] for one in people[held]]),
            is_kept=number in kept,
            running=[one for one in schemes[number] if not has_ended(one, on)],
            has_schemes=bool(schemes[number]),
            members=sum(len(members_of(one)) for one in schemes[number] if not has_ended(one, on)),
            reviewed_since=since,
        )
        for number in numbers
    }


def _levels(counts: Sequence[PrescriberCount]) -> list[Level]:
    return [
        Level(
            level,
            sum(one.people for one in counts if one.level == level),
            len({one.provider_id for one in counts if one.level == level}),
        )
        for level in PrescriberLevel
    ]


def _serving(partnerships: Sequence[int], on: dt.date) -> Mapping[int, set[int]]:
    """Partnership: the providers whose prescribers count for it."""
    running = Q(scheme__ended_on__isnull=True) | Q(scheme__ended_on__gt=on)
    members = _members(on).filter(running, scheme__partnership__in=partnerships)
    supported = SharedCareScheme.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=on),
        partnership__in=partnerships,
        specialist__isnull=False,
    )
    led = Service.objects.open_on(on).filter(
        is_primary_care_led=True, site__partnership__in=partnerships
    )
    practices = Practice.objects.filter(partnership__in=partnerships)
    pairs = practices.values_list("partnership", "provider").union(
        members.values_list("scheme__partnership", "provider"),
        supported.values_list("partnership", "specialist__provider"),
        led.values_list("site__partnership", "provider"),
    )
    found: dict[int, set[int]] = defaultdict(set)
    for partnership, provider in pairs:
        found[partnership].add(provider)
    return found


def _members(on: dt.date) -> QuerySet[SharedCareMember]:
    """Members of the day."""
    return SharedCareMember.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on), joined_on__lte=on
    ).select_related("provider__organisation")
