"""Services: whom each takes, how to refer, when it is open, how long one waits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.db import transaction

from commissioning.kernel.slugs import free_slug
from commissioning.kernel.words import day
from commissioning.models import Organisation, Partnership
from commissioning.reference import framework
from commissioning.roles import Permission
from commissioning.rules import tiers
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.refusals import refused_by
from providers.choices import SexTaken
from providers.models import Agency, OpeningHours, Place, Provider, Service, Site
from providers.services.register.keeping import (
    RegisterRefused,
    require_later,
    require_seen,
    take_over,
)


@dataclass(frozen=True, kw_only=True)
class ServiceFacts:
    """What is said of a service, but for its hours, its wait and whom it is commissioned by."""

    name: str
    site: Site
    agency: Agency | None = None
    description: str = ""
    is_generic: bool = False
    is_primary_care_led: bool = False
    justice_work: str = ""
    responsible_commissioner: Organisation | None = None
    sex: str = SexTaken.ANY
    age_from: int = 18
    age_to: int | None = None
    takes_children: bool = False
    takes_couples: bool = False
    is_accessible: bool = False
    access_note: str = ""
    takes_justice_clients: bool = True
    has_detox_attached: bool = False
    approach: str = ""
    client_groups: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    is_national: bool = False
    how_to_refer: str = ""
    telephone: str = ""


@transaction.atomic
def add_service(
    *,
    provider: Provider,
    facts: ServiceFacts,
    catchment: Sequence[Partnership] = (),
    opened_on: dt.date,
    by: Actor,
) -> Service:
    """Add a service at one of the provider's sites. What it delivers, and its hours, follow."""
    require(by, Permission.REGISTER_EDIT, organisation_id=provider.pk)
    _refuse_misfit(provider, facts)
    taken = set(Service.objects.filter(provider=provider).values_list("slug", flat=True))
    service = Service(
        provider=provider,
        slug=free_slug(facts.name, taken=taken, otherwise="service"),
        opened_on=opened_on,
    )
    take_over(service, facts)
    _save(service)
    service.catchment.set(() if facts.is_national else catchment)
    record("service.added", service, by=by, organisation=provider.organisation, name=service.name)
    return service


@transaction.atomic
def change_service(
    *,
    service: Service,
    facts: ServiceFacts,
    catchment: Sequence[Partnership] = (),
    revision: int,
    by: Actor,
) -> Service:
    """Change what is said of a service. `revision` is the one the person saw."""
    held = lock_service(service, by=by)
    require_seen(held.revision, revision, "service")
    _refuse_misfit(held.provider, facts)
    changed = dict(take_over(held, facts))
    areas = {one.pk: str(one) for one in ([] if facts.is_national else catchment)}
    before = {one.pk: str(one) for one in held.catchment.select_related("organisation")}
    if areas.keys() != before.keys():
        changed["catchment"] = [", ".join(before.values()), ", ".join(areas.values())]
        held.catchment.set(list(areas))
    if changed:
        held.revision += 1
        _save(held)
        _record("service.changed", held, by, **changed)
    return held


@transaction.atomic
def close_service(*, service: Service, on: dt.date, by: Actor) -> Service:
    """The service is no longer there from a day on, and delivers nothing any more."""
    held = lock_service(service, by=by)
    if held.closed_on is not None:
        raise RegisterRefused(f"{held} closed on {day(held.closed_on)}.")
    require_later(on, than=held.opened_on, what=str(held))
    if Place.objects.filter(service=held).open_on(on).exists():
        raise RegisterRefused(f"{held} still has open places: close them first.")
    for one in held.interventions.filter(closed_on__isnull=True):
        one.closed_on = max(on, one.opened_on + dt.timedelta(days=1))
        one.save(update_fields=["closed_on"])
    held.closed_on = on
    held.revision += 1
    held.save(update_fields=["closed_on", "revision"])
    _record("service.closed", held, by, on=on.isoformat())
    return held


@transaction.atomic
def set_hours(
    *,
    service: Service,
    openings: Sequence[tiers.OpeningHours],
    open_all_hours: bool,
    revision: int,
    by: Actor,
) -> Service:
    """Set when the service is open in a week. Open all hours, it has no others."""
    held = lock_service(service, by=by)
    require_seen(held.revision, revision, "service")
    asked = [] if open_all_hours else sorted(openings)
    _refuse_overlaps(asked)
    held.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(service=held, weekday=one.weekday, opens=one.opens, closes=one.closes)
        for one in asked
    )
    held.open_all_hours = open_all_hours
    held.revision += 1
    held.save(update_fields=["open_all_hours", "revision"])
    _record(
        "service.hours_set",
        held,
        by,
        openings=len(asked),
        always_open="yes" if open_all_hours else "no",
    )
    return held


@transaction.atomic
def state_waiting(*, service: Service, days: int | None, on: dt.date, by: Actor) -> Service:
    """State the provider's own estimate of the wait, in days; None takes it back."""
    held = lock_service(service, by=by)
    held.waiting_days = days
    held.waiting_stated_on = None if days is None else on
    held.save(update_fields=["waiting_days", "waiting_stated_on"])
    _record("service.waiting_stated", held, by, days="none" if days is None else days)
    return held


def lock_service(service: Service, *, by: Actor) -> Service:
    """The service, locked, for whoever keeps the provider's register. Raises `NotPermitted`."""
    require(by, Permission.REGISTER_EDIT, organisation_id=service.provider_id)
    return (
        Service.objects.select_related(
            "provider__organisation", "site", "agency", "responsible_commissioner"
        )
        .select_for_update(of=["self"])
        .get(pk=service.pk)
    )


def _refuse_misfit(provider: Provider, facts: ServiceFacts) -> None:
    if facts.site.provider_id != provider.pk:
        raise RegisterRefused(f"{facts.site} is not a site of {provider}.", field="site")
    if facts.agency is not None and facts.agency.provider_id != provider.pk:
        raise RegisterRefused(f"{facts.agency} is not an agency of {provider}.", field="agency")
    known = {group.code for group in framework().client_groups}
    unknown = sorted(set(facts.client_groups) - known)
    if unknown:
        raise RegisterRefused(f"There is no client group “{unknown[0]}”.", field="client_groups")
    if facts.justice_work and facts.responsible_commissioner is None:
        raise RegisterRefused(
            "Name the responsible commissioner of work with offenders.", field="justice_work"
        )


def _refuse_overlaps(openings: Sequence[tiers.OpeningHours]) -> None:
    for one in openings:
        if one.closes <= one.opens:
            raise RegisterRefused(f"It would shut at {one.closes:%H:%M}, before it opens.")
    for one, following in pairwise(openings):
        if one.weekday == following.weekday and following.opens < one.closes:
            raise RegisterRefused("Two openings of one day overlap.")


def _save(service: Service) -> None:
    with (
        refused_by(
            "service_ages_are_in_order",
            "The youngest age is above the oldest.",
            error=RegisterRefused,
            field="age_from",
        ),
        refused_by(
            "service_has_an_address_of_its_own",
            "Another service of this name was added at the same time.",
            error=RegisterRefused,
            field="name",
        ),
    ):
        service.save()


def _record(action: str, service: Service, by: Actor, **details: object) -> None:
    record(action, service, by=by, organisation=service.provider.organisation, **details)
