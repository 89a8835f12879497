"""A record's trail reads as people write: pounds, months, days and sizes."""

import pytest

from commissioning.models import AuditEvent
from commissioning.views.history import in_words


@pytest.mark.parametrize(
    ("details", "line"),
    [
        ({"cost": "38400.00"}, "Cost: £38,400"),
        ({"plain_sum": ["107429.00", "110000.50"]}, "Plain sum: £107,429 → £110,000.50"),
        ({"money": {"ptb": [None, "25.00"]}}, "Money: ptb – → £25"),
        ({"cost": "£9,600"}, "Cost: £9,600"),
        ({"month": "2007-01"}, "Month: January 2007"),
        ({"bytes": 531}, "Size: 531\xa0bytes"),
        ({"ends_on": "2007-03-31"}, "Ends: 31 March 2007"),
        ({"places": [8, 10]}, "Places: 8 → 10"),
    ],
)
def test_a_detail_is_told_in_words(details, line):
    (told,) = in_words([AuditEvent(action="line.changed", system="a test", details=details)])

    assert told.details == [line]
