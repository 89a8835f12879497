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
