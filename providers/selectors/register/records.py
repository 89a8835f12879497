"""A provider's sites and services, one by one. The register is open to whoever is signed in."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import CharField, Func, Prefetch, Q, QuerySet

from commissioning.choices import OrganisationKind
from commissioning.models import Organisation, Partnership
from providers.models import (
    Agency,
    DeliveredIntervention,
    OpeningHours,
    PrescriberCount,
    Provider,
    Service,
    Site,
)

# Bodies that may be the responsible commissioner of work with offenders: a partnership, a
# primary care trust, the police, probation, an authority, or the nation.
COMMISSIONERS = tuple(one for one in OrganisationKind if one is not OrganisationKind.PROVIDER)


def provider_at(code: str) -> Provider | None:
    """The provider an address names."""
    found = Provider.objects.select_related("organisation", "practice__partnership__organisation")
    return found.filter(organisation__code=code).first()


def _delivered_now(on: dt.date) -> "Prefetch[str]":
    rows = (
        DeliveredIntervention.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
        .select_related("intervention")
        .order_by("tier", "intervention__position", "setting")
    )
    return Prefetch("interventions", rows)


def services_of(provider: Provider, *, on: dt.date) -> QuerySet[Service]:
    """A provider's services by name, those that closed too, with what each delivers."""
    return (
        Service.objects.filter(provider=provider)
        .select_related("site", "provider__organisation")
        .prefetch_related(
            _delivered_now(on),
            Prefetch("hours", OpeningHours.objects.order_by("weekday", "opens")),
        )
        .order_by("name", "pk")
    )


def service_at(code: str, slug: str, *, on: dt.date) -> Service | None:
    """The service an address names, with all that its record shows."""
    return (
        Service.objects.filter(provider__organisation__code=code, slug=slug)
        .select_related(
            "provider__organisation",
            "site__partnership__organisation",
            "site__local_authority",
            "agency",
            "responsible_commissioner",
        )
        .prefetch_related(
            _delivered_now(on),
            Prefetch("hours", OpeningHours.objects.order_by("weekday", "opens")),
            Prefetch("catchment", Partnership.objects.by_name()),
        )
        .first()
    )


def delivered_at(
    service: Service, intervention: str, setting: str
) -> DeliveredIntervention | None:
    """What the service delivers now, by its intervention's code and its setting's."""
    return (
        DeliveredIntervention.objects.filter(
            service=service,
            intervention=intervention,
            setting=setting,
            closed_on__isnull=True,
        )
        .select_related("intervention", "service__provider__organisation")
        .first()
    )


def sites_of(provider: Provider) -> QuerySet[Site]:
    """A provider's sites by name, those that closed too."""
    return (
        Site.objects.filter(provider=provider)
        .select_related("provider__organisation", "local_authority", "partnership__organisation")
        .order_by("name", "pk")
    )


def site_at(code: str, slug: str) -> Site | None:
    """The site an address names."""
    return (
        Site.objects.filter(provider__organisation__code=code, slug=slug)
        .select_related("provider__organisation", "local_authority", "partnership__organisation")
        .first()
    )


def open_sites(provider: Provider, *, on: dt.date) -> QuerySet[Site]:
    """Sites to choose from: those that have not closed."""
    return sites_of(provider).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def agencies_to_report_through(provider: Provider) -> QuerySet[Agency]:
    """The provider's NDTMS agencies, to choose from."""
    return Agency.objects.filter(provider=provider).order_by("name", "pk")


def commissioners_to_choose(*, on: dt.date) -> QuerySet[Organisation]:
    """Organisations that may be responsible for work with offenders."""
    return Organisation.objects.of_kind(*COMMISSIONERS).open_on(on).order_by("kind", "name", "pk")


def authorities_to_choose(*, on: dt.date) -> QuerySet[Organisation]:
    """Local authorities in which a site may stand."""
    return (
        Organisation.objects.of_kind(OrganisationKind.LOCAL_AUTHORITY)
        .open_on(on)
        .order_by("name", "pk")
    )


def every_partnership() -> QuerySet[Partnership]:
    """Partnerships by name, to choose from."""
    return Partnership.objects.by_name()


def languages_spoken() -> Sequence[str]:
    """The languages that services name, each once."""
    each = Func("languages", function="unnest", output_field=CharField())
    return sorted(Service.objects.order_by().values_list(each, flat=True).distinct())


def prescribers_of(provider: Provider) -> dict[str, PrescriberCount]:
    """How many prescribe for a provider, by level."""
    return {one.level: one for one in PrescriberCount.objects.filter(provider=provider)}
