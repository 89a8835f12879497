"""What plans must know of primary care, written down for every partnership at once."""

import datetime as dt
from collections.abc import Iterator

from commissioning.kernel.words import joined
from commissioning.models import RuleSet
from commissioning.reference.evidence import EvidenceName
from commissioning.services.evidence import Known, write_what_holds
from providers.selectors.primary_care import Standing, standings

LONGEST = 200  # characters of a fact's source


def write_primary_care_evidence(*, on: dt.date) -> int:
    """Write `shared-care` and `primary-care` of every partnership of which the register knows
    something; how many facts changed. Sent every night; safe to run again.
    """
    rules = RuleSet.objects.in_force_on(on).read()
    facts = [
        fact for standing in standings(on=on, rules=rules).values() for fact in _facts(standing)
    ]
    return write_what_holds(facts, on=on)


def _facts(standing: Standing) -> Iterator[Known]:
    if standing.has_schemes:
        yield Known(
            standing.partnership_id,
            EvidenceName.SHARED_CARE,
            standing.has_shared_care,
            _shared_care(standing),
        )
    if standing.is_kept:
        yield Known(
            standing.partnership_id,
            EvidenceName.PRIMARY_CARE,
            standing.has_whole_spectrum,
            _spectrum(standing),
        )


def _shared_care(standing: Standing) -> str:
    if not standing.running:
        return "Register: every shared-care scheme has ended"
    if not standing.members:
        return "Register: no practice is in a shared-care scheme"
    if standing.unreviewed:
        return _short(
            "Register: not reviewed within the time of the rule set:"
            f" {joined(standing.unreviewed)}"
        )
    number, members = len(standing.running), standing.members
    return (
        f"Register: {number} {'scheme' if number == 1 else 'schemes'} with {members}"
        f" {'practice' if members == 1 else 'practices'}, each reviewed in time"
    )


def _spectrum(standing: Standing) -> str:
    if standing.missing:
        return _short(f"Register: nobody at {joined(one.label for one in standing.missing)}")
    doctors = sum(one.people for one in standing.levels)
    return f"Register: {doctors} people prescribe, at every level of doctors"


def _short(sentence: str) -> str:
    """As much of the sentence as the source of a fact holds."""
    return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1]}…"
