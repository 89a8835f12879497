"""The deeds of contracts: written by one side, answered by the other, awarded by a third person.

Each locks the contract first, then places, then the ledger's allocations.
"""

from providers.services.contracts.award import award_contract
from providers.services.contracts.drafting import (
    ShareGiven,
    TermsGiven,
    cover_interventions,
    cover_services,
    draft_contract,
    edit_contract,
    keep_clauses,
    set_shares,
    set_sub_contractors,
    set_tender,
    want_places,
)
from providers.services.contracts.guard import ContractChanged, ContractRefused
from providers.services.contracts.money import agree_part, commit_year, put_money
from providers.services.contracts.more_money import choose_lines
from providers.services.contracts.offering import (
    accept_contract,
    approve_waiver,
    offer_contract,
    send_back,
    withdraw_contract,
)
from providers.services.contracts.proposing import end_early, extend_contract, propose_variation
from providers.services.contracts.running import (
    keep_contracts,
    resume_contract,
    suspend_contract,
)
from providers.services.contracts.varying import (
    agree_variation,
    put_into_force,
    refuse_variation,
    withdraw_variation,
)

__all__ = [
    "ContractChanged",
    "ContractRefused",
    "ShareGiven",
    "TermsGiven",
    "accept_contract",
    "agree_part",
    "agree_variation",
    "approve_waiver",
    "award_contract",
    "choose_lines",
    "commit_year",
    "cover_interventions",
    "cover_services",
    "draft_contract",
    "edit_contract",
    "end_early",
    "extend_contract",
    "keep_clauses",
    "keep_contracts",
    "offer_contract",
    "propose_variation",
    "put_into_force",
    "put_money",
    "refuse_variation",
    "resume_contract",
    "send_back",
    "set_shares",
    "set_sub_contractors",
    "set_tender",
    "suspend_contract",
    "want_places",
    "withdraw_contract",
    "withdraw_variation",
]
