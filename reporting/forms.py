"""What is said about a wait of six weeks or longer."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from commissioning.forms.base import SayingForm
from commissioning.models import User
from reporting.choices import LongWaitCause
from reporting.models import LongWait

NO_IDENTITY = "Write nothing that could tell who the client is."
LONGEST = 2000


class _AboutAWait(SayingForm):
    """Cause and action, on top of the review as it was when the page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    cause = forms.ChoiceField(choices=[("", "Choose a cause"), *LongWaitCause.choices])
    action = forms.CharField(
        label="Action (optional)",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=LONGEST,
        help_text=f"What is done so that nobody else waits as long. {NO_IDENTITY}",
    )

    def __init__(self, *args: Any, wait: LongWait, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "version": wait.version,
            "cause": wait.cause,
            "action": wait.action,
            **kwargs["initial"],
        }
        super().__init__(*args, **kwargs)


class ReviewForm(_AboutAWait):
    """Who looks after the wait, why it came about and what is being done."""

    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label="Nobody yet",
        help_text="Somebody of the partnership who sees the review through.",
    )
    cause = forms.ChoiceField(
        choices=[("", "Not known yet"), *LongWaitCause.choices], required=False
    )

    field_order = ["owner", "cause", "action"]

    def __init__(self, *args: Any, people: QuerySet[User], wait: LongWait, **kwargs: Any) -> None:
        initial = {"owner": wait.owner.code if wait.owner else None}
        super().__init__(*args, wait=wait, initial=initial, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class CloseForm(_AboutAWait):
    """Why the wait came about and how it ended."""

    outcome = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        help_text=f"How the wait ended and what changed. {NO_IDENTITY}",
    )

    def __init__(self, *args: Any, wait: LongWait, **kwargs: Any) -> None:
        super().__init__(*args, wait=wait, **kwargs)
        self.fields["outcome"].initial = wait.outcome
