"""What the market asks of somebody who acts somewhere, as a home page asks it."""

from decimal import Decimal

from commissioning.kernel.clock import technical_now
from commissioning.roles import GRANTS, Role
from commissioning.rule_settings import DEFAULTS
from commissioning.selectors.together import asked_together
from providers.selectors.waiting import Asking, market_questions


def market_asks(organisation, role, *, on, person=0, limit=Decimal(0)):
    """The rows of each question by its name, of those that have any."""
    asking = Asking(
        organisation=organisation,
        person=person,
        may=GRANTS[Role(role)],
        today=on,
        now=technical_now(),
        rules=DEFAULTS,
        limit=limit,
    )
    found = asked_together(market_questions(asking))
    return {name: rows for name, rows in found.items() if rows}
