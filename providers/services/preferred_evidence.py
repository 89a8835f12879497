"""What plans must know of preferred providers, written down for every partnership at once."""

import datetime as dt

from commissioning.reference.evidence import EvidenceName
from commissioning.services.evidence import Known, write_what_holds
from providers.selectors.preferred import PreferredStanding, preferred_standings


def write_preferred_evidence(*, on: dt.date) -> int:
    """Write `preferred-providers` of every partnership that has a list, its own or its region's;
    how many facts changed. Sent every night; safe to run again."""
    facts = [
        Known(
            one.partnership_id,
            EvidenceName.PREFERRED_PROVIDERS,
            one.providers > 0,
            _source(one),
        )
        for one in preferred_standings(on=on)
    ]
    return write_what_holds(facts, on=on)


def _source(one: PreferredStanding) -> str:
    lists = f"{one.lists} {'list' if one.lists == 1 else 'lists'}"
    if not one.providers:
        return f"Preferred providers: none with residential treatment on {lists}"
    who = "provider" if one.providers == 1 else "providers"
    return f"Preferred providers: {one.providers} residential {who} on {lists}, with evidence"
