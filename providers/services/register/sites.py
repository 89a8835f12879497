"""Sites: where providers work, from when until when."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from commissioning.kernel.slugs import free_slug
from commissioning.kernel.words import day
from commissioning.models import Organisation, Partnership
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.refusals import refused_by
from providers.models import Provider, Service, Site
from providers.services.register.keeping import (
    RegisterRefused,
    require_later,
    require_seen,
    take_over,
)

OUTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")


@dataclass(frozen=True, kw_only=True)
class SiteFacts:
    """What is said of a site. Its position is in degrees (WGS 84), both or neither."""

    name: str
    address: str
    outcode: str
    local_authority: Organisation | None = None
    partnership: Partnership | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@transaction.atomic
def add_site(*, provider: Provider, facts: SiteFacts, opened_on: dt.date, by: Actor) -> Site:
    """Add an address at which the provider works."""
    _require(provider, by)
    taken = set(Site.objects.filter(provider=provider).values_list("slug", flat=True))
    site = Site(
        provider=provider,
        slug=free_slug(facts.name, taken=taken, otherwise="site"),
        opened_on=opened_on,
    )
    take_over(site, facts)
    _save(site)
    record("site.added", site, by=by, organisation=provider.organisation, name=site.name)
    return site


@transaction.atomic
def change_site(*, site: Site, facts: SiteFacts, revision: int, by: Actor) -> Site:
    """Change what is said of a site. `revision` is the one the person saw."""
    held = _locked(site, by)
    require_seen(held.revision, revision, "site")
    changed = take_over(held, facts)
    if changed:
        held.revision += 1
        _save(held)
        record("site.changed", held, by=by, organisation=held.provider.organisation, **changed)
    return held


@transaction.atomic
def close_site(*, site: Site, on: dt.date, by: Actor) -> Site:
    """The provider no longer works there from a day on. Its services have closed or moved."""
    held = _locked(site, by)
    if held.closed_on is not None:
        raise RegisterRefused(f"{held} closed on {day(held.closed_on)}.")
    require_later(on, than=held.opened_on, what=str(held))
    still = Service.objects.filter(site=held).open_on(on).first()
    if still is not None:
        raise RegisterRefused(f"{still} is still open there: close it or move it first.")
    held.closed_on = on
    held.revision += 1
    held.save(update_fields=["closed_on", "revision"])
    record("site.closed", held, by=by, organisation=held.provider.organisation, on=on.isoformat())
    return held


def _require(provider: Provider, by: Actor) -> None:
    require(by, Permission.REGISTER_EDIT, organisation_id=provider.pk)


def _locked(site: Site, by: Actor) -> Site:
    _require(site.provider, by)
    return (
        Site.objects.select_related("provider__organisation", "local_authority", "partnership")
        .select_for_update(of=["self"])
        .get(pk=site.pk)
    )


def _save(site: Site) -> None:
    if not OUTCODE.fullmatch(site.outcode):
        raise RegisterRefused(
            "Enter the first half of the postcode, such as NE8.", field="outcode"
        )
    with (
        refused_by(
            "site_stands_in_england",
            "The position lies outside England: give latitude and longitude, or neither.",
            error=RegisterRefused,
            field="latitude",
        ),
        refused_by(
            "site_has_an_address_of_its_own",
            "Another site of this name was added at the same time.",
            error=RegisterRefused,
            field="name",
        ),
    ):
        site.save()
