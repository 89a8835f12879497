"""Rows that break the promises about practices, prescribers and shared care."""

import datetime as dt

from tests.architecture.constraints import again
from tests.factories.register import (
    PracticeFactory,
    PrescriberFactory,
    SchemeFactory,
    SchemeMemberFactory,
)

BREAKING = {
    "practice_contract_is_known": lambda: PracticeFactory(contract_kind="ABC"),
    "prescribers_are_counted_once_a_level": lambda: again(PrescriberFactory()),
    "prescriber_level_is_known": lambda: PrescriberFactory(level="WIZARD"),
    "scheme_has_an_address_of_its_own": lambda: again(SchemeFactory()),
    "scheme_is_reviewed_again_later": lambda: SchemeFactory(
        reviewed_on=dt.date(2007, 3, 15), review_by=dt.date(2007, 3, 15)
    ),
    "practice_is_in_a_scheme_once": lambda: again(SchemeMemberFactory()),
    "practice_leaves_after_it_joins": lambda: SchemeMemberFactory(left_on=dt.date(2006, 4, 1)),
}
