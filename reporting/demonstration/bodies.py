"""Who makes up the demonstration's own partnership, and what one of its providers was called."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import Organisation, OrganisationFact
from commissioning.scoping import Actor
from commissioning.services.organisations import (
    add_organisation,
    rename_organisation,
    state_fact,
)
from commissioning.services.reference import BEGINNING


class Body(NamedTuple):
    """A public body: its kind, code and name, and the day it is a member from."""

    kind: OrganisationKind
    code: str
    name: str
    from_on: dt.date


# Real bodies of Gateshead in 2006, as is publicly known (background, from no source of the
# figures): nothing is measured by them. The region's health authority began in July 2006. The
# codes of the police force and the probation area are of this service's own making.
BODIES = (
    Body(OrganisationKind.PCT, "5KF", "Gateshead Primary Care Trust", dt.date(2002, 4, 1)),
    Body(
        OrganisationKind.SHA, "Q30", "North East Strategic Health Authority", dt.date(2006, 7, 1)
    ),
    Body(
        OrganisationKind.LOCAL_AUTHORITY,
        "00CH",
        "Gateshead Metropolitan Borough Council",
        BEGINNING,
    ),
    Body(OrganisationKind.POLICE, "NORTHUMBRIA", "Northumbria Police", BEGINNING),
    Body(OrganisationKind.PROBATION, "NORTHUMBRIA", "Northumbria Probation Area", BEGINNING),
)

# Invented, as the provider is: its name until the day, by its code.
FORMER_NAMES: Mapping[str, tuple[str, dt.date]] = {
    "TRA01": ("Wendlemoor Priority Care NHS Trust", dt.date(2006, 4, 1)),
}


def name_at_first(code: str, name: str) -> str:
    """What a provider was called when it opened."""
    return FORMER_NAMES[code][0] if code in FORMER_NAMES else name


def rename_as_now(*, provider: Organisation, name: str, by: Actor) -> None:
    """Rename a provider that still has its former name."""
    if provider.code in FORMER_NAMES and provider.name != name:
        rename_organisation(
            organisation=provider, name=name, on=FORMER_NAMES[provider.code][1], by=by
        )


def state_members(*, partnership: Organisation, by: Actor) -> None:
    """Add the bodies that are not there yet, and state those that are not stated."""
    stated = set(
        OrganisationFact.objects.filter(
            organisation=partnership, kind=FactKind.HAS_MEMBER
        ).values_list("other_id", flat=True)
    )
    for body in BODIES:
        organisation = Organisation.objects.filter(kind=body.kind, code=body.code).first()
        if organisation is None:
            organisation = add_organisation(
                kind=body.kind, code=body.code, name=body.name, opened_on=body.from_on, by=by
            )
        if organisation.pk not in stated:
            state_fact(
                organisation=partnership,
                kind=FactKind.HAS_MEMBER,
                other=organisation,
                from_on=body.from_on,
                by=by,
            )
