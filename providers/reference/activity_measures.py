"""What each Tier 1 and Tier 2 intervention is asked to count each quarter.

No source prescribes such a return: which measures make sense for which intervention is an
assumption [B], from what the interventions are (Models of Care 2006, 3.8, pp. 20 and 21).
"""

from collections.abc import Mapping

_CONTACTS, _EXCHANGES, _BRIEF = "CONTACTS", "EXCHANGES", "BRIEF_INTERVENTIONS"
_ON, _OFFERED, _ACCEPTED = "REFERRALS_ON", "VACCINATIONS_OFFERED", "VACCINATIONS_ACCEPTED"

# By the intervention's code, the measure that says how much of it was done first.
_ASKED: Mapping[str, tuple[str, ...]] = {
    "needle-exchange": (_EXCHANGES, _CONTACTS, _BRIEF, _ON),
    "pharmacy-exchange": (_EXCHANGES, _CONTACTS, _ON),
    "bbv-prevention": (_OFFERED, _ACCEPTED, _CONTACTS, _ON),
    "brief-psychosocial": (_BRIEF, _CONTACTS, _ON),
    "overdose-prevention": (_BRIEF, _CONTACTS, _ON),
    "engagement": (_CONTACTS, _BRIEF, _ON),
    "outreach": (_CONTACTS, _BRIEF, _ON),
    "generic-advice": (_CONTACTS, _BRIEF, _ON),
    "advice": (_CONTACTS, _BRIEF, _ON),
    "screening": (_CONTACTS, _BRIEF, _ON),
}
_OTHERS = (_CONTACTS, _ON)


def measures_of(intervention: str) -> tuple[str, ...]:
    """The measures asked of an intervention; the first says how much of it was done."""
    return _ASKED.get(intervention, _OTHERS)
