"""A link: what an agency offers, to whom, and how to refer."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from aftercare.choices import LinkKind
from aftercare.models import AftercareLink, PartnerAgency
from aftercare.services.links import LinkWords
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from providers.models import Service

_FIELDS = ("kind", "offers", "how_to_refer", "agreement", "agreed_on")


class LinkForm(RevisedForm):
    """What a link says. Whose agency and which service it is are settled when it is agreed."""

    kind = forms.ChoiceField(
        label="Kind of link", choices=[("", "Choose a kind"), *LinkKind.choices]
    )
    offers = forms.CharField(
        label="Offer", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    how_to_refer = forms.CharField(
        label="Way to refer", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    agreement = forms.CharField(
        label="Agreement (optional)",
        max_length=300,
        required=False,
        help_text="What was agreed, between whom, and where it is written.",
    )
    agreed_on = DayField(label="Agreed on")
    file = forms.FileField(
        label="Document (optional)",
        required=False,
        help_text="The agreement itself, at most 10 MB. A new one takes the place of the old.",
    )

    def __init__(
        self,
        *args: Any,
        on: dt.date,
        link: AftercareLink | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, revision=link.revision if link else 0, **kwargs)
        self.fields["agreed_on"].initial = on
        for name in _FIELDS if link else ():
            self.fields[name].initial = getattr(link, name)

    def words(self) -> LinkWords:
        given = {name: self.cleaned_data[name] for name in _FIELDS}
        return LinkWords(
            **given | {"kind": LinkKind(given["kind"])}, file=self.cleaned_data["file"]
        )


class NewLinkForm(LinkForm):
    """A link with its agency, and for a provider its service."""

    partner: Any = forms.ModelChoiceField(
        label="Partner agency", queryset=None, to_field_name="slug", empty_label="Choose an agency"
    )
    service: Any = forms.ModelChoiceField(
        label="Service",
        help_text="The link is for whoever leaves it.",
        queryset=None,
        to_field_name="slug",
        empty_label="Choose a service",
    )

    def __init__(
        self,
        *args: Any,
        partners: QuerySet[PartnerAgency],
        services: QuerySet[Service] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]
        if services is None:
            del self.fields["service"]
        else:
            self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.order_fields(["partner", "service", *_FIELDS, "file", "revision"])
