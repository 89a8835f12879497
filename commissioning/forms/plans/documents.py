"""A document the plan hangs together with."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from commissioning.choices import DocumentRole
from commissioning.forms.plans.revised import RevisedForm
from commissioning.models import Document


class DocumentLinkForm(RevisedForm):
    """What it is called, what it is to the plan, and where it is."""

    role = forms.ChoiceField(
        label="What it is", choices=[("", "Choose what it is"), *DocumentRole.choices]
    )
    title = forms.CharField(label="Title", max_length=200)
    where = forms.CharField(
        label="Where it is kept (optional)",
        required=False,
        max_length=300,
        help_text="An address or an office, when it is not kept in this service.",
    )
    document: "forms.ModelChoiceField[Document]" = forms.ModelChoiceField(
        label="Kept here (optional)", queryset=None, required=False, empty_label="Not kept here"
    )
    note = forms.CharField(
        label="Note (optional)", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, kept: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["document"]).queryset = kept

    def clean_role(self) -> DocumentRole:
        return DocumentRole(self.cleaned_data["role"])
