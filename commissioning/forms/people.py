"""Inviting people and giving them roles."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from commissioning.forms.base import SayingForm
from commissioning.forms.saying import DayField
from commissioning.models import Organisation
from commissioning.roles import Role

MOST = Decimal("9999999999.99")


class OrganisationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """An organisation, told apart by its kind and code."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.get_kind_display().lower()} {obj.code})"


class RoleForm(SayingForm):
    """A role in an organisation from a day, for some time."""

    organisation = OrganisationChoice(
        queryset=None, empty_label="Choose an organisation", to_field_name="pk"
    )
    role = forms.ChoiceField()
    from_on = DayField(
        label="First day", help_text="The first day on which the role is held, such as 15 2 2007."
    )
    until_on = DayField(
        label="Until (optional)",
        required=False,
        help_text="The first day on which it is no longer held. Empty: until it is ended.",
    )
    approval_limit = forms.DecimalField(
        label="Limit of a finance approver (optional)",
        required=False,
        min_value=Decimal(0),
        max_value=MOST,
        decimal_places=2,
        help_text="In pounds. Needed for a finance approver, empty for everyone else.",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        roles: Sequence[Role],
        on: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a role"),
            *((role.value, role.label) for role in roles),
        ]
        self.fields["from_on"].initial = on

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InvitationForm(RoleForm):
    """Somebody new, and the role they begin with."""

    email = forms.EmailField(
        label="E-mail address", help_text="A link to choose a password is sent here."
    )
    name = forms.CharField(max_length=150, help_text="As colleagues know them.")

    field_order = ["email", "name", "organisation", "role"]


class MembershipForm(SayingForm):
    """Until when a role is held, and an approver's limit."""

    until_on = DayField(
        label="Until (optional)",
        required=False,
        help_text="The first day on which it is no longer held. Empty: until it is ended.",
    )
    approval_limit = RoleForm.base_fields["approval_limit"]

    def __init__(self, *args: Any, has_limit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_limit:
            del self.fields["approval_limit"]


class ReasonForm(SayingForm):
    """Why: kept with the deed."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, help_text="Kept in the history."
    )
