"""Calling places off: asked for, approved, accepted, admitted, ended; and what each does to money.

Each deed locks contract, place and call-off in that order, and then the ledger's allocations.
"""

from providers.services.calling_off.answering import (
    accept_call_off,
    admit_person,
    cancel_call_off,
    decline_call_off,
    end_stay,
)
from providers.services.calling_off.correcting import correct_place
from providers.services.calling_off.deciding import (
    approve_call_off,
    fund_later_year,
    refuse_call_off,
)
from providers.services.calling_off.extending import ask_for_longer, decide_extension, extend_stay
from providers.services.calling_off.following import follow_places
from providers.services.calling_off.guard import CallOffRefused, LimitTooLow
from providers.services.calling_off.requesting import (
    Purchase,
    call_off_block,
    request_call_off,
)

__all__ = [
    "CallOffRefused",
    "LimitTooLow",
    "Purchase",
    "accept_call_off",
    "admit_person",
    "approve_call_off",
    "ask_for_longer",
    "call_off_block",
    "cancel_call_off",
    "correct_place",
    "decide_extension",
    "decline_call_off",
    "end_stay",
    "extend_stay",
    "follow_places",
    "fund_later_year",
    "refuse_call_off",
    "request_call_off",
]
