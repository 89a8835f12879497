"""Telling partnerships and their regions of waits of six weeks or longer that are new to them.

Source: each such wait is reported to the partnership and beyond it (Treatment Effectiveness
targets, after Models of Care 2006, 2.7).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction

from commissioning.choices import FactKind, OrganisationKind
from commissioning.kernel.words import joined
from commissioning.models import Membership, Organisation, OrganisationFact, RuleSet, User
from commissioning.models.organisations import in_force
from commissioning.roles import Permission, Role, roles_with
from commissioning.rule_settings import RuleSettings
from commissioning.services.jobs import Run
from commissioning.services.notices import tell
from reporting.services.long_waits import FoundWaits, find_long_waits

NAMED_AT_MOST = 3  # partnerships in one sentence; beyond, how many they are


@transaction.atomic
def refresh_long_waits(
    *, on: dt.date, cause: str, agency_ids: list[int] | None = None
) -> FoundWaits:
    """Bring the list up to date and tell whom it concerns: what follows a refresh of the figures.

    `cause` names the refresh: nobody is told of it twice. The rule set is that of the day.
    """
    rule_set = RuleSet.objects.in_force_on(on)
    found = find_long_waits(rule_set=rule_set, on=on, agency_ids=agency_ids)
    tell_of_long_waits(new=found.new, rules=rule_set.read(), on=on, cause=cause)
    return found


def refresh_by_job(run: Run, *, on: dt.date) -> None:
    """The job after a return is loaded or undone, or everything is asked to be measured again.

    A wait follows from the records of its own agency: only those of the return can have changed.
    """
    run.tell(0, 1, "Finding long waits")
    with transaction.atomic():
        refresh_long_waits(
            on=on, cause=run.job.event.cause, agency_ids=run.payload.get("returned_by")
        )
        run.require_lease()


@transaction.atomic
def tell_of_long_waits(
    *, new: Mapping[int, int], rules: RuleSettings, on: dt.date, cause: str
) -> int:
    """Tell each reviewer of a partnership, and of its region, once how many waits are new.

    `new` counts by the partnership's id, of waits as long as the rules call long. Returns how
    many people were told.
    """
    length = rules.length_in_words("long_wait_days")
    places = Organisation.objects.in_bulk(list(new))
    told = 0
    for mine, people in _whom_to_tell(new, on=on).items():
        number = sum(new[place] for place in mine)
        many = number != 1
        told += tell(
            people=people,
            sentence=(
                f"{number:,} new wait{'s' if many else ''} of {length} or longer in "
                f"{_named([places[place] for place in mine])}: review {'them' if many else 'it'}"
            ),
            link=_link([places[place] for place in mine], on=on),
            cause=f"long-waits:{cause}",
        )
    return told


def _whom_to_tell(new: Mapping[int, int], *, on: dt.date) -> dict[frozenset[int], list[User]]:
    """People by the partnerships of which they are told."""
    regions = dict(
        OrganisationFact.objects.on(on)
        .filter(kind=FactKind.IN_REGION, organisation__in=list(new))
        .values_list("organisation", "other")
    )
    in_region: dict[int, set[int]] = defaultdict(set)
    for place, region in regions.items():
        if region is not None:
            in_region[region].add(place)
    reviewers_here = Membership.objects.filter(
        in_force(on),
        role__in=roles_with(Permission.LONG_WAIT_REVIEW),
        organisation__in=list(new),
    )
    reviewers_above = Membership.objects.filter(
        in_force(on),
        role=Role.REVIEWER,
        organisation__kind=OrganisationKind.REGION,
        organisation__in=list(in_region),
    )
    mine: dict[User, set[int]] = defaultdict(set)
    for held in (
        (reviewers_here | reviewers_above).filter(user__is_active=True).select_related("user")
    ):
        place = held.organisation_id
        mine[held.user] |= in_region.get(place, {place})
    told: dict[frozenset[int], list[User]] = defaultdict(list)
    for person, their in mine.items():
        told[frozenset(their)].append(person)
    return told


def _named(places: list[Organisation]) -> str:
    names = sorted(place.name for place in places)
    return joined(names) if len(names) <= NAMED_AT_MOST else f"{len(names)} partnerships"


def _link(places: list[Organisation], *, on: dt.date) -> str:
    """Their list: what is new and to be reviewed."""
    within = f"/partnership/{places[0].code}" if len(places) == 1 else ""
    return f"{within}/long-waits/?state=FOUND&found_since={on:%Y-%m-%d}"
