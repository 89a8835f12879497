"""The words that reporting records may hold, and what may follow what."""

from django.db.models import TextChoices

from commissioning.kernel.transitions import Transitions


class LongWaitState(TextChoices):
    FOUND = "FOUND", "To review"
    REVIEWING = "REVIEWING", "Being reviewed"
    CLOSED = "CLOSED", "Closed"


LONG_WAIT_TRANSITIONS: Transitions[LongWaitState] = {
    LongWaitState.FOUND: frozenset({LongWaitState.REVIEWING, LongWaitState.CLOSED}),
    LongWaitState.REVIEWING: frozenset({LongWaitState.REVIEWING, LongWaitState.CLOSED}),
    LongWaitState.CLOSED: frozenset(),
}


class LongWaitCause(TextChoices):
    """Why a wait came to six weeks, in the words a review uses."""

    CAPACITY = "CAPACITY", "No place or appointment free"
    FUNDING = "FUNDING", "Waiting for funding to be agreed"
    ASSESSMENT = "ASSESSMENT", "Waiting for an assessment or a decision elsewhere"
    CLIENT = "CLIENT", "The client chose to wait or did not attend"
    CUSTODY = "CUSTODY", "The client was in custody or in hospital"
    RECORD = "RECORD", "The record is wrong and will be corrected"
    OTHER = "OTHER", "Something else, said in the action"


class AreaKind(TextChoices):
    """What a figure is about."""

    ENGLAND = "england", "England"
    REGION = "region", "Region"
    PARTNERSHIP = "partnership", "Partnership"
    PROVIDER = "provider", "Provider"


class Grain(TextChoices):
    """How long the periods of a figure are: calendar months, financial quarters and years."""

    MONTH = "month", "Months"
    QUARTER = "quarter", "Quarters"
    YEAR = "year", "Financial years"


TOTAL = ""  # the breakdown of a cell that is not broken down
ENGLAND_CODE = "england"


class Bucket(TextChoices):
    """Where people are counted whose partnership of residence could not be told.

    They stand beside the partnerships, in no region, and are part of England and of the provider.
    """

    MISSING = "dat-missing", "Partnership of residence not given"
    UNKNOWN = "dat-unknown", "Partnership of residence not known"
    OUTSIDE = "dat-outside", "Outside England or no fixed partnership"


class RefreshKind(TextChoices):
    EVERYTHING = "EVERYTHING", "Everything"
    TOUCHED = "TOUCHED", "What a return touched"


class ForecastBasis(TextChoices):
    """What the forecast of a plan's money rests on."""

    PLAN = "PLAN", "As planned: too early to tell"
    RUN_RATE = "RUN_RATE", "Spending so far goes on"
    PROMISED = "PROMISED", "What is promised is paid"
    YEAR_OVER = "YEAR_OVER", "The year is over"
