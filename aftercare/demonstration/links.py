"""Who takes over where treatment ends: of partnerships, and of the houses and wards of Tier 4.

Some links were not confirmed for long, and some services lack one: that is what pages show.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from aftercare.choices import LinkKind
from aftercare.models import AftercareLink, PartnerAgency
from aftercare.services.links import LinkWords, add_link
from aftercare.services.partners import PartnerWords, add_partner
from commissioning.kernel.slugs import free_slug
from commissioning.models import Partnership, User
from commissioning.rules.tiers import RESIDENTIAL_TIER
from providers.models import Service

LACKS = 0.12  # of Tier 4 services, those without a link of a kind [B]


@dataclass(frozen=True)
class Offer:
    """What an invented agency offers, and how to refer."""

    kind: LinkKind
    name: str
    offers: str
    how: str


OFFERS = (
    Offer(LinkKind.HOUSING, "{} Tenancy Support", "Two supported flats kept for leavers, and a"
          " deposit scheme.", "Ring two weeks before the planned day, with the care plan."),
    Offer(LinkKind.SUPPORT, "{} Mentors", "A mentor who has been through treatment, from the day"
          " of leaving.", "By the keyworker; the mentor visits before."),
    Offer(LinkKind.EMPLOYMENT, "{} Into Work", "Courses, a work trial and help with forms.",
          "The person rings, or comes on a Tuesday."),
    Offer(LinkKind.FAMILY, "{} Families' Circle", "An evening group for parents and partners.",
          "Open to all."),
)  # fmt: skip
NEEDED = OFFERS[:2]
AGREEMENT = "Exchange of letters, April 2006"


def write_links(
    partnerships: Sequence[tuple[Partnership, User]], *, today: dt.date, seed: int
) -> int:
    """Links of partnerships, and of every service of Tier 4. Says how many. Safe to run again."""
    if AftercareLink.objects.exists():
        return 0
    rng = random.Random(f"links {seed}")  # noqa: S311 (not a secret)
    for number, (partnership, by) in enumerate(partnerships):
        for offer in OFFERS if number == 0 else OFFERS[: 1 + number % 4]:
            partner = add_partner(
                organisation=partnership.organisation,
                words=_words(offer, str(partnership)),
                by=by,
            )
            add_link(
                partner=partner,
                words=LinkWords(
                    kind=offer.kind,
                    offers=offer.offers,
                    how_to_refer=offer.how,
                    agreement=AGREEMENT,
                    agreed_on=_agreed(today, rng),
                ),
                by=by,
            )
    _of_services(today, rng, by=partnerships[0][1])
    return AftercareLink.objects.count()


def _of_services(today: dt.date, rng: random.Random, *, by: User) -> None:
    """The links of houses and wards, written at once."""
    services = (
        Service.objects.filter(interventions__tier=RESIDENTIAL_TIER)
        .distinct()
        .select_related("provider__organisation", "site__partnership__organisation")
        .order_by("pk")
    )
    partners: list[PartnerAgency] = []
    links: list[AftercareLink] = []
    slugs: set[tuple[int, str]] = set()
    for service in services:
        for offer in NEEDED:
            if rng.random() < LACKS:
                continue
            words = _words(offer, service.name)
            taken = {slug for owner, slug in slugs if owner == service.provider_id}
            slug = free_slug(words.name, taken=taken, otherwise="partner")
            slugs.add((service.provider_id, slug))
            partner = PartnerAgency(
                organisation=service.provider.organisation,
                slug=slug,
                name=words.name,
                telephone=words.telephone,
            )
            agreed = _agreed(today, rng)
            partners.append(partner)
            links.append(
                AftercareLink(
                    partner=partner,
                    service=service,
                    kind=offer.kind,
                    offers=offer.offers,
                    how_to_refer=offer.how,
                    agreement=AGREEMENT,
                    agreed_on=agreed,
                    confirmed_on=agreed,
                    confirmed_by=by,
                )
            )
    PartnerAgency.objects.bulk_create(partners)
    AftercareLink.objects.bulk_create(links)


def _words(offer: Offer, where: str) -> PartnerWords:
    return PartnerWords(name=offer.name.format(where), telephone="01632 960199")


def _agreed(today: dt.date, rng: random.Random) -> dt.date:
    """Most within months, some so long ago that they have to be asked again."""
    return today - dt.timedelta(days=rng.choice((20, 60, 110, 160, 300, 640)))
