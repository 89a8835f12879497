"""Organisations: adding them, what becomes of them, and what is true of them when."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from commissioning.choices import MEMBER_KINDS, FactKind, OrganisationKind, SuccessionKind
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day, joined
from commissioning.models import Organisation, OrganisationFact, Partnership, Succession
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.refusals import refused_by

# Whom a fact is about, and what kinds of organisation it may name.
FACT_FITS: dict[FactKind, tuple[frozenset[OrganisationKind], frozenset[OrganisationKind]]] = {
    FactKind.IN_REGION: (
        frozenset({OrganisationKind.PARTNERSHIP}),
        frozenset({OrganisationKind.REGION}),
    ),
    FactKind.DIP_INTENSIVE: (frozenset({OrganisationKind.PARTNERSHIP}), frozenset()),
    FactKind.HAS_MEMBER: (frozenset({OrganisationKind.PARTNERSHIP}), MEMBER_KINDS),
}


class OrganisationRefused(DomainError):
    """The organisation cannot be added or changed so."""


class FactRefused(DomainError):
    """The fact contradicts another, or does not fit the organisation."""


@transaction.atomic
def add_organisation(
    *,
    kind: OrganisationKind,
    code: str,
    name: str,
    opened_on: dt.date | None,
    by: Actor,
    authority_type: str = "",
    ndtms_code: str | None = None,
) -> Organisation:
    """Add an organisation; a partnership also gets the row that makes it a tenant."""
    require(by, Permission.ORGANISATION_MANAGE, organisation_id=None)
    with refused_by(
        "organisation_code_is_its_own_within_a_kind",
        f"There is already a {kind.label.lower()} with the code {code}.",
        error=OrganisationRefused,
        field="code",
    ):
        organisation = Organisation.objects.create(
            kind=kind, code=code, name=name, opened_on=opened_on
        )
    if kind == OrganisationKind.PARTNERSHIP:
        Partnership.objects.create(
            organisation=organisation, authority_type=authority_type, ndtms_code=ndtms_code or None
        )
    record("organisation.added", organisation, by=by, organisation=organisation, name=name)
    return organisation


@transaction.atomic
def rename_organisation(
    *, organisation: Organisation, name: str, on: dt.date, by: Actor
) -> Organisation:
    """Give a new name from a day on; the former name is kept with the day."""
    organisation = _locked(organisation, by)
    if name == organisation.name:
        raise OrganisationRefused(f"It is already called {name}.", field="name")
    former = organisation.name
    with refused_by(
        "succession_happens_once",
        f"It was already renamed on {day(on)}.",
        error=OrganisationRefused,
        field="on",
    ):
        Succession.objects.create(
            kind=SuccessionKind.RENAME,
            predecessor=organisation,
            successor=organisation,
            on=on,
            former_name=former,
        )
    organisation.name = name
    organisation.save(update_fields=["name"])
    record(
        "organisation.renamed",
        organisation,
        by=by,
        organisation=organisation,
        former_name=former,
        name=name,
        on=on.isoformat(),
    )
    return organisation


@transaction.atomic
def close_organisation(*, organisation: Organisation, on: dt.date, by: Actor) -> Organisation:
    """Close from a day on. Its records stay, and so do memberships: end those one by one."""
    organisation = _locked(organisation, by)
    _close(organisation, on)
    record(
        "organisation.closed", organisation, by=by, organisation=organisation, on=on.isoformat()
    )
    return organisation


@transaction.atomic
def merge_organisations(
    *, predecessors: Sequence[Organisation], successor: Organisation, on: dt.date, by: Actor
) -> list[Succession]:
    """Two or more become one, new or among them; those that are not it close on the day."""
    gone = [one for one in predecessors if one.pk != successor.pk]
    if not gone:
        raise OrganisationRefused("Name the organisations that merge into it.", field="others")
    return _succeed(SuccessionKind.MERGER, [(one, successor) for one in gone], on=on, by=by)


@transaction.atomic
def split_organisation(
    *, predecessor: Organisation, successors: Sequence[Organisation], on: dt.date, by: Actor
) -> list[Succession]:
    """One becomes two or more; it closes on the day."""
    if len({one.pk for one in successors}) < 2:  # noqa: PLR2004  # a split makes two or more
        raise OrganisationRefused(
            "Name two or more organisations that it splits into.", field="others"
        )
    return _succeed(SuccessionKind.SPLIT, [(predecessor, one) for one in successors], on=on, by=by)


@transaction.atomic
def state_fact(
    *,
    organisation: Organisation,
    kind: FactKind,
    other: Organisation | None,
    from_on: dt.date,
    by: Actor,
    until_on: dt.date | None = None,
) -> OrganisationFact:
    """State what is true from a day. A partnership that moves leaves its region on that day."""
    organisation = _locked(organisation, by)
    _refuse_misfit(organisation, kind, other)
    if until_on is not None and until_on <= from_on:
        raise FactRefused("It would end before it begins.", field="until_on")
    if kind == FactKind.IN_REGION:
        _leave_region(organisation, on=from_on, by=by)
    with (
        refused_by(
            "partnership_lies_in_one_region_at_a_time",
            "It would lie in two regions at once: end the other fact first.",
            error=FactRefused,
        ),
        refused_by(
            "fact_is_stated_once_at_a_time",
            "This is already stated for some of those days.",
            error=FactRefused,
        ),
    ):
        fact = OrganisationFact.objects.create(
            organisation=organisation, kind=kind, other=other, from_on=from_on, until_on=until_on
        )
    record(
        "fact.stated",
        organisation,
        by=by,
        organisation=organisation,
        fact=str(fact),
        from_on=from_on.isoformat(),
        until_on=until_on.isoformat() if until_on else None,
    )
    return fact


@transaction.atomic
def end_fact(*, fact: OrganisationFact, until_on: dt.date, by: Actor) -> OrganisationFact:
    """The fact holds until (not including) the day."""
    organisation = _locked(fact.organisation, by)
    fact = OrganisationFact.objects.select_for_update(of=["self"]).get(pk=fact.pk)
    if until_on <= fact.from_on:
        raise FactRefused(f"It holds from {day(fact.from_on)}: give a later day.", field="on")
    if fact.until_on is not None and until_on > fact.until_on:
        raise FactRefused(f"It already ends on {day(fact.until_on)}.", field="on")
    fact.until_on = until_on
    fact.save(update_fields=["until_on"])
    record(
        "fact.ended",
        organisation,
        by=by,
        organisation=organisation,
        fact=str(fact),
        until_on=until_on.isoformat(),
    )
    return fact


def _locked(organisation: Organisation, by: Actor) -> Organisation:
    require(by, Permission.ORGANISATION_MANAGE, organisation_id=organisation.pk)
    return Organisation.objects.select_for_update(of=["self"]).get(pk=organisation.pk)


def _close(organisation: Organisation, on: dt.date) -> None:
    if organisation.closed_on is not None:
        raise OrganisationRefused(f"{organisation} closed on {day(organisation.closed_on)}.")
    if organisation.opened_on is not None and on <= organisation.opened_on:
        raise OrganisationRefused(
            f"{organisation} opened on {day(organisation.opened_on)}: give a later day.",
            field="on",
        )
    organisation.closed_on = on
    organisation.save(update_fields=["closed_on"])


def _succeed(
    kind: SuccessionKind,
    pairs: Sequence[tuple[Organisation, Organisation]],
    *,
    on: dt.date,
    by: Actor,
) -> list[Succession]:
    everyone = {one.pk: one for pair in pairs for one in pair}
    if len({one.kind for one in everyone.values()}) > 1:
        raise OrganisationRefused("They are not all of the same kind.", field="others")
    # Locked in the order of their ids, so that two such deeds wait for each other.
    held = {pk: _locked(everyone[pk], by) for pk in sorted(everyone)}
    for pk in {before.pk for before, _ in pairs}:
        _close(held[pk], on)
    rows = Succession.objects.bulk_create(
        Succession(kind=kind, predecessor=held[a.pk], successor=held[b.pk], on=on)
        for a, b in pairs
    )
    names = {
        "from": joined(dict.fromkeys(held[a.pk].name for a, _ in pairs)),
        "to": joined(dict.fromkeys(held[b.pk].name for _, b in pairs)),
    }
    for one in held.values():
        record(
            "organisation.merged" if kind == SuccessionKind.MERGER else "organisation.split",
            one,
            by=by,
            organisation=one,
            on=on.isoformat(),
            **names,
        )
    return rows


def _refuse_misfit(organisation: Organisation, kind: FactKind, other: Organisation | None) -> None:
    about, named = FACT_FITS[kind]
    if organisation.kind not in about:
        raise FactRefused(
            f"“{kind.label}” is said of a partnership, not of {organisation}.", field="kind"
        )
    if other is None and named:
        raise FactRefused("Name the other organisation.", field="other")
    if other is not None and other.kind not in named:
        raise FactRefused(f"“{kind.label}” cannot name {other}.", field="other")


def _leave_region(organisation: Organisation, *, on: dt.date, by: Actor) -> None:
    lies = organisation.facts.filter(
        kind=FactKind.IN_REGION, from_on__lt=on, until_on__isnull=True
    ).first()
    if lies is not None:
        end_fact(fact=lies, until_on=on, by=by)
