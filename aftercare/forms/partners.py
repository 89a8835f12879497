"""Partner agencies, and the end of one."""

import datetime as dt
from typing import Any

from django import forms

from aftercare.models import PartnerAgency
from aftercare.services.partners import PartnerWords
from commissioning.forms.base import SayingForm
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField

_FIELDS = ("name", "telephone", "email", "address")


class PartnerForm(RevisedForm):
    """What is known of an agency."""

    name = forms.CharField(max_length=160)
    telephone = forms.CharField(label="Telephone (optional)", max_length=30, required=False)
    email = forms.EmailField(label="E-mail (optional)", max_length=254, required=False)
    address = forms.CharField(label="Address (optional)", max_length=300, required=False)

    def __init__(self, *args: Any, partner: PartnerAgency | None = None, **kwargs: Any) -> None:
        super().__init__(*args, revision=partner.revision if partner else 0, **kwargs)
        for name in _FIELDS if partner else ():
            self.fields[name].initial = getattr(partner, name)

    def words(self) -> PartnerWords:
        return PartnerWords(**{name: self.cleaned_data[name] for name in _FIELDS})


class EndForm(SayingForm):
    """From when on it holds no longer, and why."""

    on = DayField(label="First day without it")
    reason = forms.CharField(max_length=300)

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = on
