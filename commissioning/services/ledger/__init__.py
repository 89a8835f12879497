"""The money ledger: what is planned, promised and paid, an entry at a time, each for a cause.

Whoever buys something asks here: `commit_funds` and `commit_line` before it is promised, `pay`
when it is paid. Asked twice for one cause, it is done once.
"""

from commissioning.services.ledger.agreed import post_plan
from commissioning.services.ledger.book import (
    BeyondTheLine,
    LedgerRefused,
    NeverCommitted,
    OtherAmount,
)
from commissioning.services.ledger.posting import (
    OF_NONE,
    accrue,
    commit_funds,
    commit_line,
    pay,
    pay_back,
    release_funds,
    restore_funds,
    reverse_accrual,
)
from commissioning.services.ledger.virements import ask_for_virement, decide_virement
from commissioning.services.ledger.year_end import carry_forward

__all__ = [
    "OF_NONE",
    "BeyondTheLine",
    "LedgerRefused",
    "NeverCommitted",
    "OtherAmount",
    "accrue",
    "ask_for_virement",
    "carry_forward",
    "commit_funds",
    "commit_line",
    "decide_virement",
    "pay",
    "pay_back",
    "post_plan",
    "release_funds",
    "restore_funds",
    "reverse_accrual",
]
