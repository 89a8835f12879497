"""What plans must know of contracts: that Tier 4 is bought by standard contracts with NDTMS."""

import datetime as dt
from collections import defaultdict

from django.db.models import Count, Q

from commissioning.reference.evidence import EvidenceName
from commissioning.rules.tiers import RESIDENTIAL_TIER
from commissioning.services.evidence import Known, write_what_holds
from providers.models import Contract, ContractShare
from providers.reference.clauses import CLAUSES
from providers.rules.spells import night_of


def write_contract_evidence(*, on: dt.date) -> int:
    """Write `standard-contracts` of every partnership that buys at Tier 4: whether each of its
    contracts in force has every clause of the checklist, NDTMS among them (Models of Care 2006,
    3.6). Two statements and the writing; how many facts changed. Safe to run again.
    """
    codes = [one.code for one in CLAUSES]
    included = Q(clauses__is_included=True, clauses__clause__in=codes)
    tier4 = Contract.objects.holding_on(on).filter(interventions__normal_tier=RESIDENTIAL_TIER)
    rows = Contract.objects.filter(pk__in=tier4.values("pk")).annotate(
        held=Count("clauses", filter=included, distinct=True)
    )
    whole = {pk: held == len(codes) for pk, held in rows.values_list("pk", "held")}
    by_partnership: dict[int, list[bool]] = defaultdict(list)
    shares = ContractShare.objects.filter(contract__in=whole)
    for partnership, contract in shares.holding(*night_of(on)).values_list(
        "partnership", "contract"
    ):
        by_partnership[partnership].append(whole[contract])
    return write_what_holds(
        [
            Known(key, EvidenceName.STANDARD_CONTRACTS, all(found), _words(found))
            for key, found in by_partnership.items()
        ],
        on=on,
    )


def _words(found: list[bool]) -> str:
    number = len(found)
    return (
        f"Contracts: {sum(found)} of {number} at Tier 4 in force"
        f" {'has' if number == 1 else 'have'} every standard clause, NDTMS among them"
    )
