"""Agencies of a provider or a partnership, for whoever may view them."""

from django.db.models import QuerySet

from commissioning.models import Organisation, Partnership, User
from commissioning.roles import Permission
from providers.models import Agency


def agencies_of(provider: Organisation, *, seen_by: User) -> QuerySet[Agency]:
    """A provider's agencies by name, each with the partnership it stands in."""
    return (
        Agency.objects.permitted(seen_by, Permission.ORGANISATION_VIEW)
        .filter(provider=provider.pk)
        .select_related("partnership__organisation", "provider__organisation")
        .order_by("name", "pk")
    )


def partnerships_to_stand_in() -> QuerySet[Partnership]:
    """Every partnership, by name, to choose where an agency stands."""
    return Partnership.objects.by_name()
