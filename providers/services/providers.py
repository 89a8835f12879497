"""Adding providers, and opening and closing the agencies through which they report."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from commissioning.choices import OrganisationKind
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day
from commissioning.models import Partnership
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.organisations import add_organisation
from commissioning.services.refusals import refused_by
from providers.models import Agency, Provider


class AgencyRefused(DomainError):
    """The agency cannot be added or changed so."""


@transaction.atomic
def add_provider(*, code: str, name: str, opened_on: dt.date | None, by: Actor) -> Provider:
    """Add an organisation that treats. Agencies follow."""
    organisation = add_organisation(
        kind=OrganisationKind.PROVIDER, code=code, name=name, opened_on=opened_on, by=by
    )
    return Provider.objects.create(organisation=organisation)


@transaction.atomic
def state_fixed_costs(*, provider: Provider, amount: Decimal | None, by: Actor) -> Provider:
    """What the provider's places cost in a year whoever is in them, pounds; None: not said."""
    require(by, Permission.REGISTER_EDIT, organisation_id=provider.pk)
    provider = (
        Provider.objects.select_related("organisation")
        .select_for_update(of=["self"])
        .get(pk=provider.pk)
    )
    if provider.fixed_costs == amount:
        return provider
    provider.fixed_costs = amount
    provider.save(update_fields=["fixed_costs"])
    # The amount is the provider's own affair: its trail says that it was stated.
    place = provider.organisation
    record("provider.costs-stated", place, by=by, organisation=place)
    return provider


@transaction.atomic
def add_agency(
    *,
    provider: Provider,
    code: str,
    name: str,
    partnership: Partnership | None,
    by: Actor,
    is_prison: bool = False,
    opened_on: dt.date | None = None,
) -> Agency:
    """Make a reporting unit of the provider known by its NDTMS code."""
    require(by, Permission.ORGANISATION_MANAGE, organisation_id=provider.pk)
    if provider.organisation.closed_on is not None:
        raise AgencyRefused(f"{provider} closed on {day(provider.organisation.closed_on)}.")
    with (
        refused_by(
            "providers_agency_code_key",
            f"There is already an agency with the code {code}.",
            error=AgencyRefused,
            field="code",
        ),
        refused_by(
            "agency_code_is_capitals_and_digits",
            "An agency's code is capital letters and digits.",
            error=AgencyRefused,
            field="code",
        ),
    ):
        agency = Agency.objects.create(
            provider=provider,
            code=code,
            name=name,
            partnership=partnership,
            is_prison=is_prison,
            opened_on=opened_on,
        )
    _record("agency.added", agency, by, name=name, code=code)
    return agency


@transaction.atomic
def close_agency(*, agency: Agency, on: dt.date, by: Actor) -> Agency:
    """The agency reports nothing from a day on; what it returned stays."""
    require(by, Permission.ORGANISATION_MANAGE, organisation_id=agency.provider_id)
    agency = (
        Agency.objects.select_related("provider__organisation")
        .select_for_update(of=["self"])
        .get(pk=agency.pk)
    )
    if agency.closed_on is not None:
        raise AgencyRefused(f"{agency} closed on {day(agency.closed_on)}.")
    if agency.opened_on is not None and on <= agency.opened_on:
        raise AgencyRefused(
            f"{agency} opened on {day(agency.opened_on)}: give a later day.", field="on"
        )
    agency.closed_on = on
    agency.save(update_fields=["closed_on"])
    _record("agency.closed", agency, by, name=agency.name, code=agency.code, on=on.isoformat())
    return agency


def _record(action: str, agency: Agency, by: Actor, **details: str) -> None:
    """On the provider's trail, where its agencies are read."""
    organisation = agency.provider.organisation
    record(action, organisation, by=by, organisation=organisation, **details)
