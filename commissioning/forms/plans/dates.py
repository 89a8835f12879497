"""The days on which the steps of a plan are due."""

from typing import Any

from commissioning.choices import PlanStep
from commissioning.forms.base import SayingForm
from commissioning.forms.saying import DayField


class DatesForm(SayingForm):
    """A day for each step, or none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step in PlanStep:
            self.fields[step.value] = DayField(label=f"{step.label} (optional)", required=False)
