"""What plans must know of links to housing, written down for every partnership at once."""

import datetime as dt

from aftercare.choices import LinkKind
from aftercare.selectors.links import kinds_by_partnership
from commissioning.reference.evidence import EvidenceName
from commissioning.services.evidence import Known, write_what_holds


def write_housing_evidence(*, on: dt.date) -> int:
    """Write `housing-link` of every partnership that ever wrote a link down; how many facts
    changed. Sent every night; safe to run again."""
    return write_what_holds(
        [
            Known(
                partnership,
                EvidenceName.HOUSING_LINK,
                LinkKind.HOUSING in kinds,
                "Aftercare: a link to housing is agreed"
                if LinkKind.HOUSING in kinds
                else "Aftercare: no link to housing holds",
            )
            for partnership, kinds in kinds_by_partnership(on=on).items()
        ],
        on=on,
    )
