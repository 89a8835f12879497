"""Interventions of the framework as they are kept."""

from commissioning.models import InterventionType


def intervention_names() -> dict[str, str]:
    """The name of each intervention by its code, in the order of the framework."""
    kinds = InterventionType.objects.order_by("normal_tier", "position")
    return dict(kinds.values_list("code", "name"))
