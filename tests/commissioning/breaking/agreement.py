"""Versions, amendments, comments and the days plans are due."""

import datetime as dt

from commissioning.models import Amendment, DueDate, PlanComment, PlanVersion
from tests.architecture.constraints import again
from tests.factories.commissioning import RegionFactory, UserFactory
from tests.factories.plans import PlanFactory


def version(**words):
    given = {"plan": PlanFactory(), "number": 1, "reason": "SUBMITTED", "content": {}}
    return PlanVersion.objects.create(**given | words)


def amendment(**words):
    given = {"plan": PlanFactory(), "number": 1, "reason": "A clinic opens late."}
    return Amendment.objects.create(**given | words)


def comment(**words):
    given = {"plan": PlanFactory(), "section": "MONEY", "text": "Why?", "made_by": UserFactory()}
    return PlanComment.objects.create(**given | words)


def due(**words):
    given = {
        "organisation": RegionFactory(),
        "year": 2006,
        "step": "SUBMITTED",
        "on": dt.date(2006, 5, 31),
    }
    return DueDate.objects.create(**given | words)


BREAKING = {
    "version_has_a_number": lambda: again(version()),
    "version_reason_is_known": lambda: version(reason="LOST"),
    "version_is_frozen": lambda: PlanVersion.objects.filter(pk=version().pk).update(number=2),
    "amendment_has_a_number": lambda: again(amendment(state="AGREED")),
    "plan_has_one_amendment_in_hand": lambda: again(amendment(), number=2, state="SUBMITTED"),
    "amendment_state_is_known": lambda: amendment(state="LOST"),
    "amendment_has_a_reason": lambda: amendment(reason=""),
    "comment_section_is_known": lambda: comment(section="WEATHER"),
    "comment_says_something": lambda: comment(text=""),
    "step_is_due_once_a_year": lambda: again(due()),
    "due_step_is_known": lambda: due(step="LOST"),
}
