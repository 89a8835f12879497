"""Shared-care schemes: who supports them, which practices are in them, and their reviews."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from commissioning.kernel.slugs import free_slug
from commissioning.kernel.words import day
from commissioning.models import Partnership
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.refusals import refused_by
from providers.models import Provider, Service, SharedCareMember, SharedCareScheme
from providers.services.primary_care.practices import PrimaryCareRefused
from providers.services.register.keeping import require_seen, take_over


@dataclass(frozen=True, kw_only=True)
class SchemeFacts:
    """What is said of a scheme: its specialist service, its support, and when it is reviewed."""

    name: str
    specialist: Service | None
    support: str
    review_by: dt.date


@transaction.atomic
def start_scheme(
    *, partnership: Partnership, facts: SchemeFacts, on: dt.date, by: Actor
) -> SharedCareScheme:
    """Practices of the area are to treat with a specialist service's support."""
    require(by, Permission.AREA_EDIT, organisation_id=partnership.pk)
    if facts.review_by <= on:
        raise PrimaryCareRefused("Give a day to come for the next review.", field="review_by")
    taken = set(partnership.shared_care_schemes.values_list("slug", flat=True))
    scheme = SharedCareScheme(
        partnership=partnership, slug=free_slug(facts.name, taken=taken, otherwise="scheme")
    )
    take_over(scheme, facts)
    _save(scheme)
    _record("scheme.started", scheme, by, name=scheme.name)
    return scheme


@transaction.atomic
def change_scheme(
    *, scheme: SharedCareScheme, facts: SchemeFacts, revision: int, by: Actor
) -> SharedCareScheme:
    """Change what is said of a scheme. `revision` is the one the person saw."""
    held = _locked(scheme, by)
    require_seen(held.revision, revision, "scheme")
    changed = take_over(held, facts)
    if changed:
        held.revision += 1
        _save(held)
        _record("scheme.changed", held, by, **changed)
    return held


@transaction.atomic
def review_scheme(
    *, scheme: SharedCareScheme, on: dt.date, found: str, review_by: dt.date, by: Actor
) -> SharedCareScheme:
    """The scheme was reviewed on a day (MoC 3.5.4 asks it regularly); `found` is kept."""
    held = _locked(scheme, by)
    if held.reviewed_on is not None and on < held.reviewed_on:
        raise PrimaryCareRefused(
            f"It was reviewed on {day(held.reviewed_on)}: give a later day.", field="on"
        )
    held.reviewed_on, held.review_by = on, review_by
    held.revision += 1
    _save(held)
    _record(
        "scheme.reviewed",
        held,
        by,
        reason=found,
        reviewed_on=on.isoformat(),
        review_by=review_by.isoformat(),
    )
    return held


@transaction.atomic
def end_scheme(
    *, scheme: SharedCareScheme, on: dt.date, reason: str, by: Actor
) -> SharedCareScheme:
    """The scheme is over from a day on, and its practices have left it."""
    held = _locked(scheme, by)
    for member in held.members.filter(left_on__isnull=True):
        member.left_on = max(on, member.joined_on + dt.timedelta(days=1))
        member.save(update_fields=["left_on"])
    held.ended_on = on
    held.revision += 1
    held.save(update_fields=["ended_on", "revision"])
    _record("scheme.ended", held, by, reason=reason, on=on.isoformat())
    return held


@transaction.atomic
def join_scheme(
    *, scheme: SharedCareScheme, provider: Provider, on: dt.date, by: Actor
) -> SharedCareMember:
    """A practice takes part from a day on."""
    held = _locked(scheme, by)
    with refused_by(
        "practice_is_in_a_scheme_once",
        f"{provider} is already in it.",
        error=PrimaryCareRefused,
        field="provider",
    ):
        member = SharedCareMember.objects.create(scheme=held, provider=provider, joined_on=on)
    _record("scheme.joined", held, by, practice=str(provider), on=on.isoformat())
    return member


@transaction.atomic
def leave_scheme(*, member: SharedCareMember, on: dt.date, by: Actor) -> SharedCareMember:
    """A practice no longer takes part from a day on."""
    scheme = _locked(member.scheme, by)
    held = (
        SharedCareMember.objects.select_related("provider__organisation")
        .select_for_update(of=["self"])
        .get(pk=member.pk)
    )
    if held.left_on is not None:
        raise PrimaryCareRefused(f"{held.provider} left on {day(held.left_on)}.")
    if on <= held.joined_on:
        raise PrimaryCareRefused(
            f"It joined on {day(held.joined_on)}: give a later day.", field="on"
        )
    held.left_on = on
    held.save(update_fields=["left_on"])
    _record("scheme.left", scheme, by, practice=str(held.provider), on=on.isoformat())
    return held


def _locked(scheme: SharedCareScheme, by: Actor) -> SharedCareScheme:
    require(by, Permission.AREA_EDIT, organisation_id=scheme.partnership_id)
    held = (
        SharedCareScheme.objects.select_related("partnership__organisation", "specialist")
        .select_for_update(of=["self"])
        .get(pk=scheme.pk)
    )
    if held.ended_on is not None:
        raise PrimaryCareRefused(f"{held} ended on {day(held.ended_on)}.")
    return held


def _save(scheme: SharedCareScheme) -> None:
    with (
        refused_by(
            "scheme_is_reviewed_again_later",
            "The next review comes after the last one.",
            error=PrimaryCareRefused,
            field="review_by",
        ),
        refused_by(
            "scheme_has_an_address_of_its_own",
            "Another scheme of this name was added at the same time.",
            error=PrimaryCareRefused,
            field="name",
        ),
    ):
        scheme.save()


def _record(action: str, scheme: SharedCareScheme, by: Actor, **details: object) -> None:
    record(action, scheme, by=by, organisation=scheme.partnership.organisation, **details)
