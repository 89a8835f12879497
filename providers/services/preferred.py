"""Lists of preferred providers: begun, and who is named, reviewed and removed, with the reason."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from commissioning.choices import OrganisationKind
from commissioning.kernel.errors import DomainError
from commissioning.kernel.slugs import free_slug
from commissioning.kernel.words import day
from commissioning.models import Organisation, Partnership, User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.plans.editing import ChangedMeanwhile
from providers.models import PreferredList, PreferredProvider, Provider


class PreferredRefused(DomainError):
    """The list has ended, names the provider already, or the days do not fit together."""


def editing_permission(organisation: Organisation) -> Permission:
    """What a person needs to decide the lists of a partnership or of a region."""
    if organisation.kind == OrganisationKind.PARTNERSHIP:
        return Permission.AREA_EDIT
    return Permission.REGION_EDIT


@transaction.atomic
def start_list(
    *,
    organisation: Organisation,
    name: str,
    review_by: dt.date,
    by: User,
    on: dt.date,
    consortium: Sequence[Partnership] = (),
) -> PreferredList:
    """Begin a list; `consortium` are the partnerships a region's list is for, none meaning all.

    Raises `NotPermitted` and `PreferredRefused`.
    """
    require(by, editing_permission(organisation), organisation_id=organisation.pk)
    if review_by <= on:
        raise PreferredRefused("A list is reviewed on a later day.", field="review_by")
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    held = PreferredList.objects.filter(organisation=organisation)
    if held.filter(name__iexact=name, ended_on__isnull=True).exists():
        raise PreferredRefused(f"There is a list called {name} already.", field="name")
    made = PreferredList.objects.create(
        organisation=organisation,
        slug=free_slug(name, taken=set(held.values_list("slug", flat=True)), otherwise="list"),
        name=name,
        review_by=review_by,
    )
    if organisation.kind != OrganisationKind.PARTNERSHIP:
        made.consortium.set(consortium)
    record(
        "preferred_list.started",
        made,
        by=by,
        organisation=organisation,
        name=name,
        review_by=review_by.isoformat(),
        consortium=[str(one) for one in consortium],
    )
    return made


@transaction.atomic
def end_list(*, preferred_list: PreferredList, on: dt.date, reason: str, by: User) -> None:
    """The list holds no longer from the day on. Raises `NotPermitted` and `PreferredRefused`."""
    held = _locked(preferred_list, by)
    held.ended_on = on
    held.revision += 1
    held.save(update_fields=["ended_on", "revision"])
    record(
        "preferred_list.ended",
        held,
        by=by,
        organisation=held.organisation,
        ended_on=on.isoformat(),
        reason=reason,
    )


@transaction.atomic
def name_provider(
    *,
    preferred_list: PreferredList,
    provider: Provider,
    evidence: str,
    from_on: dt.date,
    review_by: dt.date,
    by: User,
) -> PreferredProvider:
    """Name a provider on a list, on evidence. Raises `NotPermitted` and `PreferredRefused`."""
    held = _locked(preferred_list, by)
    if review_by <= from_on:
        raise PreferredRefused("It is reviewed on a day after the first.", field="review_by")
    if PreferredProvider.objects.filter(
        preferred_list=held, provider=provider, until_on__isnull=True
    ).exists():
        raise PreferredRefused(f"{provider} is on the list already.", field="provider")
    made = PreferredProvider.objects.create(
        preferred_list=held,
        provider=provider,
        evidence=evidence,
        from_on=from_on,
        review_by=review_by,
        decided_by=by,
    )
    record(
        "provider.preferred",
        made,
        by=by,
        organisation=held.organisation,
        provider=str(provider),
        review_by=review_by.isoformat(),
        evidence=evidence,
    )
    return made


@transaction.atomic
def review_provider(
    *,
    preferred: PreferredProvider,
    evidence: str,
    review_by: dt.date,
    seen: dt.date,
    on: dt.date,
    by: User,
) -> PreferredProvider:
    """The provider stays on the list, on the evidence of today. `seen` is the day of review as the
    person was shown it. Raises `NotPermitted`, `PreferredRefused` and `ChangedMeanwhile`."""
    held = _named(preferred, by)
    if held.review_by != seen:
        raise ChangedMeanwhile(
            "Somebody reviewed this provider after you opened the page. What you typed is still"
            " here: compare it with what it says now, and save again."
        )
    if review_by <= on:
        raise PreferredRefused("It is reviewed again on a later day.", field="review_by")
    before = held.review_by
    held.evidence, held.review_by = evidence, review_by
    held.reviewed_on, held.reviewed_by = on, by
    held.save()
    record(
        "preference.reviewed",
        held,
        by=by,
        organisation=held.preferred_list.organisation,
        review_by=[before.isoformat(), review_by.isoformat()],
        evidence=evidence,
    )
    return held


@transaction.atomic
def remove_provider(
    *, preferred: PreferredProvider, on: dt.date, reason: str, by: User
) -> PreferredProvider:
    """The provider is on the list no longer from the day on. Raises `NotPermitted` and
    `PreferredRefused`."""
    held = _named(preferred, by)
    if on <= held.from_on:
        raise PreferredRefused(
            f"It has been on the list since {day(held.from_on)}: name a later day.", field="on"
        )
    held.until_on, held.removed_for = on, reason
    held.save(update_fields=["until_on", "removed_for"])
    record(
        "preference.removed",
        held,
        by=by,
        organisation=held.preferred_list.organisation,
        until_on=on.isoformat(),
        reason=reason,
    )
    return held


def _locked(preferred_list: PreferredList, by: Actor) -> PreferredList:
    held = (
        PreferredList.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=preferred_list.pk)
    )
    organisation = held.organisation
    require(by, editing_permission(organisation), organisation_id=organisation.pk)
    if held.ended_on is not None:
        raise PreferredRefused(f"The list ended on {day(held.ended_on)}.")
    return held


def _named(preferred: PreferredProvider, by: Actor) -> PreferredProvider:
    _locked(preferred.preferred_list, by)
    held = (
        PreferredProvider.objects.select_for_update(of=("self",))
        .select_related("preferred_list__organisation", "provider__organisation")
        .get(pk=preferred.pk)
    )
    if held.until_on is not None:
        raise PreferredRefused(f"{held.provider} left the list on {day(held.until_on)}.")
    return held
