"""Declaring that a check holds, or giving the reason why it does not."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from commissioning.checks import Answer, Check
from commissioning.forms.plans.revised import RevisedForm
from commissioning.models import Document

HOLDS, NOT = "holds", "not"


class DeclarationForm(RevisedForm):
    """The grounds, what of the check holds where that is asked, and a document."""

    holds = forms.ChoiceField(
        label="Does it hold",
        choices=[(HOLDS, "It holds"), (NOT, "It does not hold yet")],
        widget=forms.RadioSelect,
    )
    items = forms.MultipleChoiceField(
        label="What holds", required=False, widget=forms.CheckboxSelectMultiple
    )
    grounds = forms.CharField(
        label="Grounds", max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    document: "forms.ModelChoiceField[Document]" = forms.ModelChoiceField(
        label="Document (optional)", queryset=None, required=False, empty_label="None"
    )

    def __init__(self, *args: Any, check: Check, kept: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holds"].error_messages["required"] = "Choose whether it holds"
        cast(Any, self.fields["document"]).queryset = kept
        if check.asks:
            cast(Any, self.fields["items"]).choices = check.asks
        else:
            del self.fields["items"]
        if check.answer is not Answer.DECLARE:
            del self.fields["holds"]
            self.fields["grounds"].label = "Reason why the plan does not keep it"
            self.fields["grounds"].error_messages["required"] = "Enter the reason"

    @property
    def declares(self) -> bool:
        """Whether it is declared to hold."""
        return self.cleaned_data.get("holds") == HOLDS
