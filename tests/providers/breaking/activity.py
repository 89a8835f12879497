"""Rows that break the promises about quarterly returns of Tier 1 and Tier 2 work."""

from tests.architecture.constraints import again
from tests.factories.activity import (
    ActivityCountFactory,
    ActivityPartFactory,
    ActivityReturnFactory,
)

BREAKING = {
    "one_activity_return_holds_a_quarter": lambda: again(ActivityReturnFactory(confirmed=True)),
    "one_activity_return_is_filled_in_a_quarter": lambda: again(ActivityReturnFactory()),
    "activity_state_is_known": lambda: ActivityReturnFactory(confirmed=True, state="LOST"),
    "activity_is_confirmed_at_some_time": lambda: ActivityReturnFactory(state="CONFIRMED"),
    "activity_is_counted_once": lambda: again(ActivityCountFactory()),
    "activity_is_split_once_a_partnership": lambda: again(ActivityPartFactory()),
    "activity_measure_is_known": lambda: ActivityCountFactory(measure="SMILES"),
}
